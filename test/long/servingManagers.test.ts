import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { ServeRequest } from "../../src/protocol/serving.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, skipWithout, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { askModel, processesWith, serveModel, usualEnvironment } from "../support/scoring.ts";
import { startServer } from "../support/server.ts";
import { doublingModel, smallModel } from "../support/smallModel.ts";

// What serves a model: environments that the real tools make of packages from the network, older releases of mlflow, and a machine
// whose memory runs out.

const python = findPython();
const skip = skipWithout(python, "Python with mlflow");
/** As few as a scoring server runs with. */
const REQUIREMENTS = ["mlflow-skinny==3.17.2", "pandas", "numpy", "fastapi", "uvicorn"];

async function nothingLeft(id: string): Promise<void> {
  await until("nothing of the server to be left", () => processesWith(id).length === 0, 20_000);
}

/** Serves a model, asks it well and badly, and ends it by Stop or by the end of its owner. */
async function servedOnce(model: string, change: Partial<ServeRequest>, how: "stop" | "kill"): Promise<string> {
  const { request, held, reaches } = await serveModel(model, { patience: 900_000, ...change });
  const { url, mlflow_version = "" } = await reaches("ready", 900_000);
  const asked = await askModel(url, { dataframe_split: { columns: ["a"], data: [[21]] } });
  deepEqual(asked, { status: 200, answer: { predictions: [42] } });
  equal((await askModel(url, { nothing: 1 })).status, 400);
  await until("both requests to be counted", () => held.server.requests === 2 && held.server.failures === 1);
  if (how === "stop") await held.stop();
  else process.kill(held.state.program.pid, "SIGKILL");
  await held.ended;
  await nothingLeft(request.id);
  return mlflow_version;
}

const pyenv = spawnSync("pyenv", ["--version"], { encoding: "utf8" }).stdout?.trim();
for (const env_manager of ["uv", "virtualenv"] as const) {
  const without = skip || (env_manager === "virtualenv" ? skipWithout(pyenv, "pyenv") : false);
  test(`a model is served in an environment that ${env_manager} makes, which is made once`, {
    skip: without,
  }, async () => {
    const version = execFileSync(python ?? "", ["-c", "import platform; print(platform.python_version())"], {
      encoding: "utf8",
    }).trim();
    const root = temporaryFolder();
    const change = { env_manager, environment: { ...usualEnvironment(), MLFLOW_ENV_ROOT: root } };
    const model = doublingModel(REQUIREMENTS, version);
    equal(await servedOnce(model, change, "stop"), "3.17.2");
    const made = readdirSync(root).filter((name) => name.startsWith("mlflow-"));
    equal(made.length, 1);
    const log = join(root, made[0] ?? "", "pyvenv.cfg");
    const before = readFileSync(log, "utf8");
    equal(await servedOnce(model, change, "kill"), "3.17.2");
    deepEqual(
      readdirSync(root).filter((name) => name.startsWith("mlflow-")),
      made,
    );
    equal(readFileSync(log, "utf8"), before);
  });
}

/** As for oldReleases.test.ts: a folder with an environment for each release, named as it; those from 2.9 on are served by. */
const old = process.env["FLOWDECK_OLD_PYTHONS"];
const releases =
  old === undefined || !existsSync(old) ? [] : readdirSync(old).filter((name) => /^(?:2\.(?:9|\d\d)|3)\./.test(name));
test("older releases of mlflow serve what is registered, from our tracking server", {
  skip: skipWithout(releases[0], "FLOWDECK_OLD_PYTHONS with an mlflow"),
}, async () => {
  const folder = temporaryFolder();
  const store = openStore(storeUri(join(folder, "mlflow.db")));
  await store.createRegisteredModel({ name: "double" });
  await store.createModelVersion({ name: "double", source: doublingModel() });
  store.close();
  const { url } = await startServer(["--port", "0", "--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`]);
  const environment = { ...usualEnvironment(), MLFLOW_TRACKING_URI: url, MLFLOW_REGISTRY_URI: url };
  for (const release of releases) {
    const change = { python: join(old ?? "", release, "bin/python"), environment, workers: 2 };
    for (const how of ["stop", "kill"] as const) {
      equal(await servedOnce("models:/double/1", change, how), basename(release));
    }
    if (!release.startsWith("2.9.")) continue;
    const { request, reaches } = await serveModel("models:/double/1", { ...change, env_manager: "uv" });
    const { problem } = await reaches("failed");
    match(problem?.text ?? "", /does not know uv, so the model was not served; serve it in a virtualenv\.$/);
    await nothingLeft(request.id);
  }
});

/** Bytes in MB of a request stay there. */
const HUNGRY = `
class Model:
    def predict(self, data):
        return [len(bytearray(int(data["a"].iloc[0]) << 20))]

def _load_pyfunc(path):
    return Model()
`;
const V1 = "/sys/fs/cgroup/memory";
const groups = process.platform === "linux" && existsSync(join(V1, "memory.limit_in_bytes")) ? V1 : "/sys/fs/cgroup";
const limit = groups === V1 ? "memory.limit_in_bytes" : "memory.max";

/** A group of processes that get 700 MB; undefined where this user may make none. */
function smallMemory(): string | undefined {
  const group = join(groups, `flowdeck-test-${process.pid}`);
  try {
    mkdirSync(group);
    writeFileSync(join(group, limit), String(700 << 20));
    return group;
  } catch {
    // Not root, or no such file system.
    return undefined;
  }
}

const group = smallMemory();
if (group !== undefined) {
  whenOver(async () => {
    await until("its processes to be gone", () => readFileSync(join(group, "cgroup.procs"), "utf8") === "");
    rmdirSync(group);
  });
}
test("a model that the system ended for want of memory is told so, with what helps", {
  skip: skip || skipWithout(group, "a memory limit that this user may set"),
}, async () => {
  const line = groups === V1 ? /^\d+:memory:(.*)$/m : /^0::(.*)$/m;
  const ours = line.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
  // What is started now is started there.
  writeFileSync(join(group ?? "", "cgroup.procs"), String(process.pid));
  const { request, held, reaches } = await serveModel(smallModel(HUNGRY)).finally(() =>
    writeFileSync(join(groups, ours, "cgroup.procs"), String(process.pid)),
  );
  const { url } = await reaches("ready");
  const feed = (megabytes: number) => askModel(url, { dataframe_split: { columns: ["a"], data: [[megabytes]] } });
  equal((await feed(10)).status, 200);
  ok(await feed(3_000).catch(() => true));
  const { problem } = await reaches("failed");
  equal(
    problem?.text,
    "the model ran out of memory and was ended by the system; make room for it, and start it again.",
  );
  equal(problem?.next?.action, "restart");
  await held.ended;
  await nothingLeft(request.id);
});
