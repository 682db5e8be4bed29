import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { asMlflowError } from "../../src/mlflow/errors.ts";
import { type ContractStore, metric, newExperiment, newRun, nothing, refuses } from "./contractCases.ts";

/** What was deleted, and its removal for good. A remote server only lists it. */
export function trash(open: () => Promise<ContractStore>): void {
  async function deletedRun(store: ContractStore, experiment_id?: string) {
    const run_id = await newRun(store, experiment_id, "old");
    await store.logBatch({ run_id, metrics: [metric("m", 1), metric("m", 2, 1)], params: [], tags: [] });
    const { info } = await store.getRun({ run_id });
    await store.deleteRun({ run_id });
    return { run_id, experiment_id: info.experiment_id, folder: folderOf(info.artifact_uri) };
  }
  const folderOf = (uri: string) => (uri.startsWith("file:") ? fileURLToPath(uri) : uri);
  /** Whether the store is on this machine, so that it can remove something. */
  const isLocal = async (store: ContractStore) => {
    const nobody = { experiment_ids: [], run_ids: [], dry_run: true };
    const error: unknown = await store.purge(nobody).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined) assert.match(asMlflowError(error).message, /run `mlflow gc` where the server's store is/);
    return error === undefined;
  };
  const writeArtifact = (folder: string, bytes: number) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "model.bin"), Buffer.alloc(bytes));
  };

  it("the trash lists deleted runs and experiments, and what their artifacts take", async () => {
    const store = await open();
    const { run_id, experiment_id, folder } = await deletedRun(store);
    const gone = await newExperiment(store);
    await newRun(store, gone);
    await store.deleteExperiment({ experiment_id: gone });
    const local = await isLocal(store);
    if (local) writeArtifact(folder, 5_000);
    const listed = await store.trash({});
    assert.deepEqual(await store.countTrashedModels({}), { models: listed.models.length });
    const run = listed.runs.find((each) => each.run_id === run_id);
    assert.deepEqual([run?.run_name, run?.experiment_id], ["old", experiment_id]);
    assert.equal(listed.experiments.find((each) => each.experiment_id === gone)?.runs, 1);
    assert.ok(!listed.runs.some((each) => each.experiment_id === gone));
    if (!local) return;
    assert.ok(Date.now() - (run?.deleted_time ?? 0) < 60_000);
    assert.ok((run?.bytes ?? 0) >= 5_000 && (run?.bytes ?? 0) < 20_000 && listed.bytes >= 5_000, JSON.stringify(run));
  });

  it("a run is removed for good with its artifacts, after it was told what goes", async () => {
    const store = await open();
    if (!(await isLocal(store))) return;
    const { run_id, experiment_id, folder } = await deletedRun(store);
    const other = await newRun(store, experiment_id);
    writeArtifact(folder, 1_000);
    const query = { experiment_ids: [], run_ids: [run_id] };
    const told = await store.purge({ ...query, dry_run: true });
    assert.deepEqual([told.runs, told.points, told.kept], [1, 2, []]);
    assert.ok(told.bytes >= 1_000);
    assert.ok(existsSync(folder));
    assert.deepEqual(await store.purge({ ...query, dry_run: false }), told);
    assert.ok(!existsSync(folder) && !existsSync(dirname(folder)));
    await refuses(store.getRun({ run_id }), "RESOURCE_DOES_NOT_EXIST", run_id);
    assert.equal((await store.getRun({ run_id: other })).info.run_id, other);
    assert.ok(!(await store.trash({})).runs.some((each) => each.run_id === run_id));
  });

  it("an experiment is removed for good with all of its runs and models", async () => {
    const store = await open();
    if (!(await isLocal(store))) return;
    const experiment_id = await newExperiment(store);
    const run_id = await newRun(store, experiment_id);
    await store.logBatch({ ...nothing, run_id, params: [{ key: "p", value: "1" }] });
    await store.setExperimentTag({ experiment_id, key: "team", value: "blue" });
    const dataset = { name: "iris", digest: "d1", source_type: "local", source: "{}" };
    await store.logInputs({ run_id, datasets: [{ dataset, tags: [] }], models: [] });
    const model = await store.createLoggedModel({
      experiment_id,
      name: "m",
      source_run_id: run_id,
      params: [],
      tags: [],
    });
    await store.deleteExperiment({ experiment_id });
    const purged = await store.purge({ experiment_ids: [experiment_id], run_ids: [], dry_run: false });
    assert.deepEqual([purged.experiments, purged.runs, purged.models], [1, 1, 1]);
    await refuses(store.getExperiment({ experiment_id }), "RESOURCE_DOES_NOT_EXIST", experiment_id);
    await refuses(store.getRun({ run_id }), "RESOURCE_DOES_NOT_EXIST", run_id);
    const { model_id } = model.info;
    await refuses(store.getLoggedModel({ model_id }), "RESOURCE_DOES_NOT_EXIST", model_id);
  });

  it("several runs and an experiment are removed for good at once", async () => {
    const store = await open();
    if (!(await isLocal(store))) return;
    const [one, two] = [await deletedRun(store), await deletedRun(store)];
    const experiment_id = await newExperiment(store);
    await newRun(store, experiment_id);
    await store.deleteExperiment({ experiment_id });
    const run_ids = [one.run_id, two.run_id];
    const purged = await store.purge({ experiment_ids: [experiment_id], run_ids, dry_run: false });
    assert.deepEqual([purged.experiments, purged.runs, purged.points], [1, 3, 4]);
    for (const run_id of run_ids) await refuses(store.getRun({ run_id }), "RESOURCE_DOES_NOT_EXIST", run_id);
    await refuses(store.getExperiment({ experiment_id }), "RESOURCE_DOES_NOT_EXIST", experiment_id);
  });

  it("what is restored while the removal counts what goes stays, with its artifacts", async () => {
    const store = await open();
    if (!(await isLocal(store))) return;
    const [back, gone] = [await deletedRun(store), await deletedRun(store)];
    const experiment_id = await newExperiment(store);
    const inside = await newRun(store, experiment_id);
    await store.deleteExperiment({ experiment_id });
    writeArtifact(back.folder, 1_000);
    const run_ids = [back.run_id, gone.run_id];
    const purging = store.purge({ experiment_ids: [experiment_id], run_ids, dry_run: false });
    await Promise.all([store.restoreRun({ run_id: back.run_id }), store.restoreExperiment({ experiment_id })]);
    const { experiments, runs, points } = await purging;
    assert.deepEqual([experiments, runs, points], [0, 1, 2]);
    const { data } = await store.getRun({ run_id: back.run_id });
    assert.equal(data.metrics[0]?.value, 2);
    assert.ok(existsSync(join(back.folder, "model.bin")));
    assert.equal((await store.getRun({ run_id: inside })).info.lifecycle_stage, "active");
    await refuses(store.getRun({ run_id: gone.run_id }), "RESOURCE_DOES_NOT_EXIST", gone.run_id);
  });

  it("what is not deleted cannot be removed, nor what is not there", async () => {
    const store = await open();
    if (!(await isLocal(store))) return;
    const experiment_id = await newExperiment(store);
    const run_id = await newRun(store, experiment_id);
    const { run_id: deleted } = await deletedRun(store, experiment_id);
    const purge = (experiment_ids: string[], run_ids: string[]) =>
      store.purge({ experiment_ids, run_ids, dry_run: false });
    await refuses(purge([], [deleted, run_id]), "INVALID_PARAMETER_VALUE", "not in the deleted lifecycle stage");
    await refuses(purge([experiment_id], []), "INVALID_PARAMETER_VALUE", "not in the deleted lifecycle stage");
    await refuses(purge([], [deleted, "f".repeat(32)]), "RESOURCE_DOES_NOT_EXIST", "not found");
    assert.equal((await store.getRun({ run_id: deleted })).info.lifecycle_stage, "deleted");
  });
}
