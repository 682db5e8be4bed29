// `flowdeck run` beside `mlflow run` 3.17.2: what each takes until the first line of the project's script, the environment being there.
// `node_modules/.bin/node bench/projects.mjs`. Linux only (CPU time of processes).
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensurePython } from "../scripts/tools/python.mjs";
import { root } from "../scripts/tools/run.mjs";
import { startLocalServer } from "../src/cli/localServer.ts";
import { median, record } from "./results.mjs";
import { digits } from "./support/compare.mjs";
import { cpuOf } from "./support/processes.mjs";
import { buildOurs } from "./support/servers.mjs";

const TIMES = 7;
const FIRST = "the first line of the script";

const python = await ensurePython();
const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
await buildOurs();
const server = await startLocalServer(join(root, "dist/server.js"), join(folder, "server.db"));
try {
  const environments = join(folder, "envs");
  const served = { MLFLOW_TRACKING_URI: server.tracking_uri, MLFLOW_TRACKING_TOKEN: server.token };
  const database = { MLFLOW_TRACKING_URI: `sqlite:///${join(folder, "mlflow.db")}` };
  await compare(
    "in a cached virtual environment, tracked by a server",
    project("venv", true),
    [],
    served,
    environments,
  );
  await compare(
    "--env-manager local, tracked by a server",
    project("local", false),
    ["--env-manager", "local"],
    served,
    environments,
  );
  await compare(
    "--env-manager local, tracked in mlflow.db",
    project("database", false),
    ["--env-manager", "local"],
    database,
    environments,
  );
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** A project whose script prints its first line and stays a moment, so that what it took to come there can be read. */
function project(name, hasEnvironment) {
  const path = join(folder, name);
  mkdirSync(path);
  const environment = hasEnvironment ? "python_env: python_env.yaml\n" : "";
  writeFileSync(
    join(path, "MLproject"),
    `${environment}entry_points:\n  main:\n    parameters: {a: {default: 1}}\n    command: "sh go.sh {a}"\n`,
  );
  writeFileSync(join(path, "go.sh"), `echo "${FIRST}"; sleep 0.3\n`);
  if (hasEnvironment) writeFileSync(join(path, "python_env.yaml"), "dependencies: []\n");
  return path;
}

async function compare(what, path, args, env, environments) {
  const sides = {
    flowdeck: [process.execPath, [join(root, "dist/cli.js"), "run", path, ...args]],
    mlflow: [join(dirname(python), "mlflow"), ["run", path, ...args]],
  };
  const pyenv = join(homedir(), ".pyenv/bin");
  const whole = {
    ...process.env,
    ...env,
    PATH: [dirname(python), pyenv, process.env.PATH].join(":"),
    MLFLOW_ENV_ROOT: environments,
    MLFLOW_DISABLE_TELEMETRY: "true",
    XDG_STATE_HOME: join(folder, "state"),
  };
  const found = { flowdeck: [], mlflow: [] };
  // The first round makes environment and database, and is not counted.
  for (let time = 0; time <= TIMES; time += 1) {
    for (const [side, [command, words]] of Object.entries(sides)) {
      const figure = await untilFirstLine(command, words, whole);
      if (time > 0) found[side].push(figure);
    }
  }
  for (const [kind, unit] of [
    ["cpu", "CPU time"],
    ["wall", "by the clock"],
  ]) {
    const [ours, theirs] = ["flowdeck", "mlflow"].map((side) => median(found[side].map((figure) => figure[kind])));
    record("projects", `run until the script's first line, ${what}, ${unit}`, {
      Flowdeck: `${digits(ours)} ms`,
      mlflow: `${digits(theirs)} ms`,
      "× mlflow": `${digits(theirs / ours)}×`,
      goal: "≥ 10×",
    });
  }
}

/** ms of CPU of the whole process tree, and by the clock. */
async function untilFirstLine(command, args, env) {
  const begun = performance.now();
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let printed = "";
  const figure = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
        if (!printed.includes(FIRST)) return;
        printed = "";
        resolve({ cpu: cpuOf(child.pid), wall: performance.now() - begun });
      });
    }
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${printed}`)));
  });
  await ended;
  return figure;
}
