import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type ExperimentStore, SameExperiment } from "../../src/extension/tracking/panels/sameExperiment.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { withRun } from "../store/oneRun.ts";
import { temporaryFolder } from "../support/environment.ts";

/** A store as the window has it, and the experiment that a panel of it shows. */
async function panelOver(uri: string, name: string, experiment_id: string) {
  const store = openStore(uri);
  after(() => store.close());
  const handle = (): ExperimentStore => ({ name, status: store.status(), remote: store });
  const same = new SameExperiment(experiment_id);
  same.show(await store.getExperiment({ experiment_id }), handle());
  const verify = () => {
    same.doubt();
    return same.verify(handle());
  };
  return { store, same, handle, verify };
}

async function database(name: string): Promise<{ path: string; experiment_id: string }> {
  const path = join(temporaryFolder("flowdeck-same-"), "mlflow.db");
  const store = openStore(storeUri(path));
  const { experiment_id } = await store.createExperiment({ name });
  store.close();
  return { path, experiment_id };
}

/** A database whose experiment has the same id. */
async function databaseOfTrees(experiment_id: string): Promise<string> {
  const other = await database("trees");
  assert.equal(other.experiment_id, experiment_id);
  return other.path;
}

function replace(path: string, other: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  renameSync(other, path);
}

const REPLACED = {
  error_code: "RESOURCE_CONFLICT",
  message: "mlflow.db was replaced and has the experiment trees in place of wine.",
};
const GONE = { error_code: "RESOURCE_DOES_NOT_EXIST", message: "wine is no longer in mlflow.db." };

test("an experiment whose database was removed is gone, and is there again when it returns", async () => {
  const { path, experiment_id } = await database("wine");
  const { verify } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  await verify();
  renameSync(path, `${path}.away`);
  await assert.rejects(verify(), GONE);
  renameSync(`${path}.away`, path);
  await verify();
});

test("another database in the place of the first has another experiment of the same id, until it is asked for", async () => {
  const { path, experiment_id } = await database("wine");
  const { store, same, handle, verify } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  replace(path, await databaseOfTrees(experiment_id));
  await assert.rejects(verify(), REPLACED);
  // Nobody doubts it again, and still nothing of the other one is shown.
  await assert.rejects(same.verify(handle()), REPLACED);
  same.accept();
  assert.equal(same.show(await store.getExperiment({ experiment_id }), handle()).name, "trees");
  await verify();
});

test("whoever asks while the experiment is looked at waits for what is found", async () => {
  const { path, experiment_id } = await database("wine");
  const { same, handle } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  replace(path, await databaseOfTrees(experiment_id));
  same.doubt();
  const asked = [same.verify(handle()), same.verify(handle())];
  await Promise.all(asked.map((answer) => assert.rejects(answer, REPLACED)));
});

test("of a database that is replaced while it is looked at, nothing is shown either", async () => {
  const { path, experiment_id } = await database("wine");
  const trees = await databaseOfTrees(experiment_id);
  const { store, same, handle } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  let looks = 0;
  const getExperiment: ExperimentStore["remote"]["getExperiment"] = async (query) => {
    const found = await store.getExperiment(query);
    looks += 1;
    if (looks === 1) {
      replace(path, trees);
      same.doubt();
    }
    return found;
  };
  same.doubt();
  const verify = () => same.verify({ ...handle(), remote: { getExperiment } });
  await Promise.all([verify(), verify()].map((answer) => assert.rejects(answer, REPLACED)));
  assert.equal(looks, 2);
});

test("a run that logs at every look keeps nobody from the rows, and another database is noticed all the same", async () => {
  const { path, experiment_id } = await database("wine");
  const trees = await databaseOfTrees(experiment_id);
  const { store, same, handle } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  let looks = 0;
  const getExperiment: ExperimentStore["remote"]["getExperiment"] = async (query) => {
    looks += 1;
    assert.ok(looks < 20, "it is looked at for ever");
    const found = await store.getExperiment(query);
    same.doubt();
    return found;
  };
  const verify = () => same.verify({ ...handle(), remote: { getExperiment } });
  same.doubt();
  await Promise.all([verify(), verify()]);
  assert.ok(looks <= 3, `${looks} looks`);
  replace(path, trees);
  // As before and after a read.
  await assert.rejects(verify(), REPLACED);
  await assert.rejects(verify(), REPLACED);
});

test("rows of a database that took the place of the first before anybody noticed are not taken for its own", async () => {
  const { path, experiment_id } = await database("wine");
  const { store, same, handle } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  store.onChange(({ everything }) => {
    if (everything) same.doubt();
  });
  await same.verify(handle());
  replace(path, await databaseOfTrees(experiment_id));
  await store.searchRuns({ experiment_ids: [experiment_id] });
  await assert.rejects(same.verify(handle()), REPLACED);
});

test("a renamed experiment is the same one, and so is one in a copy of the database", async () => {
  const { path, experiment_id } = await database("wine");
  const { store, verify } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  await store.updateExperiment({ experiment_id, new_name: "wine 2" });
  await verify();
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
  await verify();
});

test("a folder in the place of the database is told as one", async () => {
  const { path, experiment_id } = await database("wine");
  const { verify } = await panelOver(storeUri(path), "mlflow.db", experiment_id);
  renameSync(path, `${path}.away`);
  mkdirSync(path);
  await assert.rejects(verify(), {
    message: "`mlflow.db` is a folder and no database, so no run can be read from it.",
  });
});

test("an experiment of a folder of runs that was moved away is gone, and comes back with it", async () => {
  const { root, store: made, experiment_id } = await withRun();
  made.close();
  const { verify } = await panelOver(storeUri(root, "files"), "mlruns", experiment_id);
  renameSync(root, `${root}-away`);
  await assert.rejects(verify(), { message: "trees is no longer in mlruns." });
  renameSync(`${root}-away`, root);
  await verify();
});
