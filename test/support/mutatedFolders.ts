import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Random } from "./random.ts";
import { SECRET } from "./readEverything.ts";

// `mlruns` folders as hostile people and broken disks make them. Nothing is listed or followed here once it is spoiled: only
// paths that were made here are touched, below the folder given, and links lead nowhere but into that folder.

/** A folder in memory: paths relative to it, with their bytes; undefined for a folder. */
export type Tree = ReadonlyMap<string, Buffer | undefined>;

/** Reads a folder that was just made and has no links. */
export function treeOf(root: string): Tree {
  const tree = new Map<string, Buffer | undefined>();
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path))) {
      const inner = join(path, name);
      const isFolder = lstatSync(join(root, inner)).isDirectory();
      tree.set(inner, isFolder ? undefined : readFileSync(join(root, inner)));
      if (isFolder) walk(inner);
    }
  };
  walk("");
  return tree;
}

/** Makes `mlruns` of the tree in `place`, spoils it and says how. Beside it lies what nobody may read. */
export function mutateFolder(tree: Tree, place: string, random: Random): string {
  const outside = join(place, "outside");
  for (const folder of ["", "tags", "metrics", "params"]) mkdirSync(join(outside, folder), { recursive: true });
  for (const file of ["canary", "tags/canary", "params/canary"]) writeFileSync(join(outside, file), SECRET);
  writeFileSync(join(outside, "meta.yaml"), `name: ${SECRET}\n`);
  const root = join(place, "mlruns");
  mkdirSync(root);
  const bytes = new Map(tree);
  let odd: [string, Odd][] = [];
  const told: string[] = [];
  const paths = [...tree.keys()];
  for (let times = 1 + random.below(4); times > 0; times--) {
    const path = random.pick(paths);
    const isFolder = tree.get(path) === undefined;
    // Never below what may be a link by then.
    if (odd.some(([other]) => path === other || path.startsWith(`${other}/`))) continue;
    odd = odd.filter(([other]) => !other.startsWith(`${path}/`));
    // What lies below something else is gone with it.
    for (const one of bytes.keys()) if (one === path || one.startsWith(`${path}/`)) bytes.delete(one);
    const how = random.below(10);
    if (how < 5 && !isFolder) {
      const [name, text] = spoiledText(path, tree.get(path) ?? Buffer.alloc(0), random);
      bytes.set(path, text);
      told.push(`${path}: ${name}`);
      continue;
    }
    const kind = random.pick(ODD);
    told.push(`${path}: ${kind}`);
    odd.push([path, kind]);
  }
  for (const [path, text] of bytes) {
    if (text === undefined) mkdirSync(join(root, path), { recursive: true });
    else writeFileSync(join(root, path), text);
  }
  for (const [path, kind] of odd) makeOdd({ root, outside }, path, kind);
  return told.join("; ");
}

/** What was changed outside of `mlruns`; undefined when nothing was. */
export function changedOutside(place: string): string | undefined {
  const outside = join(place, "outside");
  const names = readdirSync(outside, { recursive: true }).map(String).toSorted();
  const added = names.filter((name) => !OUTSIDE.includes(name) && !name.startsWith("pipe-"));
  const gone = OUTSIDE.filter((name) => !names.includes(name));
  const files = ["canary", "tags/canary", "params/canary"].filter((file) => !gone.includes(file));
  const changed = files.filter((file) => readFileSync(join(outside, file), "utf8") !== SECRET);
  if (added.length + gone.length + changed.length === 0) return undefined;
  return `outside, ${added.join()} came, ${gone.join()} went, ${changed.join()} changed`;
}

const OUTSIDE = ["canary", "meta.yaml", "metrics", "params", "params/canary", "tags", "tags/canary"];

const ODD = [
  ...["nothing", "empty file", "folder", "pipe", "pipe by a link", "cycle", "dangling", "ring"],
  ...["out to a file", "out to a folder", "out to tags", "deep", "odd names"],
] as const;
type Odd = (typeof ODD)[number];

/** Puts something else where a path was; no folder above it is a link. */
function makeOdd({ root, outside }: { root: string; outside: string }, path: string, kind: Odd): void {
  const target = join(root, path);
  if (lstatSync(dirname(target), { throwIfNoEntry: false })?.isDirectory() !== true) return;
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return;
  switch (kind) {
    case "nothing":
      return;
    case "empty file":
      return writeFileSync(target, "");
    case "folder":
      mkdirSync(join(target, "meta.yaml"), { recursive: true });
      return writeFileSync(join(target, "x"), "1 2 3\n");
    case "pipe":
      return void execFileSync("mkfifo", [target]);
    case "pipe by a link":
      execFileSync("mkfifo", [join(outside, `pipe-${path.replaceAll("/", "-")}`)]);
      return symlinkSync(join(outside, `pipe-${path.replaceAll("/", "-")}`), target);
    case "cycle":
      return symlinkSync("..", target);
    case "dangling":
      return symlinkSync("nowhere", target);
    case "ring":
      return symlinkSync(path.split("/").at(-1) ?? "ring", target);
    case "out to a file":
      return symlinkSync(join(outside, "canary"), target);
    case "out to a folder":
      return symlinkSync(outside, target);
    case "out to tags":
      return symlinkSync(join(outside, "tags"), target);
    case "deep": {
      const deep = join(target, "d/".repeat(300));
      mkdirSync(deep, { recursive: true });
      return writeFileSync(join(deep, "x"), "1 2 3\n");
    }
    case "odd names":
      mkdirSync(target);
      for (const name of ["a\nb", " ", "\u0007", "é".repeat(100), "-rf", "%2e%2e", "__proto__"])
        writeFileSync(join(target, name), "1 2 3\n");
      return writeFileSync(Buffer.concat([Buffer.from(`${target}/`), Buffer.from([0xff, 0xfe])]), "1 2 3\n");
    default:
      kind satisfies never;
  }
}

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefgh"
  .split("")
  .map((key, i) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${"abcdefgh"[i] ?? "a"}`).join(", ")}]\n`)
  .join("")}`;

function spoiledText(path: string, text: Buffer, random: Random): [string, Buffer] {
  const lines = text.toString("utf8").split("\n");
  const of = (name: string, made: string | Buffer): [string, Buffer] => [name, Buffer.from(made)];
  switch (random.below(path.includes("/metrics/") ? 10 : 14)) {
    case 0:
      return of("cut", text.subarray(0, random.below(text.length + 1)));
    case 1:
      return of("bytes", Buffer.from(Array.from({ length: random.below(3_000) }, () => random.below(256))));
    case 2: {
      const made = Buffer.from(text);
      for (let i = random.below(8); i >= 0; i--)
        if (made.length > 0) made[random.below(made.length)] = random.below(256);
      return of("some bytes", made);
    }
    case 3:
      return of("a long line", random.pick(["9", "x", " ", "1 ", "é", "\0"]).repeat(1_000_000));
    case 4:
      return of("many lines", `${random.pick(["1 2 3", "1 nan 3", "", "9", "k: v"])}\n`.repeat(100_000));
    case 5:
      return of(
        "huge numbers",
        "9".repeat(400).concat(" 1e999 ", "9".repeat(30), "\n1 2 99999999999999999999\n-1 -0 -1\n1 ٣ 3"),
      );
    case 6:
      return of("empty", "");
    case 7:
      return of("half a line", Buffer.concat([text, Buffer.from("1 0.")]));
    case 8:
      return of("Windows' ends", lines.join("\r\n"));
    case 9:
      return of("twice", Buffer.concat([text, text]));
    case 10:
      return of("a bomb", BOMB + text.toString("utf8"));
    case 11: {
      const value = random.pick([
        "[1, 2]",
        "{a: {b: c}}",
        "!!python/object:os.system x",
        "!!binary //79",
        "*a",
        "&a x",
        "~",
        ".inf",
        "0o17",
        "2001-01-01",
        "!!set {a, b}",
        "|\n  a\n  b",
        "-1e400",
        "yes",
        "'' x",
        "<<",
        "99999999999999999999999",
        '"\\ud800"',
      ]);
      const at = random.below(lines.length);
      return of(
        `a value ${value}`,
        lines.map((line, i) => (i === at ? line.replace(/:.*/, `: ${value}`) : line)).join("\n"),
      );
    }
    case 12:
      return of(
        "deep",
        `a: ${random.pick(["[", "{a: ", "- ", "? ", "!a ", "&a "]).repeat(random.pick([25, 150, 20_000]))}\n${text.toString("utf8")}`,
      );
    default:
      return of(
        "many keys",
        Array.from({ length: 30_000 }, (_, i) => `${random.pick(["k", "? k", "'k"])}${i}: x y: z`).join("\n"),
      );
  }
}
