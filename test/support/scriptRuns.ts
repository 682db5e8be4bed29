import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parsePython } from "../../src/language/python/parse.ts";
import { ScriptReader } from "../../src/language/python/reader.ts";
import { checkArguments } from "../../src/language/python/arguments.ts";
import type { ArgumentProblem } from "../../src/language/python/argumentValues.ts";
import type { Random } from "./random.ts";
import { root } from "./environment.ts";

/** Scripts of every framework, as people write them. */
export const SCRIPTS = join(root, "test/language/fixtures/scripts");

/** Scripts written in less usual ways: what is not understood of them is no matter, what is told must be true. */
export const TRICKY_SCRIPTS = join(root, "test/language/fixtures/tricky");

const MODULES_OF_SCRIPTS = ["options"];

export interface Run {
  script: string;
  words: string[];
}

/** Runs each with the real Python: exit status, and the end of what it said. */
export async function runScripts(
  python: string,
  runs: readonly Run[],
  folder = SCRIPTS,
): Promise<Array<[code: number, said: string]>> {
  const child = spawn(python, [join(root, "test/conformance/python/runScripts.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const pairs = runs.map(({ script, words }) => [script, words]);
  child.stdin.end(JSON.stringify({ folder, runs: pairs, local: MODULES_OF_SCRIPTS }));
  const answer: unknown = JSON.parse(await text(child.stdout));
  return readAnswer(answer);
}

function readAnswer(answer: unknown): Array<[number, string]> {
  if (!Array.isArray(answer)) throw new Error("runScripts.py printed no list");
  return answer.map((one: unknown) => {
    const [code, said] = Array.isArray(one) ? (one as unknown[]) : [];
    if (typeof code !== "number" || typeof said !== "string") throw new Error("runScripts.py printed another thing");
    return [code, said];
  });
}

/** Reads scripts of a folder. */
export function readerOf(folder = SCRIPTS): ScriptReader {
  return new ScriptReader(parsePython, (path) => {
    const file = join(folder, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
}

/** What we say of a run. */
export function problemsOfRun(reader: ScriptReader, { script, words }: Run): ArgumentProblem[] {
  const taken = reader.interfaceOf(script, ["."]);
  if (taken === undefined) throw new Error(`${script} is not understood`);
  return checkArguments(
    taken,
    words.map((word) => ({ text: word, start: word, splits: false })),
  );
}

/** A list of words that may or may not suit: a good one, changed up to three times. */
export function changedWords(good: readonly string[], vocabulary: readonly string[], random: Random): string[] {
  const words = [...good];
  for (let count = random.below(4); count > 0; count -= 1) {
    const at = random.below(words.length + 1);
    const kind = random.below(4);
    if (kind === 0) words.splice(at, 1);
    else if (kind === 1) words.splice(at, 1, random.pick(vocabulary));
    else if (kind === 2) words.splice(at, 0, random.pick(vocabulary));
    else words.splice(at, 0, random.pick(vocabulary), random.pick(vocabulary));
  }
  return words;
}
