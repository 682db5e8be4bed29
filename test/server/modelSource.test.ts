import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { resolveModelSource } from "../../src/server/modelSource.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";

const folder = temporaryFolder();
const store = openStore(storeUri(join(folder, "mlflow.db")), { artifactRoot: join(folder, "mlruns") });
after(() => store.close());
const { info } = await store.createRun({ experiment_id: "0" });
const { run_id, artifact_uri } = info;
mkdirSync(join(artifact_uri, "model"), { recursive: true });
symlinkSync("/etc", join(artifact_uri, "link"));
await store.createRegisteredModel({ name: "Wine" });
await store.createModelVersion({ name: "Wine", source: `${artifact_uri}/model`, run_id });
await store.setRegisteredModelAlias({ name: "Wine", alias: "best", version: "1" });

const TAKEN: [string, string | undefined, string][] = [
  ["a folder of the run's artifacts", run_id, `${artifact_uri}/model`],
  ["the same as a URI", run_id, `file://${artifact_uri}/model`],
  ["the run's artifact folder itself", run_id, artifact_uri],
  ["remote storage", undefined, "s3://bucket/model"],
  ["a run's path", undefined, "runs:/0123/model"],
  ["a proxied path with many slashes", undefined, "mlflow-artifacts:/models/foo///bar/"],
];

for (const [what, run, source] of TAKEN) {
  test(`a model version may come from ${what}`, async () => {
    const given = run === undefined ? { source } : { source, run_id: run };
    assert.equal((await resolveModelSource(store, given)).source, source);
  });
}

const REFUSED: [string, string | undefined, string][] = [
  ["a local path without a run", undefined, `${artifact_uri}/model`],
  ["a local path of a run that is not there", "0".repeat(32), `${artifact_uri}/model`],
  ["a path outside the run's artifacts", run_id, "/etc"],
  ["a path beside them that begins alike", run_id, `${artifact_uri}-other`],
  ["a path that climbs out", run_id, `${artifact_uri}/../../../..`],
  ["a link that leads out", run_id, `${artifact_uri}/link`],
  ["a file URI outside", run_id, "file:///etc/passwd"],
  ["a proxied path that climbs", undefined, "mlflow-artifacts:/a/../../b"],
  ["the same, encoded", undefined, "mlflow-artifacts:/a/%2e%2e/b"],
  ["the same, encoded twice", undefined, "mlflow-artifacts:/a/%252e%252e/b"],
  ["a web address that climbs", undefined, "http://host/api/2.0/mlflow-artifacts/artifacts/../../x"],
  ["a null byte", undefined, "s3://bucket/a%00b"],
  ["another registry", undefined, "models://profile/Wine/1"],
  ["a logged model that is not named with it", undefined, "models:/m-0123"],
];

for (const [what, run, source] of REFUSED) {
  test(`a model version may not come from ${what}`, async () => {
    const given = run === undefined ? { source } : { source, run_id: run };
    await assert.rejects(resolveModelSource(store, given), { error_code: "INVALID_PARAMETER_VALUE" });
  });
}

test("a registered model's alias stands for its version, and brings its run", async () => {
  const resolved = await resolveModelSource(store, { source: "models:/Wine@best" });
  assert.deepEqual(resolved, { source: "models:/Wine/1", run_id });
  const other = resolveModelSource(store, { source: "models:/Wine/1", run_id: "other" });
  await assert.rejects(other, /must match the referenced model version/);
});

test("a source that names a missing model says so, and a prompt is no source", async () => {
  const missing = resolveModelSource(store, { source: "models:/none/1" });
  await assert.rejects(missing, { message: "Registered Model with name=none not found" });
  const tags = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
  await store.createRegisteredModel({ name: "greeting", tags });
  await store.createModelVersion({ name: "greeting", source: "dummy-source", tags });
  const prompt = resolveModelSource(store, { source: "models:/greeting/1" });
  await assert.rejects(prompt, /Prompt versions cannot be used as model version sources/);
});

test("a run id that was sent empty does not match that of the version named", async () => {
  const other = resolveModelSource(store, { source: "models:/Wine/1", run_id: "" });
  await assert.rejects(other, /must match the referenced model version/);
});
