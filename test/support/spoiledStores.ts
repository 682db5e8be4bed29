import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Base } from "../store/writeOperations.ts";
import { root, whenOver } from "./environment.ts";
import { randomFrom, type Random } from "./random.ts";
import type { Asked, Told } from "./readEverything.ts";

// Spoiled stores are read in a process of their own, as in the editor: what crashes or hangs there is seen from here.

/** ms of the clock for all reads of a store. */
const PATIENCE = 60_000;
const MOST_FAULTS = 20;

export interface Spoiled {
  cases: number;
  results: number;
  errors: number;
  /** Writes that were done. */
  written: number;
  /** ms of the clock of the slowest read or write. */
  slowest: number;
  /** One line each: seed, what was done, what was wrong. */
  faults: string[];
}

export interface Spoiling {
  /** Where the stores are made, one after another. */
  folder: string;
  total: number;
  /** Of the first store; each has its own. */
  seed: number;
  /** What the stores held before. */
  base: Base;
  /** Of all questions, those that each store is asked; absent: all. */
  share?: number;
  /** Makes a store; gives its URI and how it was spoiled. */
  spoil: (folder: string, random: Random) => { uri: string; how: string };
  /** What is wrong in that place after the store was asked; absent: nothing. */
  complaint?: (folder: string) => string | undefined;
  progress?: (done: number) => void;
  /** Faults after which it stops, and who hears of each; absent: 20, and none. */
  most?: number;
  heard?: (fault: string) => void;
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

/** Makes spoiled stores and asks each. Collects some faults instead of stopping at the first. */
export async function readSpoiled(spoiling: Spoiling): Promise<Spoiled> {
  const { folder, total, seed: first, base, share = 1, spoil, progress, most = MOST_FAULTS, heard } = spoiling;
  const counted: Spoiled = { cases: 0, results: 0, errors: 0, written: 0, slowest: 0, faults: [] };
  let reader = startReader();
  for (let index = 0; index < total; index++) {
    const seed = first + index;
    const place = join(folder, "case");
    const made = () => {
      rmSync(place, { recursive: true, force: true });
      mkdirSync(place);
      return spoil(place, randomFrom(seed));
    };
    const { uri, how } = made();
    const name = `seed ${seed} (${how})`;
    const noteFault = (fault: string) => {
      counted.faults.push(`${name}: ${fault}`);
      heard?.(`${name}: ${fault}`);
    };
    let told = await ask(reader, { uri, base, seed, share });
    if (typeof told !== "string" && told.slow.length > 0) {
      // A machine that stood still for a while counts that as CPU time, too: what is slow is slow the next time.
      made();
      told = await ask(reader, { uri, base, seed, share });
    }
    counted.cases += 1;
    if (typeof told === "string") {
      noteFault(`the process ${told}`);
      reader = startReader();
      continue;
    }
    counted.results += told.results;
    counted.errors += told.errors;
    counted.written += told.written;
    counted.slowest = Math.max(counted.slowest, told.slowest[1]);
    for (const fault of [...told.slow, ...told.faults]) noteFault(fault);
    const complaint = spoiling.complaint?.(place);
    if (complaint !== undefined) noteFault(complaint);
    progress?.(index + 1);
    if (counted.faults.length >= most) break;
  }
  reader.child.kill("SIGKILL");
  await reader.ended;
  return counted;
}

/** What the reader told, or how it ended. */
async function ask({ child, lines, ended }: Reader, asked: Asked): Promise<Told | string> {
  const answered = once(lines, "line");
  child.stdin?.write(`${JSON.stringify(asked)}\n`);
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

/** For the log of the long suite. */
export function countsOf({ cases, results, errors, written, slowest, faults }: Spoiled): string {
  return `${cases} spoiled, ${results} answers (${written} of them writes), ${errors} refusals, slowest ${slowest.toFixed(0)} ms, ${faults.length} faults`;
}

/** Fails with the first faults. */
export function assertUnhurt({ faults, cases }: Spoiled): void {
  assert.equal(faults.length, 0, `${faults.length} faults in ${cases} stores:\n${faults.slice(0, 10).join("\n")}`);
}
