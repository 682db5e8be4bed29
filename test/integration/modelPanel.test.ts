import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KeptFiles } from "../../src/extension/models/keptFiles.ts";
import {
  readModelHistory,
  readModelOverview,
  readVersionDetails,
  readVersionsBeside,
  readVersionsThere,
} from "../../src/extension/models/readPanel.ts";
import { readVersionEnvironment } from "../../src/extension/models/modelEnvironment.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { folderOf, seedModel } from "../e2e/support/modelSeed.ts";
import { startService } from "../support/service.ts";

// What the Model panel reads is the same of a database and of a tracking server over it.

const { url, store, folder } = await startService();
const now = Date.now();
const { name, run_ids } = await seedModel(store, join(folder, "mlflow.db"), now);
const places = { sqlite: store, rest: restStore({ tracking_uri: url }) };

for (const [kind, remote] of Object.entries(places)) {
  const place = { name: "mlflow.db", remote, files: new KeptFiles() };

  test(`${kind}: the overview leaves the history out of the tags, and names who has what`, async () => {
    const { tags, aliases, stages, versions, can } = await readModelOverview(place, name, ["write"]);
    assert.deepEqual(tags, [{ key: "team", value: "cellar" }]);
    assert.deepEqual(aliases.find(({ alias }) => alias === "champion")?.version, "5");
    assert.equal(stages.find(({ stage }) => stage === "Production")?.version, "5");
    assert.deepEqual([versions, can], [6, ["write"]]);
  });

  test(`${kind}: a version is told with its run, signature, size and params`, async () => {
    const { row, file, params, metrics, problem } = await readVersionDetails(place, { name, version: "6" });
    assert.deepEqual([row.run?.run_id, row.run?.run_name, row.aliases], [run_ids[5], "eta=0.05", ["challenger"]]);
    assert.equal(problem, undefined);
    assert.deepEqual([file?.signature?.inputs, file?.signature?.outputs, file?.size], [11, 1, 1_398_102]);
    assert.deepEqual(file?.signature?.lines.inputs[5], { name: "free_so2", words: "long" });
    assert.deepEqual(Object.fromEntries(params.map(({ key, value }) => [key, value])), { eta: "0.05", max_depth: "8" });
    assert.equal(metrics.find(({ key }) => key === "val_rmse")?.value, 0.5571);
  });

  test(`${kind}: two versions differ in metrics, params and one package`, async () => {
    const { differences } = await readVersionsBeside(place, { name, version: "6", against: "5" }, directionByName);
    assert.deepEqual(differences.metrics.map(({ key, verdict }) => `${key} ${verdict}`).sort(), [
      "train_rmse better",
      "val_r2 better",
      "val_rmse better",
    ]);
    assert.equal(differences.signature.state, "same");
    const packages = differences.environment.rows.filter(({ same }) => !same).map(({ key }) => key);
    assert.deepEqual(packages, ["xgboost"]);
  });

  test(`${kind}: the files of a version are read once, and again when they are written anew`, async () => {
    const reads: string[] = [];
    const counting = {
      ...remote,
      readArtifact(query: Parameters<typeof remote.readArtifact>[0]) {
        reads.push(query.path.split("/").at(-1) ?? "");
        return remote.readArtifact(query);
      },
    };
    const shown = { ...place, remote: counting, files: new KeptFiles() };
    // As the panel asks when version 6 is chosen.
    const choose = (version: string, ...others: string[]) =>
      Promise.all([
        readVersionDetails(shown, { name, version }),
        ...others.map((against) => readVersionsBeside(shown, { name, version, against }, directionByName)),
        readVersionEnvironment(counting, { name, version }, async () => undefined, shown.files),
      ]);
    const read = () => reads.splice(0).filter((file) => file === "MLmodel" || file === "requirements.txt");
    await choose("6", "5", "4");
    assert.deepEqual(
      read().toSorted(),
      [..."MMM", ..."rrr"].map((file) => (file === "M" ? "MLmodel" : "requirements.txt")),
    );
    await choose("4", "5");
    assert.deepEqual(read(), []);
    const { info } = await store.getRun({ run_id: run_ids[3] ?? "" });
    const file = join(folderOf(info.artifact_uri), "model/requirements.txt");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, `${before}shap==0.46.0\n`);
    const [, beside] = await choose("4", "5");
    assert.deepEqual(read().toSorted(), ["MLmodel", "requirements.txt"]);
    assert.ok(
      beside !== undefined &&
        "differences" in beside &&
        beside.differences.environment.rows.some(({ key }) => key === "shap"),
    );
    writeFileSync(file, before);
  });

  test(`${kind}: a file that could not be read once is read again, one that is not there is not`, async () => {
    let lost = "";
    const reads: string[] = [];
    const failing = {
      ...remote,
      async readArtifact(query: Parameters<typeof remote.readArtifact>[0]) {
        const file = query.path.split("/").at(-1) ?? "";
        reads.push(file);
        if (file === lost) throw new Error("out of reach");
        return remote.readArtifact(query);
      },
      async listArtifacts(query: Parameters<typeof remote.listArtifacts>[0]) {
        if (lost === "list") throw new Error("out of reach");
        return remote.listArtifacts(query);
      },
    };
    const shown = { ...place, remote: failing, files: new KeptFiles() };
    const packages = async (missing: string) => {
      lost = missing;
      const query = { name, version: "6", against: "5" };
      const { differences } = await readVersionsBeside(shown, query, directionByName);
      return { state: differences.environment.state, reads: reads.splice(0).length };
    };
    assert.equal((await packages("requirements.txt")).state, "same", "of what could be read");
    const { state, reads: again } = await packages("");
    assert.deepEqual([state, again > 0], ["differs", true]);
    assert.deepEqual(await packages(""), { state: "differs", reads: 0 });
    shown.files.clear();
    await packages("list");
    assert.ok((await packages("")).reads > 0, "without a list nobody knows what is there");
  });

  test(`${kind}: of some versions those are told that are there`, async () => {
    const asked = { name, versions: ["6", "12", "2", "0"] };
    assert.deepEqual(await readVersionsThere(place, asked), { versions: ["6", "2"] });
  });

  test(`${kind}: the history has acts and registrations by their times, as many as are asked for`, async () => {
    const all = await readModelHistory(place, { name, limit: 100 });
    assert.deepEqual([all.rows.length, all.more], [9, false]);
    assert.deepEqual(
      all.rows.slice(0, 3).map(({ what, version }) => `${what} ${version}`),
      ["alias 6", "registered 6", "stage 5"],
    );
    const first = await readModelHistory(place, { name, limit: 2 });
    assert.deepEqual([first.rows.length, first.more], [2, true]);
    assert.deepEqual(first.rows, all.rows.slice(0, 2));
  });
}
