// A program that opens the stores it is told of, asks them everything and says what was no answer. Lines of JSON both ways.
import { createInterface } from "node:readline";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { openStore } from "../../src/store/open.ts";
import type { PrintedPart } from "../../src/store/printedReads.ts";
import type { Store } from "../../src/store/store.ts";
import { type Base, withoutTraces, WRITES } from "../store/writeOperations.ts";
import { type Found, PAGE, PRINTED, type Question, questions } from "./questions.ts";
import { randomFrom } from "./random.ts";

/** A store to be asked. */
export interface Asked {
  uri: string;
  /** What it held before it was spoiled. */
  base: Base;
  /** Which questions are left out, and what is written, follows from it. */
  seed: number;
  /** Of all questions, in (0, 1]. */
  share: number;
}

export interface Told {
  /** What failed otherwise than with an MlflowError: where and with which stack. */
  faults: string[];
  /** Answers that were results, and that were MlflowErrors. */
  results: number;
  errors: number;
  /** Writes that were done, among the results. */
  written: number;
  /** Answers that may have taken more than a second of CPU. */
  slow: string[];
  /** The slowest of them, in ms of the clock. */
  slowest: [name: string, milliseconds: number];
}

/** Stands in files outside of a store, which a link in it may lead to. */
export const SECRET = "canary-that-no-answer-has";

/** ms of CPU for one answer. */
const SLOW = 1_000;
/** Of each store that is asked everything. */
const MOST_WRITES = 3;

/** Asks a store what there is to ask, or a share of that, and then writes to it. */
export async function readEverything({ uri, base, seed, share }: Asked): Promise<Told> {
  const told: Told = { faults: [], results: 0, errors: 0, written: 0, slow: [], slowest: ["", 0] };
  const random = randomFrom(seed);
  const isAsked = () => share >= 1 || random.next() < share;
  const tell = (name: string, error: unknown) =>
    told.faults.push(`${name}: ${error instanceof Error ? error.stack : "?"}`);
  const begunCpu = process.cpuUsage();
  const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    const begun = performance.now();
    try {
      const result = await work();
      // What cannot be sent is no answer.
      structuredClone(result);
      if (JSON.stringify(result)?.includes(SECRET) === true) tell(name, new Error("What lies outside was read."));
      told.results += 1;
      return result;
    } catch (error) {
      if (!(error instanceof MlflowError)) tell(name, error);
      else if (error.error_code === "INTERNAL_ERROR") tell(name, error);
      told.errors += 1;
      return undefined;
    } finally {
      const took = performance.now() - begun;
      if (took > told.slowest[1]) told.slowest = [name, took];
      // To ask for the CPU time costs more than most answers: only where the clock says that one may have been slow.
      if (took > SLOW) {
        const { user, system } = process.cpuUsage(begunCpu);
        const most = (user + system) / 1_000;
        if (most > SLOW) told.slow.push(`${name} took ${took.toFixed(0)} ms, all until then ${most} ms of CPU`);
      }
    }
  };
  const failed = (error: unknown) => tell("outside of any call", error);
  process.on("uncaughtException", failed);
  let store: Store | undefined;
  try {
    store = openStore(uri, { lockWait: 0 });
    const opened = store;
    await timed("status", () => void opened.status());
    if (isAsked()) await timed("onChange", () => void opened.onChange(() => undefined));
    const call = (name: string, query: object) => {
      const method: unknown = Reflect.get(opened, name);
      return typeof method === "function" ? Reflect.apply(method, opened, [query]) : undefined;
    };
    const ask = ([name, query]: Question) =>
      timed(name, () => (PRINTED.has(name) ? printed(opened, call(name, query)) : call(name, query)));
    const ids = isAsked() ? await findIds(ask, base) : idsOf(base);
    for (const question of questions(ids)) if (isAsked()) await ask(question);
    const writes = Object.keys(WRITES).filter((name) => Reflect.has(opened, name));
    for (let i = share < 1 ? 1 : MOST_WRITES; i > 0; i--) {
      const name = random.pick(writes);
      const before = told.results;
      await timed(name, () => WRITES[name]?.(withoutTraces(opened), base));
      told.written += told.results - before;
    }
    // The watcher's own promises.
    await new Promise((next) => setImmediate(next));
  } catch (error) {
    tell("openStore", error);
  } finally {
    await timed("close", () => store?.close());
    process.off("uncaughtException", failed);
  }
  return told;
}

/** The whole answer that a store prints in parts, which must be JSON. */
async function printed(store: Store, first: Promise<PrintedPart | undefined> | undefined): Promise<unknown> {
  const texts: Uint8Array[] = [];
  let part = await first;
  while (part !== undefined) {
    texts.push(part.bytes);
    part = part.more === undefined ? undefined : await store.printedRest?.({ more: part.more });
  }
  // A replacement for a byte that is no text would hide it.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(texts));
  return text === "" ? undefined : JSON.parse(text);
}

function idsOf({ experiment_id, deletedExperiment, run_id, otherRun, deletedRun, model_id }: Base): Found {
  return {
    experiment_ids: ["0", "1", experiment_id, deletedExperiment],
    run_ids: [run_id, deletedRun, otherRun],
    models: [model_id],
    versions: ["1", "2"],
    traces: [],
  };
}

/** Ids as the spoiled store gives them. */
async function findIds(ask: (question: Question) => Promise<unknown>, base: Base): Promise<Found> {
  const found = async (
    question: Question,
    key: (item: Record<string, Record<string, unknown>>) => unknown,
  ): Promise<string[]> => {
    // The border: pages of whatever the spoiled store holds.
    const page = (await ask(question)) as { items: Record<string, Record<string, unknown>>[] } | undefined;
    return (page?.items ?? []).map(key).filter((id) => typeof id === "string");
  };
  const experiments = await found(
    ["searchExperiments", { view_type: "ALL", ...PAGE }],
    ({ experiment_id }) => experiment_id,
  );
  const scope = { experiment_ids: ["0", "1", ...experiments], ...PAGE };
  const run_ids = await found(["searchRuns", { ...scope, run_view_type: "ALL" }], ({ info }) => info?.["run_id"]);
  return {
    experiment_ids: scope.experiment_ids,
    run_ids: run_ids.length === 0 ? [base.run_id] : run_ids,
    models: await found(["searchLoggedModels", scope], ({ info }) => info?.["model_id"]),
    versions: await found(["searchModelVersions", PAGE], ({ version }) => version),
    traces: await found(["searchTraces", scope], ({ trace_id }) => trace_id),
  };
}

if (process.argv[2] === "--lines") {
  for await (const line of createInterface({ input: process.stdin })) {
    // The border: a line of spoiledStores.ts.
    process.stdout.write(`${JSON.stringify(await readEverything(JSON.parse(line) as Asked))}\n`);
  }
}
