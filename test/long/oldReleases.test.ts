import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { isSince, type Release, RELEASES, stateOf, unpackStore, withoutInterop } from "../store/interopStores.ts";
import { writeEverything } from "../store/workload.ts";
import { root } from "../support/environment.ts";

// The real older releases, on databases that we have written. `FLOWDECK_OLD_PYTHONS` is a folder with an environment for
// each, named as the release: `uv venv 2.9.2 && uv pip install -p 2.9.2 mlflow==2.9.2 'numpy<2' 'setuptools<81' 'sqlalchemy<2.1'`.

function pythonOf(release: Release): string {
  return join(process.env["FLOWDECK_OLD_PYTHONS"] ?? "/nowhere", release, "bin/python");
}

async function run(release: Release, script: string, args: string[], uri: string): Promise<unknown> {
  const file = join(root, "test/conformance/python", script);
  const env = {
    ...process.env,
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
  };
  const options = { cwd: dirname(uri.replace("sqlite:///", "")), env, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(pythonOf(release), ["-W", "ignore", file, ...args], options);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** As Python's repr() prints it. */
function repr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** What readRun.py prints, through our store. */
async function readByUs(store: Store, run_id: string, name: string) {
  const { info, data, inputs } = await store.getRun({ run_id });
  const model = await store.getRegisteredModel({ name });
  const versions = (await store.searchModelVersions({ filter: `name = '${name}'` })).items;
  const { items: history } = await store.metricHistory({ run_id, metric_key: "loss" });
  const { items: deleted } = await store.searchExperiments({ view_type: "DELETED_ONLY" });
  const record = (pairs: { key: string; value: string }[]) =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
  return {
    info: [info.run_name, info.status, info.start_time, info.end_time ?? null, info.user_id],
    artifact_uri: info.artifact_uri,
    params: record(data.params),
    tags: record(data.tags),
    metrics: Object.fromEntries(data.metrics.map(({ key, value }) => [key, repr(value)])),
    loss: history
      .map(({ step, timestamp, value }) => [step, timestamp, repr(value)] as const)
      .toSorted(([a], [b]) => a - b),
    datasets: inputs.dataset_inputs.map(({ dataset }) => dataset.name),
    model: [model.description ?? null, record(model.tags)],
    versions: versions
      .map((one) => [
        Number(one.version),
        one.current_stage,
        one.description ?? null,
        one.source ?? null,
        one.run_id ?? null,
      ])
      .toSorted(([a], [b]) => Number(a) - Number(b)),
    aliases: Object.fromEntries(model.aliases.map(({ alias, version }) => [alias, Number(version)])),
    deleted: deleted.map(({ name: deletedName }) => deletedName),
  };
}

for (const release of RELEASES.filter((one) => one !== "3.17.2")) {
  const missing = existsSync(pythonOf(release)) ? false : `no mlflow ${release} in FLOWDECK_OLD_PYTHONS`;
  describe(`mlflow ${release} and we on one database`, { skip: withoutInterop || missing }, () => {
    if (withoutInterop || missing) return;
    const path = unpackStore(release);
    const uri = storeUri(path);
    const before = stateOf(path);

    it("it reads what we wrote", async () => {
      const store = openStore(uri);
      const { run_id } = await writeEverything(store, release);
      const name = `model of ${release}`;
      assert.deepEqual(await run(release, "readRun.py", [run_id, name], uri), await readByUs(store, run_id, name));
      store.close();
    });

    it("we read what it writes after us, and it finds nothing to upgrade", async () => {
      const { mlflow, written } = Object(await run(release, "writeRun.py", ["after"], uri));
      assert.equal(mlflow, release);
      const store = openStore(uri);
      const ours = await readByUs(store, written.run_id, "after");
      assert.deepEqual(await run(release, "readRun.py", [written.run_id, "after"], uri), ours);
      assert.deepEqual(ours.metrics, { loss: "nan" });
      assert.deepEqual(ours.aliases, isSince(release, "2.3.2") ? { best: 1 } : {});
      store.close();
      assert.deepEqual(stateOf(path), before);
    });
  });
}
