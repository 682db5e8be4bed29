import { SUBJECTS } from "../../../../mlflow/filter/subjects.ts";
import { type Token, tokenize } from "../../../../mlflow/filter/tokens.ts";
import type { KeyFacts, RunKeys } from "../../../../protocol/runs.ts";
import { countOf, formatValue } from "../../../ui/format.ts";
import { quotedKey } from "../../../../mlflow/filter/write.ts";

// What may stand where the cursor is in a filter.

export interface Completion {
  /** What is shown; the part from `match[0]` to `match[1]` is what was typed. */
  label: string;
  match?: [number, number];
  /** Range and how many runs have it. */
  detail: string;
  icon: string;
  /** What is put in. */
  insert: string;
}

export interface Completions {
  /** What of the text is replaced. */
  from: number;
  to: number;
  items: Completion[];
  /** What all of them are, such as `14 metrics`. */
  all: string;
}

/** More than these are found by typing on. */
const MOST = 50;
const ROOMS = ["metrics", "params", "tags", "attributes", "datasets"] as const;
type Room = (typeof ROOMS)[number];

const OPERATORS: Readonly<Record<"number" | "text" | "nullable" | "list", readonly string[]>> = {
  number: [">", ">=", "<", "<=", "=", "!="],
  text: ["=", "!=", "LIKE", "ILIKE"],
  nullable: ["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"],
  list: ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"],
};
const STATUSES = ["FINISHED", "RUNNING", "FAILED", "KILLED", "SCHEDULED"];
const NO_COMPLETIONS = { items: [], all: "" };

/** `mayOr`: the store knows OR and parentheses. */
export function completionsAt(text: string, caret: number, keys: RunKeys, mayOr: boolean): Completions {
  const before = text.slice(0, caret);
  const quote = unclosed(before) ? before.lastIndexOf("'") : -1;
  if (quote >= 0) {
    const inside = wanted(bareTokens(before.slice(0, quote)));
    const items = inside.kind === "value" ? valueItems(inside.subject, before.slice(quote + 1), keys) : NO_COMPLETIONS;
    return { from: quote, to: caret, ...items };
  }
  const tokens = bareTokens(before);
  const last = tokens.at(-1);
  // What the cursor touches is still being written.
  const writing = last !== undefined && last.end === caret && !/[()\s]$/.test(before) ? last : undefined;
  const done = writing === undefined ? tokens : tokens.slice(0, -1);
  const typed = writing?.text ?? "";
  const here = { from: writing?.start ?? caret, to: caret };
  const want = wanted(done);
  switch (want.kind) {
    case "key":
      return { ...here, ...keyItems(typed, keys) };
    case "operator":
      return { ...here, ...operatorItems(want.subject, typed) };
    case "value":
      return { ...here, ...valueItems(want.subject, typed.replaceAll(/^'|'$/g, ""), keys) };
    case "joining": {
      const words = mayOr ? ["AND", "OR"] : ["AND"];
      return { ...here, ...wordItems(words, typed, "symbol-keyword", "") };
    }
    default:
      return want satisfies never;
  }
}

function bareTokens(text: string): Token[] {
  return tokenize(text).filter(({ text: part }) => part !== "(" && part !== ")");
}

function unclosed(text: string): boolean {
  return (text.match(/'/g)?.length ?? 0) % 2 === 1;
}

type Wanted = { kind: "key" } | { kind: "joining" } | { kind: "operator" | "value"; subject: Subject };

interface Subject {
  room: Room;
  key: string;
}

/** By what stands before. */
function wanted(tokens: Token[]): Wanted {
  const [a, b] = [tokens.at(-2), tokens.at(-1)];
  if (b === undefined || /^(AND|OR)$/i.test(b.text)) return { kind: "key" };
  if (b.kind === "identifier") return { kind: "operator", subject: subjectOf(b.text) };
  const isOperator = b.kind === "comparator" || /^(IN|NOT|IS|LIKE|ILIKE)$/i.test(b.text);
  const named = tokens.findLast(({ kind }) => kind === "identifier");
  if (isOperator && named !== undefined && a !== undefined) return { kind: "value", subject: subjectOf(named.text) };
  // A list that is still open: another value.
  if (b.text === "," && named !== undefined) return { kind: "value", subject: subjectOf(named.text) };
  return { kind: "joining" };
}

const ALIASES: Readonly<Record<string, Room>> = {
  ...{ metric: "metrics", metrics: "metrics", param: "params", params: "params", parameter: "params" },
  ...{ parameters: "params", tag: "tags", tags: "tags", dataset: "datasets", datasets: "datasets" },
};

function subjectOf(identifier: string): Subject {
  const dot = identifier.indexOf(".");
  const key = identifier
    .slice(dot + 1)
    .trim()
    .replaceAll(/^[`"]|[`"]$/g, "");
  const room = dot < 0 ? "attributes" : (ALIASES[identifier.slice(0, dot).trim().toLowerCase()] ?? "attributes");
  return { room, key };
}

function keyItems(typed: string, keys: RunKeys): { items: Completion[]; all: string } {
  const dot = typed.indexOf(".");
  const room =
    dot < 0 ? undefined : (ALIASES[typed.slice(0, dot).toLowerCase()] ?? attributesRoom(typed.slice(0, dot)));
  if (room !== undefined) {
    const written = typed.slice(0, dot);
    const search = typed.slice(dot + 1).replaceAll(/^[`"]|[`"]$/g, "");
    const known = keysOf(room, keys);
    return {
      items: ranked(known, search).map((facts) => keyItem(written, room, facts, search)),
      all: countOf(known.length, nounOf(room)),
    };
  }
  // Without a room yet: the rooms, and keys of any that match.
  const rooms = ROOMS.filter((one) => one.startsWith(typed.toLowerCase())).map((one) => ({
    label: `${one}.`,
    match: [0, typed.length] as [number, number],
    detail: countOf(keysOf(one, keys).length, nounOf(one)),
    icon: ICONS[one],
    insert: `${one}.`,
  }));
  if (typed === "") return { items: rooms, all: "" };
  const found = ROOMS.flatMap((one) =>
    ranked(keysOf(one, keys), typed).map((facts) => keyItem(one, one, facts, typed)),
  );
  return { items: [...rooms, ...found].slice(0, MOST), all: "" };
}

function attributesRoom(word: string): Room | undefined {
  return /^(attributes?|attr|run)$/i.test(word) ? "attributes" : undefined;
}

const ICONS: Readonly<Record<Room, string>> = {
  ...{ metrics: "graph-line", params: "symbol-parameter", tags: "tag" },
  ...{ attributes: "symbol-field", datasets: "database" },
};

function nounOf(room: Room): string {
  return room.slice(0, -1);
}

function keysOf(room: Room, keys: RunKeys): KeyFacts[] {
  const plain = (names: readonly string[]) => names.map((key) => ({ key, runs: keys.runs, varies: true }));
  switch (room) {
    case "attributes":
      return plain(SUBJECTS.runs.attributes.filter((key) => /^[a-z_]+$/.test(key)));
    case "datasets":
      return plain(["name", "digest", "context"]);
    case "metrics":
    case "params":
    case "tags":
      return keys[room];
    default:
      return room satisfies never;
  }
}

/** What begins so first, then what holds it; system metrics and MLflow's tags last. */
function ranked(known: KeyFacts[], search: string): KeyFacts[] {
  const wanted = search.toLowerCase();
  const rank = ({ key }: KeyFacts) => {
    const at = key.toLowerCase().indexOf(wanted);
    return at < 0 ? -1 : (at === 0 ? 0 : 1) + (/^(system\/|mlflow\.)/.test(key) ? 2 : 0);
  };
  return known
    .map((facts) => ({ facts, at: rank(facts) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .slice(0, MOST)
    .map(({ facts }) => facts);
}

function keyItem(written: string, room: Room, facts: KeyFacts, search: string): Completion {
  const { key, range, values } = facts;
  const label = `${written}.${key}`;
  const at = search === "" ? -1 : label.toLowerCase().indexOf(search.toLowerCase(), written.length + 1);
  const told = range !== undefined ? rangeText(range) : (values?.slice(0, 3).join(", ") ?? "");
  const count = room === "attributes" || room === "datasets" ? "" : countOf(facts.runs, "run");
  return {
    label,
    ...(at < 0 ? {} : { match: [at, at + search.length] as [number, number] }),
    detail: [told, count].filter((part) => part !== "").join(" · "),
    icon: ICONS[room],
    insert: `${written}.${quotedKey(key)} `,
  };
}

export function rangeText({ min, max }: { min: number; max: number }): string {
  return min === max ? formatValue(min) : `${formatValue(min)} – ${formatValue(max)}`;
}

function operatorItems({ room, key }: Subject, typed: string): { items: Completion[]; all: string } {
  const numeric = room === "metrics" || SUBJECTS.runs.numericAttributes.includes(key);
  const nullable = room === "params" || room === "tags";
  const listed = room === "datasets" || key === "run_id";
  const words = OPERATORS[numeric ? "number" : nullable ? "nullable" : listed ? "list" : "text"];
  return wordItems(words, typed, "symbol-operator", "");
}

function wordItems(
  words: readonly string[],
  typed: string,
  icon: string,
  detail: string,
): { items: Completion[]; all: string } {
  const found = words.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()));
  const match: [number, number] = [0, typed.length];
  return { items: found.map((label) => ({ label, match, detail, icon, insert: `${label} ` })), all: "" };
}

function valueItems({ room, key }: Subject, search: string, keys: RunKeys): { items: Completion[]; all: string } {
  const facts =
    room === "params" || room === "tags" || room === "metrics" ? keys[room].find((one) => one.key === key) : undefined;
  if (room === "metrics") {
    if (facts?.range === undefined) return NO_COMPLETIONS;
    const { min, max } = facts.range;
    const ends =
      min === max
        ? [["least", min] as const]
        : ([
            ["least", min],
            ["greatest", max],
          ] as const);
    const items = ends.map(([detail, value]) => ({
      label: formatValue(value),
      detail,
      icon: "symbol-numeric",
      insert: `${value} `,
    }));
    return { items: search === "" ? items : [], all: "" };
  }
  const values =
    key === "status" && room === "attributes"
      ? STATUSES
      : room === "datasets"
        ? key === "name"
          ? keys.datasets
          : []
        : (facts?.values ?? []);
  const found = values.filter((value) => value.toLowerCase().includes(search.toLowerCase()) && !value.includes("'"));
  return {
    items: found.map((value) => ({ label: `'${value}'`, detail: "", icon: "symbol-string", insert: `'${value}' ` })),
    all: "",
  };
}
