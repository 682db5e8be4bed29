// What training writes: start and memory, single points, batches, a whole small run; with one client and with eight.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { record } from "../results.mjs";
import { Client } from "../support/client.mjs";
import { digits, recordRow } from "../support/compare.mjs";
import { measure, measureTogether } from "../support/measure.mjs";
import { rawWriter } from "../support/rawWrites.mjs";
import { NAMES, startServer } from "../support/servers.mjs";

const BENCH = "server: start and writes";
const CLIENTS = 8;
/** Requests of eight clients together: mlflow takes a hundred times as long. */
const TOGETHER = { flowdeck: 6_000, mlflow: 400, fasttrackml: 3_000 };
const POINTS = 1_000;
/** Small runs until a server gets no faster: V8 compiles what is hot, Python does not. */
const WARM_RUNS = { flowdeck: 60, mlflow: 5, fasttrackml: 60 };
/** Batches beside raw better-sqlite3, in turns. */
const ROUNDS = 10;
const BATCHES = 6;

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const figures = {};
    await measureFirstStart(join(folder, "first", "mlflow.db"));
    for (const name of NAMES) figures[name] = await measureServer(name, join(folder, name, "mlflow.db"));
    for (const [what, { goal, memory }] of Object.entries(ROWS)) {
      const of = Object.fromEntries(NAMES.map((name) => [name, figures[name][what]]));
      if (memory) recordMemory(what, of, goal);
      else recordRow(BENCH, what, of, { goal });
    }
    await besideRaw(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ROWS = {
  "start to first search": { goal: "≥ 50×" },
  "memory after the start": { goal: "≤ 60 MB, ≤ 1/6", memory: true },
  "log-metric, 1 client": { goal: "" },
  "log-metric, 8 clients": { goal: "≥ 45×" },
  "log-parameter, 8 clients": { goal: "" },
  "set-tag, 8 clients": { goal: "" },
  "log-batch of 1,000 points": { goal: "≥ 20×" },
  "a whole run of 13 requests": { goal: "≥ 30×" },
  "memory after these": { goal: "≤ 120 MB, ≤ 1/6", memory: true },
};

/** V8 compiles our program at its first start and keeps that; Python's was compiled when it was installed, FastTrackML's when it was built. */
async function measureFirstStart(path) {
  const server = await startServer("flowdeck", { path });
  const flowdeck = { cpu: server.startCpu, wall: server.startWall };
  await server.stop();
  recordRow(BENCH, "first start after installing", { flowdeck });
}

async function measureServer(name, path) {
  const server = await startServer(name, { path });
  try {
    const start = { cpu: server.startCpu, wall: server.startWall };
    const atStart = server.memory();
    const experiment = (await post(server.client, "experiments/create", { name: "bench" })).experiment_id;
    const newRun = async () => {
      const tags = [{ key: "mlflow.user", value: "bench" }];
      const asked = { experiment_id: experiment, user_id: "bench", start_time: Date.now(), run_name: "run", tags };
      return (await post(server.client, "runs/create", asked)).run.info.run_id;
    };
    const run = await newRun();
    const together = async (call) => {
      const clients = Array.from({ length: CLIENTS }, () => new Client(server.port));
      const runs = new Map();
      for (const client of clients) runs.set(client, await newRun());
      const send = (client, i) => call(client, runs.get(client), i);
      await measureTogether(server, clients, TOGETHER[name] / 10, (client, i) => send(client, 1_000_000 + i));
      const figure = await measureTogether(server, clients, TOGETHER[name], send);
      for (const client of clients) client.close();
      return figure;
    };
    return {
      "start to first search": start,
      "memory after the start": atStart,
      "log-metric, 1 client": await measure(server, (client, i) => logMetric(client, run, i), {
        warm: 13 * WARM_RUNS[name],
      }),
      "log-metric, 8 clients": await together(logMetric),
      "log-parameter, 8 clients": await together((client, run_id, i) =>
        post(client, "runs/log-parameter", { run_id, run_uuid: run_id, key: `param ${i}`, value: String(i) }),
      ),
      "set-tag, 8 clients": await together((client, run_id, i) =>
        post(client, "runs/set-tag", { run_id, run_uuid: run_id, key: `tag ${i}`, value: String(i) }),
      ),
      "log-batch of 1,000 points": await measure(server, (client, i) => post(client, "runs/log-batch", batch(run, i))),
      "a whole run of 13 requests": await measure(server, (client) => wholeRun(client, experiment), {
        warm: WARM_RUNS[name],
      }),
      "memory after these": server.memory(),
    };
  } finally {
    await server.stop();
  }
}

async function post(client, path, body) {
  const answer = await client.post(path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text().slice(0, 200)}`);
  return JSON.parse(answer.text());
}

function logMetric(client, run_id, step) {
  const point = { key: "loss", value: 1 / (step + 1), timestamp: 1_700_000_000_000 + step, step };
  return post(client, "runs/log-metric", { run_id, run_uuid: run_id, ...point });
}

/** Ten metrics of a hundred steps; no two batches hold the same point. */
function pointsOf(n) {
  return Array.from({ length: POINTS }, (_, i) => ({
    key: `metric_${i % 10}`,
    value: Math.sin(n * POINTS + i),
    timestamp: 1_700_000_000_000 + n * POINTS + i,
    step: n * 100 + Math.floor(i / 10),
  }));
}

function batch(run_id, n) {
  return JSON.stringify({ run_id, metrics: pointsOf(n), params: [], tags: [] });
}

/** As MLflow's Python client sends a short training. */
async function wholeRun(client, experiment_id) {
  const named = await client.get("experiments/get-by-name?experiment_name=bench");
  if (named.status !== 200) throw new Error(`get-by-name: ${named.status}`);
  const tags = ["mlflow.user", "mlflow.source.name", "mlflow.source.type"].map((key) => ({ key, value: "LOCAL" }));
  const asked = { experiment_id, user_id: "bench", start_time: Date.now(), run_name: "small", tags };
  const { run_id } = (await post(client, "runs/create", asked)).run.info;
  const of = { run_id, run_uuid: run_id };
  await post(client, "runs/set-tag", { ...of, key: "team", value: "blue" });
  for (const key of ["depth", "rate", "seed"]) await post(client, "runs/log-parameter", { ...of, key, value: "1" });
  for (let step = 0; step < 4; step++) await logMetric(client, run_id, step);
  const metrics = [{ key: "accuracy", value: 0.9, timestamp: 1, step: 0 }];
  const params = [{ key: "width", value: "1" }];
  await post(client, "runs/log-batch", { run_id, metrics, params, tags: [{ key: "note", value: "done" }] });
  await post(client, "runs/update", { ...of, status: "FINISHED", end_time: Date.now() });
  const read = await client.get(`runs/get?run_id=${run_id}&run_uuid=${run_id}`);
  if (read.status !== 200) throw new Error(`get: ${read.status}`);
}

function recordMemory(what, { flowdeck, mlflow, fasttrackml }, goal) {
  record(BENCH, what, {
    Flowdeck: `${digits(flowdeck)} MB`,
    mlflow: `${digits(mlflow)} MB`,
    "× mlflow": `${digits(mlflow / flowdeck)}×`,
    FastTrackML: `${digits(fasttrackml)} MB`,
    "× FastTrackML": `${digits(fasttrackml / flowdeck)}×`,
    goal,
    answers: "",
  });
}

/** The same batches by turns, so that both meet the same noise of the machine. */
async function besideRaw(folder) {
  const raw = rawWriter(join(folder, "raw.db"));
  const server = await startServer("flowdeck", { path: join(folder, "beside", "mlflow.db") });
  try {
    const asked = { experiment_id: "0", start_time: 1, user_id: "bench" };
    const { run_id } = (await post(server.client, "runs/create", asked)).run.info;
    const spent = { ours: { cpu: 0, wall: 0 }, raw: { cpu: 0, wall: 0 } };
    for (let round = 0; round < ROUNDS; round++) {
      const numbers = Array.from({ length: BATCHES }, (_, i) => round * BATCHES + i);
      const bodies = numbers.map((n) => batch(run_id, n));
      const points = numbers.map(pointsOf);
      const ours = await timed(server.cpu, async () => {
        for (const body of bodies) await post(server.client, "runs/log-batch", body);
      });
      const theirs = await timed(ownCpu, async () => points.forEach((each) => raw.write(each)));
      // The first round is the warming up of both.
      if (round === 0) continue;
      for (const [sum, more] of [
        [spent.ours, ours],
        [spent.raw, theirs],
      ]) {
        sum.cpu += more.cpu;
        sum.wall += more.wall;
      }
    }
    const count = (ROUNDS - 1) * BATCHES;
    const told = ({ cpu, wall }) => `${digits(cpu / count)} ms (${digits(wall / count)})`;
    record("server: batches beside raw better-sqlite3", "log-batch of 1,000 points", {
      Flowdeck: told(spent.ours),
      "raw, WAL, synchronous=FULL": told(spent.raw),
      "of raw, CPU": `${digits((100 * spent.raw.cpu) / spent.ours.cpu)} %`,
      "of raw, clock": `${digits((100 * spent.raw.wall) / spent.ours.wall)} %`,
      goal: "≥ 70 %",
    });
  } finally {
    await server.stop();
    raw.close();
  }
}

function ownCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timed(cpu, work) {
  const startCpu = cpu();
  const start = performance.now();
  await work();
  return { cpu: cpu() - startCpu, wall: performance.now() - start };
}
