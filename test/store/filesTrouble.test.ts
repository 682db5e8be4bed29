import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { metric, nothing, refuses } from "./contractCases.ts";
import { open, withRun } from "./oneRun.ts";

const namesOf = async (store: Store, experiment_id: string) =>
  (await store.searchRuns({ experiment_ids: [experiment_id] })).items.map(({ info }) => info.run_name);

describe("what is no run is passed over, and the others are found", () => {
  const spoils: [string, (folder: string) => void][] = [
    ["without meta.yaml", (folder) => rmSync(join(folder, "meta.yaml"))],
    ["with an empty meta.yaml", (folder) => writeFileSync(join(folder, "meta.yaml"), "")],
    ["with a meta.yaml cut off", (folder) => writeFileSync(join(folder, "meta.yaml"), "artifact_uri: 'file:")],
    ["with a meta.yaml that is no map", (folder) => writeFileSync(join(folder, "meta.yaml"), "- 1\n- 2\n")],
    ["with a meta.yaml of bytes", (folder) => writeFileSync(join(folder, "meta.yaml"), Buffer.from([0, 255, 254, 7]))],
    ["with aliases that grow without end", (folder) => writeFileSync(join(folder, "meta.yaml"), BOMB)],
    [
      "whose meta.yaml is a folder",
      (folder) => {
        rmSync(join(folder, "meta.yaml"));
        mkdirSync(join(folder, "meta.yaml"));
      },
    ],
    ["of another run", (folder) => edit(folder, /run_id: .*/, "run_id: ffff")],
    ["of another experiment", (folder) => edit(folder, /experiment_id: .*/, "experiment_id: '77'")],
  ];
  for (const [what, spoil] of spoils) {
    it(`a folder ${what}`, async () => {
      const { root, experiment_id, folder } = await withRun();
      const other = join(root, experiment_id, "0123456789abcdef0123456789abcdef");
      cpSync(folder, other, { recursive: true });
      edit(other, /run_id: .*/, "run_id: 0123456789abcdef0123456789abcdef");
      spoil(folder);
      const store = open(root);
      const found = await store.searchRuns({ experiment_ids: [experiment_id] });
      assert.deepEqual(
        found.items.map(({ info }) => info.run_id),
        ["0123456789abcdef0123456789abcdef"],
      );
      await refuses(store.getRun({ run_id: folder.slice(-32) }), "RESOURCE_DOES_NOT_EXIST", "not found");
    });
  }

  it("lines of a metric that are no points, and a metric without any", async () => {
    const { root, run_id, folder } = await withRun();
    const lines = ["", "x", "1 2 3 4", "1e3 5 0", "7 0x10 1", "2000 0.5 3", "9 nan 1", "1 2 3 4 5 6", "3000 inf 2"];
    writeFileSync(join(folder, "metrics", "loss"), lines.join("\n"));
    writeFileSync(join(folder, "metrics", "empty"), "");
    const store = open(root);
    const { items } = await store.metricHistory({ run_id, metric_key: "loss" });
    assert.deepEqual(
      items.map(({ value }) => value),
      [0.5, Number.NaN, Number.POSITIVE_INFINITY],
    );
    const { data } = await store.getRun({ run_id });
    assert.deepEqual(
      data.metrics.map(({ key, value }) => [key, value]),
      [["loss", 0.5]],
    );
  });

  it("pipes, links in a ring and links that lead nowhere", async () => {
    const { root, run_id, folder, experiment_id } = await withRun();
    execFileSync("mkfifo", [join(folder, "params", "pipe"), join(folder, "metrics", "pipe")]);
    symlinkSync("ring", join(folder, "params", "ring"));
    symlinkSync("/nowhere", join(root, experiment_id, "nowhere"));
    symlinkSync("loop", join(root, "loop"));
    const store = open(root);
    assert.deepEqual((await store.getRun({ run_id })).data.params, [{ key: "p", value: "1" }]);
    assert.deepEqual(await namesOf(store, experiment_id), ["kept"]);
  });

  it("a ring of links in a registered model, which is renamed with it", async () => {
    const { root, store } = await withRun();
    await store.createRegisteredModel({ name: "wine" });
    mkdirSync(join(root, "models", "wine", "aliases"), { recursive: true });
    symlinkSync("best", join(root, "models", "wine", "aliases", "best"));
    assert.equal((await store.renameRegisteredModel({ name: "wine", new_name: "port" })).name, "port");
    assert.deepEqual(readdirSync(join(root, "models")), ["port"]);
    store.close();
  });

  it("folders without an experiment, and experiments named otherwise", async () => {
    const { root, experiment_id } = await withRun();
    mkdirSync(join(root, "notes"));
    cpSync(join(root, experiment_id), join(root, "copy"), { recursive: true });
    const { items } = await open(root).searchExperiments({ view_type: "ALL" });
    assert.deepEqual(items.map(({ name }) => name).sort(), ["Default", "trees"]);
  });
});

describe("nothing is written", () => {
  it("through a link that leads out, or to a pipe", async () => {
    const { root, store, run_id, folder } = await withRun();
    const outside = join(root, "..", "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "canary"), "1");
    rmSync(join(folder, "tags"), { recursive: true });
    symlinkSync(outside, join(folder, "tags"));
    symlinkSync(join(outside, "canary"), join(folder, "metrics", "canary"));
    execFileSync("mkfifo", [join(folder, "metrics", "pipe")]);
    await refuses(store.setTag({ run_id, key: "canary", value: "2" }), "INVALID_STATE", "leads out");
    for (const key of ["canary", "pipe"]) {
      const written = store.logBatch({ ...nothing, run_id, metrics: [metric(key, 2)] });
      await assert.rejects(written, { name: "MlflowError", error_code: "IO_ERROR" });
    }
    assert.deepEqual(readdirSync(outside), ["canary"]);
    assert.equal(readFileSync(join(outside, "canary"), "utf8"), "1");
  });

  it("into models or inputs that a link has elsewhere", async () => {
    const { root, store, experiment_id, run_id } = await withRun();
    const outside = temporaryFolder();
    for (const path of [`${experiment_id}/models`, "models", `${experiment_id}/${run_id}/inputs`]) {
      rmSync(join(root, path), { recursive: true, force: true });
      symlinkSync(outside, join(root, path));
    }
    await refuses(store.createLoggedModel({ experiment_id, params: [], tags: [] }), "INVALID_STATE", "leads out");
    await refuses(store.createRegisteredModel({ name: "wine" }), "INVALID_STATE", "leads out");
    const inputs = { run_id, datasets: [], models: [{ model_id: "m-1" }] };
    await refuses(store.logInputs(inputs), "INVALID_STATE", "leads out");
    // Also where the folder of one output is the link.
    mkdirSync(join(root, experiment_id, run_id, "outputs"));
    symlinkSync(outside, join(root, experiment_id, run_id, "outputs", "m-1"));
    const outputs = { run_id, models: [{ model_id: "m-1", step: 1 }] };
    await refuses(store.logOutputs(outputs), "INVALID_STATE", "leads out");
    assert.deepEqual(readdirSync(outside), []);
    store.close();
  });

  it("into a folder of deleted things that a link has elsewhere", async () => {
    const { root, store, experiment_id } = await withRun();
    const outside = temporaryFolder();
    const trash = join(root, ".trash");
    rmSync(trash, { recursive: true, force: true });
    symlinkSync(outside, trash);
    await refuses(store.deleteExperiment({ experiment_id }), "INVALID_STATE", "leads out");
    await refuses(store.createRegisteredModel({ name: "wine" }), "INVALID_STATE", "leads out");
    cpSync(join(root, experiment_id), join(outside, "77"), { recursive: true });
    const meta = join(outside, "77", "meta.yaml");
    writeFileSync(meta, readFileSync(meta, "utf8").replaceAll(experiment_id, "77"));
    await refuses(store.restoreExperiment({ experiment_id: "77" }), "INVALID_STATE", "leads out");
    assert.deepEqual(readdirSync(outside), ["77"]);
    assert.deepEqual(await namesOf(store, experiment_id), ["kept"]);
    store.close();
  });

  it("for a key that cannot be a file's name, which is the caller's mistake", async () => {
    const { store, run_id } = await withRun();
    for (const key of ["é".repeat(200), "p/q"]) {
      await store.setTag({ run_id, key: "p", value: "1" });
      await refuses(store.setTag({ run_id, key, value: "1" }), "INVALID_PARAMETER_VALUE", "cannot be kept");
    }
  });
});

describe("names never lead out of the folder", () => {
  const names = ["..", "../x", "/etc", ".trash", "a/b", "", "%2e%2e", "x\0y", "models", "."];
  for (const name of names) {
    it(`of ${JSON.stringify(name)}`, async () => {
      const { store, root } = await withRun();
      const before = readdirSync(join(root, "..")).sort();
      await assert.rejects(store.getRun({ run_id: name }), { name: "MlflowError" });
      await assert.rejects(store.deleteRun({ run_id: name }), { name: "MlflowError" });
      await assert.rejects(store.getLoggedModel({ model_id: name }), { name: "MlflowError" });
      if (name !== "" && name !== "models") {
        await assert.rejects(store.deleteExperiment({ experiment_id: name }), { name: "MlflowError" });
        await assert.rejects(store.getRegisteredModel({ name }), { name: "MlflowError" });
      }
      if (!/^(\.trash|%2e%2e|models)$/.test(name)) {
        await assert.rejects(store.createRegisteredModel({ name }), { name: "MlflowError" });
      }
      assert.deepEqual(readdirSync(join(root, "..")).sort(), before);
    });
  }

  it("of a metric that the run does not have", async () => {
    const { store, run_id } = await withRun();
    for (const metric_key of ["../meta.yaml", "../params/p", "/etc/passwd", "toString"]) {
      assert.deepEqual((await store.metricHistory({ run_id, metric_key })).items, []);
    }
  });
});

describe("an mlruns folder in trouble", () => {
  it("that is not there reads as empty with experiment 0, and is made at the first write", async () => {
    const root = join(temporaryFolder(), "mlruns");
    const store = open(root);
    assert.equal(store.status().state, "absent");
    assert.deepEqual(
      (await store.searchExperiments({})).items.map(({ name }) => name),
      ["Default"],
    );
    assert.deepEqual((await store.searchRuns({ experiment_ids: ["0"] })).items, []);
    assert.ok(!existsSync(root));
    await store.createRun({ experiment_id: "0" });
    assert.equal(store.status().state, "open");
    assert.deepEqual(readdirSync(root).sort(), [".trash", "0"]);
  });

  it("that is a file says so", async () => {
    const root = join(temporaryFolder(), "mlruns");
    writeFileSync(root, "");
    assert.deepEqual(
      [open(root).status().state, open(root).status().problem],
      ["unreadable", "`mlruns` is no folder."],
    );
  });

  it("opened for reading never writes", async () => {
    const { root, run_id } = await withRun();
    const store = open(root, { readonly: true });
    await refuses(store.setTag({ run_id, key: "k", value: "v" }), "PERMISSION_DENIED", "reading only");
    assert.equal((await store.getRun({ run_id })).info.run_name, "kept");
  });

  it("removed while it is open is empty, and comes back", async () => {
    const { root, store, experiment_id } = await withRun();
    renameSync(root, `${root}-away`);
    assert.deepEqual((await store.searchRuns({ experiment_ids: [experiment_id] })).items, []);
    renameSync(`${root}-away`, root);
    assert.deepEqual(await namesOf(store, experiment_id), ["kept"]);
  });

  it("leaves no draft behind, and keeps fields that it does not know", async () => {
    const { store, folder, run_id } = await withRun();
    writeFileSync(join(folder, "meta.yaml"), `${readFileSync(join(folder, "meta.yaml"), "utf8")}workspace: default\n`);
    await store.updateRun({ run_id, status: "FAILED", run_name: "new: name" });
    await store.setTag({ run_id, key: "deep/key", value: "wörter\n" });
    assert.match(readFileSync(join(folder, "meta.yaml"), "utf8"), /^workspace: default$/m);
    assert.equal(readFileSync(join(folder, "tags/deep/key"), "utf8"), "wörter\n");
    assert.deepEqual(readdirSync(folder).sort(), ["artifacts", "meta.yaml", "metrics", "params", "tags"]);
    assert.equal((await store.getRun({ run_id })).info.run_name, "new: name");
  });
});

/** In ms, three times the goal: a machine that is busy is no fault of the watch. */
const SOON = 3_000;

describe("a watched mlruns folder tells within a second", () => {
  it("what another program changes", async () => {
    const { root, store, experiment_id, run_id, folder } = await withRun();
    await store.updateRun({ run_id, status: "FINISHED", end_time: 5 });
    const reader = open(root, { readonly: true });
    const told: string[] = [];
    reader.onChange(({ run_ids, experiment_ids, models }) => {
      told.push(...run_ids, ...experiment_ids, ...(models ? ["models"] : []));
    });
    await namesOf(reader, experiment_id);
    const hears = async (name: string, change: () => unknown) => {
      told.length = 0;
      await change();
      await until(name, () => told.includes(name), SOON);
    };
    // The first look only takes notes.
    await hears(experiment_id, () => store.setExperimentTag({ experiment_id, key: "k", value: "v" }));
    await hears(run_id, () => writeFileSync(join(folder, "metrics", "loss"), "9 9 9\n", { flag: "a" }));
    await hears(run_id, () => store.setTag({ run_id, key: "note", value: "one" }));
    await hears(run_id, () => writeFileSync(join(folder, "tags", "note"), "two"));
    assert.equal((await reader.getRun({ run_id })).data.tags.find(({ key }) => key === "note")?.value, "two");
    await hears("models", () => store.createRegisteredModel({ name: "net" }));
    const { info } = await store.createRun({ experiment_id });
    await until("the new run", () => told.includes(info.run_id), SOON);
    reader.close();
  });
});

function edit(folder: string, from: RegExp, to: string): void {
  const file = join(folder, "meta.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
}

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
run_id: *d
`;
