import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { closeLaunched } from "../../src/projects/launchedRun.ts";
import { userName } from "../../src/projects/projectRun.ts";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

// `mlflow run --backend …` tells no run id: its run is known by what it holds.

const since = Date.now();

function ground() {
  const store = openStore(`sqlite:///${join(temporaryFolder(), "mlflow.db")}`);
  whenOver(() => store.close());
  const create = async (entry_point: string, user: string, parameters: [string, string][], backend = "kubernetes") => {
    const named = Object.entries({
      [RUN_TAG.user]: user,
      [RUN_TAG.sourceType]: "PROJECT",
      [RUN_TAG.projectEntryPoint]: entry_point,
      [RUN_TAG.projectBackend]: backend,
    });
    const tags = named.map(([key, value]) => ({ key, value }));
    const { info } = await store.createRun({ experiment_id: "0", start_time: since, tags });
    const params = parameters.map(([key, value]) => ({ key, value }));
    await store.logBatch({ run_id: info.run_id, metrics: [], params, tags: [] });
    return info.run_id;
  };
  const close = (entry_point: string, parameters: [string, string][]) =>
    closeLaunched(
      {
        entry_point,
        parameters,
        experiment_id: "0",
        backend: "kubernetes",
        since,
        status: "FAILED",
        say: () => undefined,
      },
      store,
    );
  return { store, create, close };
}

test("no run of somebody else, of other values or of another backend is taken for the one that mlflow left open", async () => {
  const { store, create, close } = ground();
  const user = userName();
  const others = [
    await create("main", `not ${user}`, [["a", "1"]]),
    await create("main", user, [["a", "2"]]),
    await create("main", user, [["a", "1"]], "databricks"),
    await create("other", user, [["a", "1"]]),
  ];
  assert.equal(await close("main", [["a", "1"]]), undefined);
  for (const run_id of others) assert.equal((await store.getRun({ run_id })).info.status, "RUNNING");
});

test("the run that mlflow left open is closed, also of an entry point with quotes and values that a shell would split", async () => {
  const { store, create, close } = ground();
  const name = `it's "main"`;
  const run_id = await create(name, userName(), [["a", "'x y'"]]);
  assert.deepEqual(await close(name, [["a", "x y"]]), { run_id, isOpen: false });
  assert.equal((await store.getRun({ run_id })).info.status, "FAILED");
});
