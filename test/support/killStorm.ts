import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { root, shared, temporaryFolder, until } from "./environment.ts";
import { callServer, startServer, type TestServer } from "./server.ts";

// A storm of eight writers in which the server is killed at a random moment, again and again.

const WRITERS = 8;
const BATCH = 40;
/** ms of the storm before the kill, at most. */
const LONGEST = 400;

export type Database = "ours" | "python's";

export interface StormFigures {
  cycles: number;
  /** Writes that the server had acknowledged when it was killed. */
  acknowledged: number;
  /** ms from the start of the next server to the answer of its first search: clock, and its own CPU time. */
  ready: number[];
  readyCpu: number[];
}

/** Where a storm's database begins: none, or one that Python made, in rollback-journal mode. */
export function stormFolder(database: Database): string {
  const folder = temporaryFolder();
  if (database === "ours") return folder;
  const archive = shared("interop", "3.17.2", "sqlite.tar.gz");
  assert.ok(archive !== undefined, "the interop stores are there");
  execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=2"]);
  return folder;
}

/** Kills and looks `cycles` times; throws at the first acknowledged write that is lost and at the first half batch. */
export async function killStorm(folder: string, cycles: number, seed: number): Promise<StormFigures> {
  const path = join(folder, "mlflow.db");
  const random = randomFrom(seed);
  const figures: StormFigures = { cycles, acknowledged: 0, ready: [], readyCpu: [] };
  let server = await start(path);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const writers = await Promise.all(Array.from({ length: WRITERS }, (_, index) => newWriter(server.url, index)));
    const over = Promise.all(writers.map((writer) => writeUntilKilled(server.url, writer)));
    await until("a write of each writer", () => writers.every(({ batches }) => batches.size > 0));
    await pause(random() * LONGEST);
    await server.stop("SIGKILL");
    await over;
    const begun = performance.now();
    server = await start(path);
    await callServer(server.url, "runs/search", { experiment_ids: ["0"], max_results: 10 });
    figures.ready.push(performance.now() - begun);
    figures.readyCpu.push(cpuOf(server));
    assert.equal(await (await fetch(`${server.url}/health`)).text(), "OK");
    figures.acknowledged += compare(path, writers, `cycle ${cycle} of seed ${seed}`);
  }
  await server.stop();
  return figures;
}

async function start(path: string): Promise<TestServer> {
  const args = ["--backend-store-uri", `sqlite:///${path}`, "--port", "0"];
  return startServer(args, { program: join(root, "dist/cli.js") });
}

/** One client; what it was told is done. */
interface Writer {
  run_id: string;
  agent: Agent;
  batches: Set<number>;
  points: Set<number>;
  params: Set<number>;
  tags: Set<number>;
}

async function newWriter(url: string, index: number): Promise<Writer> {
  const answer = await callServer(url, "runs/create", { experiment_id: "0", start_time: index, run_name: `${index}` });
  // The border: an answer of our own server.
  const { run } = answer as { run: { info: { run_id: string } } };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const nothing = {
    batches: new Set<number>(),
    points: new Set<number>(),
    params: new Set<number>(),
    tags: new Set<number>(),
  };
  return { run_id: run.info.run_id, agent, ...nothing };
}

async function writeUntilKilled(url: string, writer: Writer): Promise<void> {
  const { run_id, batches, points, params, tags } = writer;
  const post = (path: string, body: object) => acknowledged(writer.agent, `${url}/api/2.0/mlflow/${path}`, body);
  const id = { run_id, run_uuid: run_id };
  for (let k = 0; ; k++) {
    const metrics = Array.from({ length: BATCH }, (_, i) => ({
      key: "b",
      value: i,
      timestamp: k,
      step: k * BATCH + i,
    }));
    const named = [{ key: `b${k}`, value: "1" }];
    if (!(await post("runs/log-batch", { run_id, metrics, params: named, tags: named }))) return;
    batches.add(k);
    if (!(await post("runs/log-metric", { ...id, key: "s", value: k, timestamp: k, step: k }))) return;
    points.add(k);
    if (!(await post("runs/log-parameter", { ...id, key: `p${k}`, value: "1" }))) return;
    params.add(k);
    if (!(await post("runs/set-tag", { ...id, key: `t${k}`, value: "1" }))) return;
    tags.add(k);
  }
}

/** Whether the server said that it is done; false once it is gone. */
function acknowledged(agent: Agent, url: string, body: object): Promise<boolean> {
  return new Promise((tell, fail) => {
    const sent = request(
      url,
      { method: "POST", agent, headers: { "Content-Type": "application/json" } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("error", () => tell(false));
        response.on("end", () => {
          if (response.statusCode === 200) tell(true);
          else fail(new Error(`${response.statusCode} ${text}`));
        });
      },
    );
    sent.on("error", () => tell(false));
    sent.end(JSON.stringify(body));
  });
}

/** Looks into the file itself; gives how many writes were acknowledged. */
function compare(path: string, writers: Writer[], where: string): number {
  const connection = openConnection(path, { readonly: true, busyTimeout: 5_000 });
  try {
    const [check] = connection.prepare<[], { integrity_check: string }>("PRAGMA integrity_check").all();
    assert.equal(check?.integrity_check, "ok", where);
    const steps = connection.prepare<[string, string], { step: number }>(
      "SELECT step FROM metrics WHERE run_uuid = ? AND key = ?",
    );
    const keys = (table: "params" | "tags", run_id: string) =>
      new Set(
        connection
          .prepare<[string], { key: string }>(`SELECT key FROM ${table} WHERE run_uuid = ?`)
          .all(run_id)
          .map(({ key }) => key),
      );
    let count = 0;
    for (const { run_id, batches, points, params, tags } of writers) {
      const stored = { params: keys("params", run_id), tags: keys("tags", run_id) };
      const perBatch = new Map<number, number>();
      for (const { step } of steps.all(run_id, "b")) {
        const batch = Math.floor(step / BATCH);
        perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
      }
      for (const batch of batches) assert.ok(perBatch.has(batch), `${where}: batch ${batch} of ${run_id} is lost`);
      for (let k = 0; k <= batches.size; k++) {
        const parts = [perBatch.get(k) === BATCH, stored.params.has(`b${k}`), stored.tags.has(`b${k}`)];
        const none = !perBatch.has(k) && !parts.includes(true);
        assert.ok(
          none || !parts.includes(false),
          `${where}: batch ${k} of ${run_id} is there in part: ${parts.join(", ")}`,
        );
      }
      const single = new Set(steps.all(run_id, "s").map(({ step }) => step));
      for (const k of points) assert.ok(single.has(k), `${where}: metric ${k} of ${run_id} is lost`);
      for (const k of params) assert.ok(stored.params.has(`p${k}`), `${where}: param ${k} of ${run_id} is lost`);
      for (const k of tags) assert.ok(stored.tags.has(`t${k}`), `${where}: tag ${k} of ${run_id} is lost`);
      count += batches.size * (BATCH + 2) + points.size + params.size + tags.size;
    }
    return count;
  } finally {
    connection.close();
  }
}

/** How the database of the folder keeps its transactions. */
export function journalMode(folder: string): string | undefined {
  const connection = openConnection(join(folder, "mlflow.db"), { readonly: true, busyTimeout: 0 });
  const mode = connection.prepare<[], { journal_mode: string }>("PRAGMA journal_mode").get()?.journal_mode;
  connection.close();
  return mode;
}

/** CPU time of a process in ms; Linux counts it in hundredths of a second. */
function cpuOf(server: TestServer): number {
  if (process.platform !== "linux") return Number.NaN;
  const fields = readFileSync(`/proc/${server.process.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Numbers in [0, 1) that follow from the seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
