import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it } from "node:test";
import type { RunField } from "../../src/protocol/runs.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { startService } from "../support/service.ts";
import { writingContract } from "../store/contract.ts";
import { fresh, newRun, refuses } from "../store/contractCases.ts";

const { url, folder } = await startService();
const store = restStore({ tracking_uri: url });

writingContract("rest", async () => store);

// Everything the contract says holds over REST; these are the things that MLflow's protocol does not let through.
describe("rest: what a server refuses that a store takes", () => {
  it("a path of the server's machine as a version's source, unless it is the named run's: it would open any file", async () => {
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    const source = pathToFileURL(join(folder, "mlflow.db")).href;
    const run_id = await newRun(store);
    for (const more of [{}, { run_id }]) {
      const create = store.createModelVersion({ name, source, ...more });
      await refuses(create, "INVALID_PARAMETER_VALUE", `Invalid model version source: '${source}'`);
    }
    const { artifact_uri } = (await store.getRun({ run_id })).info;
    await store.createModelVersion({ name, source: `${artifact_uri}/model`, run_id });
  });
});

it("rest: the rows of several experiments name them anew after a while", async ({ mock }) => {
  const experiment_ids = await Promise.all(
    [1, 2].map(async (start_time) => {
      const { experiment_id } = await store.createExperiment({ name: fresh("experiment") });
      await store.createRun({ experiment_id, start_time });
      return experiment_id;
    }),
  );
  const names = async () => {
    const fields: RunField[] = [{ kind: "attribute", key: "experiment" }];
    const { columns } = await store.runColumns({ experiment_ids, fields, offset: 0, limit: 10 });
    return columns[0]?.kind === "text" ? columns[0].texts : [];
  };
  const [, before] = await names();
  const name = fresh("renamed");
  await store.updateExperiment({ experiment_id: experiment_ids[1] ?? "", new_name: name });
  mock.timers.enable({ apis: ["Date"], now: Date.now() + 60_000 });
  assert.deepEqual(await names(), [name, before]);
});
