import { deepEqual } from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readAskedModel } from "../../src/extension/serving/predict/readAskedModel.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";

test("of an MLmodel that nobody can read it is said so, and the model is asked all the same", async (t) => {
  const uri = storeUri(join(temporaryFolder("flowdeck-asked-"), "mlflow.db"));
  const store = openStore(uri);
  t.after(() => store.close());
  const { experiment_id } = await store.createExperiment({ name: "asked", tags: [] });
  const { info } = await store.createRun({ experiment_id, run_name: "one", start_time: 1, tags: [] });
  const root = info.artifact_uri.startsWith("file:") ? fileURLToPath(info.artifact_uri) : info.artifact_uri;
  mkdirSync(join(root, "model"), { recursive: true });
  writeFileSync(join(root, "model", "MLmodel"), "- this\n- is none\n");
  const model_uri = `runs:/${info.run_id}/model`;
  deepEqual(await readAskedModel(store, { store: uri, model_uri, title: "model of one" }), {
    key: `${uri} ${model_uri}`,
    problem: "The MLmodel of model of one cannot be read, so write the request as JSON.",
  });
});
