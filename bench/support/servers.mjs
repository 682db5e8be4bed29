// The servers that are measured side by side: ours as it is packed, mlflow 3.17.2 at its leanest, FastTrackML.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensureFastTrack } from "../../scripts/tools/fasttrackml.mjs";
import { ensurePython } from "../../scripts/tools/python.mjs";
import { root, run, stopTree } from "../../scripts/tools/run.mjs";
import { Client } from "./client.mjs";
import { cpuOf, memoryOf } from "./processes.mjs";

export const NAMES = ["flowdeck", "mlflow", "fasttrackml"];

/** What `mlflow server` takes to start on a shared machine, in ms. */
const START_LIMIT = 120_000;

/** Builds dist/ as the package has it. */
export async function buildOurs() {
  await run(process.execPath, [join(root, "scripts/build.mjs"), "--minify"]);
}

/**
 * Starts a server on a database file, which need not exist (an mlruns folder for `kind: "files"`), and waits for its first
 * answer to a search. `cpu` and `memory` are those of its whole process tree; `startCpu` is what starting took.
 */
export async function startServer(name, { path, kind = "sqlite" }) {
  mkdirSync(dirname(path), { recursive: true });
  const port = await freePort();
  const [command, args, env] = await PROGRAMS[name]({ path, kind, port });
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: dirname(path),
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => (output = (output + chunk).slice(-20_000)));
  const ended = once(child, "exit");
  child.once("exit", () => started.delete(child));
  const client = new Client(port);
  const server = {
    name,
    port,
    pid: child.pid,
    client,
    cpu: () => cpuOf(child.pid),
    memory: () => memoryOf(child.pid),
    output: () => output,
    async stop() {
      client.close();
      stopTree(child, "SIGTERM");
      const timer = setTimeout(() => stopTree(child), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
  started.add(child);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${output}`);
    const found = await client.post("runs/search", { experiment_ids: ["0"], max_results: 1 }, 60_000).catch(() => null);
    if (found?.status === 200) break;
    if (performance.now() - startedAt > START_LIMIT) throw new Error(`${name} did not start: ${output}`);
    await pause(5);
  }
  return { ...server, startCpu: server.cpu(), startWall: performance.now() - startedAt };
}

const started = new Set();

/** Ends every server that still runs, at once. */
export function stopServers() {
  for (const child of started) stopTree(child);
}

const PROGRAMS = {
  flowdeck: async ({ path, kind, port }) => {
    const uri = kind === "files" ? `file://${path}` : `sqlite:///${path}`;
    const args = ["--port", String(port), "--backend-store-uri", uri];
    return [process.execPath, [join(root, "dist/server.js"), ...args], {}];
  },
  mlflow: async ({ path, kind, port }) => {
    const uri = kind === "files" ? `file://${path}` : `sqlite:///${path}`;
    const python = await ensurePython();
    const args = ["-m", "mlflow", "server", "--port", String(port), "--workers", "1", "--backend-store-uri", uri];
    const lean = { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", MLFLOW_DISABLE_TELEMETRY: "true" };
    return [python, args, { ...lean, MLFLOW_ALLOW_FILE_STORE: "true", PATH: `${dirname(python)}:${process.env.PATH}` }];
  },
  fasttrackml: async ({ path, port }) => {
    const args = ["server", "--log-level", "error", "--listen-address", `127.0.0.1:${port}`];
    return [await ensureFastTrack(), [...args, "--database-uri", `sqlite://${path}`], {}];
  },
};

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
