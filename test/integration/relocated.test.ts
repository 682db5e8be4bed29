import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { FileInfo } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { relocator } from "../../src/store/relocate.ts";
import type { Store } from "../../src/store/store.ts";
import { shared, skipWithout, temporaryFolder } from "../support/environment.ts";

// Stores that were copied from another machine or folder: their artifacts are found where they lie now.

test("a path of another machine is found by its end, in the form it was written", () => {
  const base = temporaryFolder();
  mkdirSync(join(base, "mlruns/3/r/artifacts"), { recursive: true });
  mkdirSync(join(base, "mlruns/a é%20b/r/artifacts"), { recursive: true });
  const here = join(base, "mlruns/3/r/artifacts");
  const cases: [string, string][] = [
    ["/cluster/ada/mlruns/3/r/artifacts", here],
    ["C:\\Users\\ada\\mlruns\\3\\r\\artifacts", here],
    ["\\\\host\\share\\mlruns\\3\\r\\artifacts", here],
    ["file:///cluster/mlruns/3/r/artifacts", `file://${here}`],
    ["file:/cluster/mlruns/3/r/artifacts", `file://${here}`],
    ["file://host/share/mlruns/3/r/artifacts", `file://${here}`],
    ["file:///C:/Users/ada/mlruns/3/r/artifacts", `file://${here}`],
    ["file:///cluster/mlruns/a%20%C3%A9%2520b/r", pathToFileURL(join(base, "mlruns/a é%20b/r")).href],
    ["file:///cluster/mlruns/a%20b/r", "file:///cluster/mlruns/a%20b/r"],
    ["./mlruns/3/r/artifacts", "./mlruns/3/r/artifacts"],
    ["s3://bucket/mlruns/3/r/artifacts", "s3://bucket/mlruns/3/r/artifacts"],
    ["mlflow-artifacts:/3/r/artifacts", "mlflow-artifacts:/3/r/artifacts"],
    ["/cluster/../mlruns/3/r/artifacts", "/cluster/../mlruns/3/r/artifacts"],
    ["/cluster/artifacts", "/cluster/artifacts"],
  ];
  for (const [location, expected] of cases) assert.equal(relocator([base])(location), expected, location);
});

const VERSIONS = ["1.30.1", "2.3.2", "2.9.2", "2.14.3", "2.22.5", "3.1.4", "3.6.0", "3.17.2"];

interface Truth {
  experiments: { experiment_id: string; artifact_location: string }[];
  runs: { info: { run_id: string; artifact_uri: string } }[];
  artifacts: Record<string, { path: string; is_dir: boolean; size: number | null; sha256?: string }[]>;
  model_versions?: { name: string; version: number; source: string }[];
  download_uris?: { name: string; version: number; result: string }[];
  logged_models?: { model_id: string; artifact_location: string }[];
  logged_model_artifacts?: Record<string, { path: string; sha256?: string }[]>;
}

const skip = skipWithout(shared("interop"), "shared/interop");

async function filesOf(store: Store, run_id: string, path?: string): Promise<FileInfo[]> {
  const files = await store.listArtifacts({ run_id, ...(path === undefined ? {} : { path }) });
  const inside = await Promise.all(files.filter(({ is_dir }) => is_dir).map((one) => filesOf(store, run_id, one.path)));
  return [...files, ...inside.flat()];
}

for (const version of VERSIONS) {
  describe(`a database of mlflow ${version} in another folder than it was written in`, { skip }, () => {
    if (skip) return;
    const folder = temporaryFolder();
    execFileSync("tar", ["-xzf", shared("interop", version, "sqlite.tar.gz") ?? "", "-C", folder]);
    const here = join(folder, "copied");
    renameSync(join(folder, version, "sqlite"), here);
    const file = join(here, "mlflow.db");
    const hash = () => createHash("sha256").update(readFileSync(file)).digest("hex");
    const before = hash();
    const store = openStore(storeUri(file));
    after(() => store.close());
    const text = readFileSync(shared("interop", version, "sqlite.truth.json") ?? "", "utf8");
    const truth = JSON.parse(text.replaceAll(`/tmp/flowdeck-interop/${version}/sqlite`, here)) as Truth;

    it("names the locations of experiments, runs, models and versions where they are now", async () => {
      for (const { experiment_id, artifact_location } of truth.experiments) {
        const found = await store.getExperiment({ experiment_id });
        assert.equal(found.artifact_location, artifact_location);
      }
      for (const { info } of truth.runs) {
        const found = await store.getRun({ run_id: info.run_id });
        assert.equal(found.info.artifact_uri, info.artifact_uri);
      }
      const experiment_ids = truth.experiments.map((one) => one.experiment_id);
      const { items } = await store.searchRuns({ experiment_ids, run_view_type: "ALL" });
      const uris = new Map(truth.runs.map(({ info }) => [info.run_id, info.artifact_uri]));
      for (const { info } of items) assert.equal(info.artifact_uri, uris.get(info.run_id));
      for (const { name, version: number, source } of truth.model_versions ?? []) {
        const found = await store.getModelVersion({ name, version: String(number) });
        assert.equal(found.source, source);
      }
      for (const { name, version: number, result } of truth.download_uris ?? []) {
        const found = await store.getModelVersionDownloadUri({ name, version: String(number) });
        assert.equal(found.artifact_uri, result);
      }
      for (const { model_id, artifact_location } of truth.logged_models ?? []) {
        const { info } = await store.getLoggedModel({ model_id });
        assert.equal(info.artifact_uri, artifact_location);
      }
    });

    it("gives the artifacts as they were written", async () => {
      let compared = 0;
      for (const [run_id, expected] of Object.entries(truth.artifacts)) {
        const found = new Map((await filesOf(store, run_id)).map((one) => [one.path, one.file_size ?? null]));
        for (const { path, size, sha256 } of expected) {
          assert.equal(found.get(path), size, `${run_id} ${path}`);
          if (sha256 === undefined) continue;
          const bytes = readFileSync((await store.localArtifactPath({ run_id, path })).file);
          assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256);
          compared += 1;
        }
      }
      assert.ok(compared > 0);
    });

    it("is left as it was", () => assert.equal(hash(), before));
  });
}

test("an experiment without a file, and a new run, go where the others of the store went", async () => {
  const folder = temporaryFolder();
  const there = openStore(storeUri(join(folder, "there", "mlflow.db")));
  const { experiment_id } = await there.createExperiment({ name: "a" });
  const { info } = await there.createRun({ experiment_id });
  const { experiment_id: empty } = await there.createExperiment({ name: "b" });
  mkdirSync(info.artifact_uri, { recursive: true });
  writeFileSync(join(info.artifact_uri, "a.txt"), "a");
  there.close();
  cpSync(join(folder, "there"), join(folder, "here"), { recursive: true });
  renameSync(join(folder, "there"), join(folder, "gone"));
  const here = openStore(storeUri(join(folder, "here", "mlflow.db")));
  after(() => here.close());
  const found = await here.getExperiment({ experiment_id: empty });
  assert.equal(found.artifact_location, join(folder, "here/mlruns", empty));
  const made = await here.createRun({ experiment_id: empty });
  assert.equal(made.info.artifact_uri, join(folder, "here/mlruns", empty, made.info.run_id, "artifacts"));
  assert.deepEqual(
    (await here.listArtifacts({ run_id: info.run_id })).map(({ path }) => path),
    ["a.txt"],
  );
});

test("a link in a copied store leads nowhere outside", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "secret.txt"), "secret");
  const uri = storeUri(join(folder, "store", "mlflow.db"));
  const writing = openStore(uri);
  const { experiment_id } = await writing.createExperiment({ name: "a", artifact_location: "/cluster/mlruns/7" });
  const { info } = await writing.createRun({ experiment_id });
  writing.close();
  const artifacts = join(folder, "store/mlruns/7", info.run_id, "artifacts");
  mkdirSync(artifacts, { recursive: true });
  symlinkSync(join(folder, "secret.txt"), join(artifacts, "link"));
  const store = openStore(uri);
  after(() => store.close());
  await assert.rejects(store.localArtifactPath({ run_id: info.run_id, path: "link" }), { message: /Invalid path/ });
});
