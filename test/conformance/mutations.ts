// Seeded mutations of MLproject files: what a person mistypes, moves, wraps or pastes.

/** Numbers from 0 below `limit`, the same for the same seed. */
export type Random = (limit: number) => number;

/** @param seed any 32-bit integer */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** A text with one to three mutations. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let count = 1 + random(3); count > 0; count -= 1) mutated = pick(MUTATIONS, random)(mutated, random);
  return mutated;
}

type Mutation = (text: string, random: Random) => string;

const SCRAPS = [
  ..."{}[]'\":,#|>&*!?%@`~-=.\n\t\r\\",
  ...["  ", "- ", ": ", " #", "''", "{{", "}}", "---\n", "...\n", "&a ", "*a", "<<: ", "!!str ", "!!int ", "!x ", "? "],
  ...[
    "\n\n",
    "\r\n",
    "\\n",
    "\\x41",
    "\\q",
    "é",
    "\u00A0",
    "\u2028",
    "\u0085",
    "\u0007",
    "😀",
    "\uFEFF",
    "%YAML 1.2\n",
  ],
];

const VALUES = [
  ...[
    "1e-5",
    "1.0e-5",
    "1.",
    ".5",
    "-.5",
    "+1",
    "010",
    "0o10",
    "0x1F",
    "1_000",
    "1:30",
    "1:30.5",
    "0b11",
    "08",
    "-0",
    "1e400",
  ],
  ...[
    "yes",
    "No",
    "on",
    "y",
    "~",
    "null",
    "None",
    "''",
    '""',
    ".inf",
    "-.inf",
    ".nan",
    "=",
    "<<",
    "2020-01-01",
    "2020-1-1",
  ],
  ...[
    "2020-01-01 10:00:00",
    "2020-01-01T10:00:00.25Z",
    "2020-02-30",
    "[1, 2.50, yes]",
    "{a: 1, b: [x]}",
    "[]",
    "{}",
    "[a",
    "{a: b",
  ],
  ...[
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "'it''s'",
    '"a\\tb\\u00e9"',
    '"a\\',
    "'a",
    "!!str 5",
    "!!float 1e-5",
    "!!int '5'",
    "!!binary aGk=",
  ],
  ...[
    "|\n          a {b}\n",
    ">-\n          a\n          b\n",
    "|2\n      x\n",
    "&x 5",
    "*x",
    "@a",
    "`a`",
    "%a",
    "- a",
    "-a",
    "?a",
    "a, b",
    "a\tb",
  ],
];

const lineMutations: ((lines: string[], at: number, random: Random) => void)[] = [
  (lines, at) => lines.splice(at, 1),
  (lines, at) => lines.splice(at, 0, lines[at] ?? ""),
  (lines, at) => lines.splice(at, 2, lines[at + 1] ?? "", lines[at] ?? ""),
  (lines, at, random) => (lines[at] = " ".repeat(1 + random(4)) + (lines[at] ?? "")),
  (lines, at, random) => (lines[at] = (lines[at] ?? "").replace(new RegExp(`^ {1,${1 + random(4)}}`), "")),
  (lines, at) => (lines[at] = (lines[at] ?? "").replace(/^( *)/, "$1\t")),
  (lines, at) => (lines[at] = (lines[at] ?? "").trimStart()),
  (lines, at, random) =>
    lines.splice(at, 0, pick(["", "# a comment", "  # 'a", "\t", "- a", "b", "b:", "  b: 1"], random)),
  (lines, at, random) => (lines[at] = (lines[at] ?? "").replace(/: .*$/, `: ${pick(VALUES, random)}`)),
  (lines, at, random) =>
    (lines[at] = (lines[at] ?? "").replace(/default: *[^,}\n]*/, `default: ${pick(VALUES, random)}`)),
  (lines, at, random) =>
    (lines[at] = (lines[at] ?? "").replace(
      /(\S[^:]*):/,
      (_, key: string) => `${pick(VALUES, random)}${random(2) === 0 ? key : ""}:`,
    )),
  (lines, at) => (lines[at] = (lines[at] ?? "").replace(/: +(.*)$/, ":$1")),
  (lines, at) => (lines[at] = (lines[at] ?? "").replace(/: +([^|>"'{[].*)$/, (_, value: string) => `: "${value}"`)),
  (lines, at) => (lines[at] = (lines[at] ?? "").replace(/: +([^|>"'{[].*)$/, (_, value: string) => `: '${value}'`)),
  (lines, at) => (lines[at] = `${lines[at] ?? ""} # why`),
  (lines, at) => (lines[at] = `${lines[at] ?? ""}#why`),
];

const MUTATIONS: readonly Mutation[] = [
  (text, random) => insert(text, random(text.length + 1), pick(SCRAPS, random)),
  (text, random) => cut(text, random(text.length + 1), 1 + random(3)),
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => (random(2) === 0 ? text.replaceAll(/\r?\n/g, "\r\n") : text.trimEnd()),
  // A line break with any indentation where a space was: under-indented continuations of quotes, brackets and plain texts.
  ...[0, 1, 2].map((): Mutation => (text, random) => breakAt(text, /(?<=\S) (?=\S)/g, random)),
  (text, random) => breakAt(text, /(?<=[{[,'"]) ?(?=\S)| ?(?=[}\]'"])/g, random),
  ...lineMutations.map(
    (change): Mutation =>
      (text, random) => {
        const lines = text.split("\n");
        change(lines, random(lines.length), random);
        return lines.join("\n");
      },
  ),
];

function breakAt(text: string, place: RegExp, random: Random): string {
  const places = [...text.matchAll(place)];
  const found = places[random(Math.max(1, places.length))];
  if (found === undefined) return text;
  return insert(cut(text, found.index, found[0].length), found.index, `\n${" ".repeat(random(9))}`);
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

function cut(text: string, at: number, length: number): string {
  return text.slice(0, at) + text.slice(at + length);
}

function pick<T>(from: readonly T[], random: Random): T {
  const picked = from[random(from.length)];
  if (picked === undefined) throw new RangeError("There is nothing to pick from.");
  return picked;
}
