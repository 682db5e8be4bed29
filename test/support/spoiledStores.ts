import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { root, whenOver } from "./environment.ts";
import { randomFrom, type Random } from "./random.ts";
import type { Told } from "./readEverything.ts";

// Spoiled stores are read in a process of their own, as in the editor: what crashes or hangs there is seen from here.

/** ms of CPU for one read; ms of the clock for all of a store's. */
const SLOW = 1_000;
const PATIENCE = 60_000;
const MOST_FAULTS = 20;

export interface Spoiled {
  cases: number;
  results: number;
  errors: number;
  /** ms of CPU of the slowest read. */
  slowest: number;
  /** One line each: seed, what was done, what was wrong. */
  faults: string[];
}

interface Reader {
  child: ChildProcess;
  lines: Interface;
  ended: Promise<unknown>;
}

function startReader(): Reader {
  const child = spawn(process.execPath, [join(root, "test/support/readEverything.ts"), "--lines"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  whenOver(() => child.kill("SIGKILL"));
  child.stdin.on("error", () => undefined);
  return { child, lines: createInterface({ input: child.stdout }), ended: once(child, "exit") };
}

/**
 * Reads `total` stores that `spoil` makes, each from its own seed; `spoil` gives the store's URI and how it was spoiled.
 * Collects some faults instead of stopping at the first.
 */
export async function readSpoiled(
  folder: string,
  total: number,
  seed: number,
  spoil: (folder: string, random: Random) => { uri: string; how: string },
  progress: (done: number) => void = () => undefined,
): Promise<Spoiled> {
  const counted: Spoiled = { cases: 0, results: 0, errors: 0, slowest: 0, faults: [] };
  let reader = startReader();
  for (let index = 0; index < total; index++) {
    const place = join(folder, "case");
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
    const { uri, how } = spoil(place, randomFrom(seed + index));
    const name = `seed ${seed + index} (${how})`;
    const told = await ask(reader, uri);
    counted.cases += 1;
    if (typeof told === "string") {
      counted.faults.push(`${name}: the process ${told}`);
      reader = startReader();
      continue;
    }
    counted.results += told.results;
    counted.errors += told.errors;
    const [read, took] = told.slowest;
    counted.slowest = Math.max(counted.slowest, took);
    if (took > SLOW) counted.faults.push(`${name}: ${read} took ${took} ms of CPU`);
    for (const fault of told.faults) counted.faults.push(`${name}: ${fault}`);
    progress(index + 1);
    if (counted.faults.length >= MOST_FAULTS) break;
  }
  reader.child.kill("SIGKILL");
  await reader.ended;
  return counted;
}

/** What the reader told, or how it ended. */
async function ask({ child, lines, ended }: Reader, uri: string): Promise<Told | string> {
  const answered = once(lines, "line");
  child.stdin?.write(`${uri}\n`);
  const { promise: late, resolve: giveUp } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => giveUp("late"), PATIENCE);
  const outcome = await Promise.race([answered, ended.then(() => "ended" as const), late]);
  clearTimeout(timer);
  if (outcome === "ended") return `ended: ${child.exitCode ?? child.signalCode}`;
  if (outcome === "late") {
    child.kill("SIGKILL");
    return `did not answer for ${PATIENCE} ms`;
  }
  // The border: a line of readEverything.ts.
  return JSON.parse(String(outcome[0])) as Told;
}

/** Fails with the first faults. */
export function assertUnhurt({ faults, cases }: Spoiled): void {
  assert.equal(faults.length, 0, `${faults.length} faults in ${cases} stores:\n${faults.slice(0, 10).join("\n")}`);
}
