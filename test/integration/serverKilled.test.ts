import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KeptServer } from "../../src/extension/server/keptServer.ts";
import { isAlive } from "../../src/processes/processes.ts";
import type { ServerDiscovery } from "../../src/protocol/discovery.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { root, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { WORKFLOW_FILE, workflowProject } from "../support/workflow.ts";

// The editor's tracking server is ended by SIGKILL while a run, a workflow or a sweep goes on; the editor starts it again at the same place.

interface Kept {
  server: ServerDiscovery;
  tracking_uri: string;
  token: string;
  store: ReturnType<typeof restStore>;
  /** Kills it, and waits until another one is there. */
  kill(): Promise<void>;
}

async function keepServer(): Promise<Kept> {
  const folder = temporaryFolder();
  const started: ServerDiscovery[] = [];
  const launch = {
    discoveryFile: join(folder, "server.json"),
    logFile: join(folder, "server.log"),
    version: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
    args: [join(root, "src/server/main.ts"), "--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`],
    port: 0,
  };
  const kept = new KeptServer(() => launch, { onStart: (one) => void started.push(one), onFailure: () => undefined });
  const server = await kept.ensure();
  whenOver(() => {
    kept.dispose();
    for (const { pid } of started) if (isAlive({ pid })) process.kill(pid, "SIGKILL");
  });
  const tracking_uri = `http://127.0.0.1:${server.port}`;
  const { token } = server;
  const kill = async () => {
    const { pid } = started.at(-1) ?? server;
    process.kill(pid, "SIGKILL");
    await until("another server", () => started.at(-1)?.pid !== pid);
  };
  return { server, tracking_uri, token, store: restStore({ tracking_uri, token, patience: 20_000 }), kill };
}

/** Starts the runner; resolves at its end to its exit code and what it printed. */
function startRunner({ tracking_uri, token }: Kept, folder: string, request: object) {
  const file = join(temporaryFolder("flowdeck-runs-"), "run.json");
  writeFileSync(file, JSON.stringify({ format: 1, tracking_uri, token, ...request }), { mode: 0o600 });
  const args = [join(root, "src/projects/runner.ts"), "--request", file];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  whenOver(() => child.kill("SIGKILL"));
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return once(child, "close").then(() => ({ code: child.exitCode, printed: () => printed }));
}

async function statuses({ store }: Kept): Promise<string[]> {
  const { items } = await store.searchRuns({ experiment_ids: ["0"] });
  return items.map(({ info }) => info.status);
}

const linesOf = (folder: string, name: string) => {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

/** Logs a point at a time, and writes down those that the server has taken; what is refused is sent again. */
const LOGS = `import { appendFileSync, existsSync } from "node:fs";
const { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token, MLFLOW_RUN_ID: run_id } = process.env;
for (let step = 0; !existsSync("go") || step < 50; ) {
  const body = JSON.stringify({ run_id, key: "loss", value: step, timestamp: 1, step });
  const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
  const answer = await fetch(uri + "/api/2.0/mlflow/runs/log-metric", { method: "POST", headers, body }).catch(() => undefined);
  if (answer?.ok !== true) continue;
  appendFileSync("taken.txt", step + "\\n");
  step += 1;
}
`;

test("a run that logs while its server is killed finishes, and no point that was taken is lost", async () => {
  const kept = await keepServer();
  const MLproject = `entry_points: {main: {command: "'${process.execPath}' logs.mjs"}}\n`;
  const folder = workflowProject({ MLproject, "logs.mjs": LOGS }, false);
  const going = startRunner(kept, folder, { projectFolder: folder, parameters: [] });
  const taken = (count: number) => until("points", () => linesOf(folder, "taken.txt").length > count);
  await taken(20);
  await kept.kill();
  await taken(40);
  writeFileSync(join(folder, "go"), "");
  const { code, printed } = await going;
  assert.equal(code, 0, printed());
  const { items } = await kept.store.searchRuns({ experiment_ids: ["0"] });
  assert.deepEqual(
    items.map(({ info }) => info.status),
    ["FINISHED"],
  );
  const run_id = items[0]?.info.run_id ?? "";
  const history = await kept.store.metricHistory({ run_id, metric_key: "loss", max_results: 100_000 });
  const stored = new Set(history.items.map(({ step }) => String(step)));
  assert.deepEqual(
    linesOf(folder, "taken.txt").filter((step) => !stored.has(step)),
    [],
  );
});

const WAITS = `entry_points:
  waits:
    parameters: {n: {default: 1}}
    command: "echo {n} >> up.txt; until [ -e go ]; do sleep 0.05; done"
`;
const groups: [what: string, request: (folder: string) => object, runs: number][] = [
  [
    "a workflow",
    (folder) => ({ kind: "workflow", file: join(folder, WORKFLOW_FILE), parameters: [], cache: false }),
    4,
  ],
  [
    "a sweep",
    (folder) => {
      const plan = { method: "grid", parameters: [["n", "1..3"]] };
      return {
        ...{ kind: "sweep", maxParallel: 1 },
        start: { projectFolder: folder, entry_point: "waits", parameters: [], plan },
      };
    },
    4,
  ],
];
for (const [what, request, runs] of groups) {
  test(`${what} whose server is killed at the end of its first run goes on with the next ones`, async () => {
    const kept = await keepServer();
    const workflow = `steps:
  one: {entry_point: waits}
  two: {entry_point: waits, needs: one, parameters: {n: 2}}
  three: {entry_point: waits, parameters: {n: "\${{ steps.two.run_id }}"}}
`;
    const folder = workflowProject({ MLproject: WAITS, [WORKFLOW_FILE]: workflow }, false);
    const going = startRunner(kept, folder, request(folder));
    await until("the first run", () => linesOf(folder, "up.txt").length === 1);
    const killed = kept.kill();
    // Its end, and the beginning of the next one, come while there is no server.
    writeFileSync(join(folder, "go"), "");
    await killed;
    const { code, printed } = await going;
    assert.equal(code, 0, printed());
    assert.deepEqual(await statuses(kept), Array(runs).fill("FINISHED"));
    assert.equal(linesOf(folder, "up.txt").length, 3);
  });
}
