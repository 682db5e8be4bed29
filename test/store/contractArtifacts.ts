import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { localPath } from "../../src/mlflow/uris.ts";
import { newRun, refuses, type ContractStore } from "./contractCases.ts";

export function artifacts(open: () => Promise<ContractStore>): void {
  /** Writes files below an artifact location, as a script on this machine does. */
  function write(artifact_uri: string, files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(localPath(artifact_uri), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  async function runWith(store: ContractStore, files: Record<string, string>) {
    const run_id = await newRun(store);
    const { artifact_uri, experiment_id } = (await store.getRun({ run_id })).info;
    write(artifact_uri, files);
    return { run_id, artifact_uri, experiment_id };
  }
  async function modelWith(
    store: ContractStore,
    run: { run_id: string; experiment_id: string },
    name: string,
    files: Record<string, string>,
  ): Promise<string> {
    const { experiment_id, run_id: source_run_id } = run;
    const { info } = await store.createLoggedModel({ experiment_id, name, source_run_id, params: [], tags: [] });
    write(info.artifact_uri, files);
    return info.model_id;
  }
  const list = async (store: ContractStore, run_id: string, path?: string) =>
    (await store.listArtifacts(path === undefined ? { run_id } : { run_id, path })).map((file) => file.path);
  const read = async (store: ContractStore, run_id: string, path: string) =>
    readFileSync((await store.localArtifactPath({ run_id, path })).file, "utf8");

  it("artifacts are listed folder by folder, with their sizes", async () => {
    const store = await open();
    const { run_id } = await runWith(store, { "b.txt": "12345", "a/c.txt": "c", "a/d/e.txt": "e" });
    assert.deepEqual(await store.listArtifacts({ run_id }), [
      { path: "a", is_dir: true },
      { path: "b.txt", is_dir: false, file_size: 5 },
    ]);
    assert.deepEqual(await list(store, run_id, "a"), ["a/c.txt", "a/d"]);
    assert.deepEqual([await list(store, run_id, "b.txt"), await list(store, run_id, "none")], [[], []]);
    assert.equal(await read(store, run_id, "a/d/e.txt"), "e");
  });

  it("a logged model's files are told by its id, those too of one that no run logged", async () => {
    const store = await open();
    const run = await runWith(store, {});
    const { experiment_id } = run;
    const alone = await store.createLoggedModel({ experiment_id, name: "alone", params: [], tags: [] });
    write(alone.info.artifact_uri, { MLmodel: "alone", "code/a.py": "a" });
    const ofRun = await modelWith(store, run, "model", { MLmodel: "of a run" });
    const read = async (model_id: string, path: string) => {
      const { bytes } = await store.readArtifact({ model_id, path, offset: 0, length: 100 });
      return Buffer.from(bytes).toString();
    };
    const { model_id } = alone.info;
    assert.deepEqual(
      (await store.listArtifacts({ model_id })).map((file) => file.path),
      ["MLmodel", "code"],
    );
    assert.deepEqual(
      (await store.listArtifacts({ model_id, path: "code" })).map((file) => file.path),
      ["code/a.py"],
    );
    assert.deepEqual([await read(model_id, "MLmodel"), await read(ofRun, "MLmodel")], ["alone", "of a run"]);
    await refuses(
      store.readArtifact({ model_id, path: "none", offset: 0, length: 1 }),
      "RESOURCE_DOES_NOT_EXIST",
      "none",
    );
    await refuses(store.listArtifacts({ model_id: "m-none" }), "RESOURCE_DOES_NOT_EXIST", "m-none");
    await refuses(
      store.readArtifact({ model_id, path: "../x", offset: 0, length: 1 }),
      "INVALID_PARAMETER_VALUE",
      "path",
    );
  });

  it("a file is read piece by piece, its model's files too", async () => {
    const store = await open();
    const run = await runWith(store, { "a/b.txt": "0123456789" });
    await modelWith(store, run, "model", { MLmodel: "flavors:" });
    const piece = async (path: string, offset: number, length: number) => {
      const { bytes, size } = await store.readArtifact({ run_id: run.run_id, path, offset, length });
      return [Buffer.from(bytes).toString(), size];
    };
    assert.deepEqual(await piece("a/b.txt", 0, 4), ["0123", 10]);
    assert.deepEqual(await piece("a/b.txt", 8, 100), ["89", 10]);
    assert.deepEqual(await piece("a/b.txt", 10, 100), ["", 10]);
    assert.deepEqual(await piece("model/MLmodel", 0, 100), ["flavors:", 8]);
    await refuses(piece("a/c.txt", 0, 1), "RESOURCE_DOES_NOT_EXIST", "is not there any more");
    await refuses(piece("a/b.txt", -1, 1), "INVALID_PARAMETER_VALUE", "A piece has at most");
    await refuses(piece("a/b.txt", 0, 1 << 21), "INVALID_PARAMETER_VALUE", "A piece has at most");
    await refuses(piece("../b.txt", 0, 1), "INVALID_PARAMETER_VALUE", "Invalid path");
  });

  it("the rows of a file are found wherever it lies", async () => {
    const store = await open();
    const { run_id } = await runWith(store, { "t.csv": `a,b\n"1\n2",3\n4,5\n`, bin: "a\0b" });
    const rows = async (path: string, csv: boolean) => {
      const { starts, rows: count, binary, next } = await store.indexArtifact({ run_id, path, csv });
      return [[...starts], count, binary, next];
    };
    assert.deepEqual(await rows("t.csv", true), [[0], 3, false, undefined]);
    assert.deepEqual(await rows("t.csv", false), [[0], 4, false, undefined]);
    assert.deepEqual(await rows("bin", false), [[0], 1, true, undefined]);
  });

  it("a run that logged nothing has no artifacts", async () => {
    const store = await open();
    assert.deepEqual(await store.listArtifacts({ run_id: await newRun(store) }), []);
  });

  it("the files of a run's logged model are in a folder of its name", async () => {
    const store = await open();
    const run = await runWith(store, { "confusion.png": "p" });
    const { run_id } = run;
    await modelWith(store, run, "model", { MLmodel: "flavors: {}", "data/weights.bin": "w" });
    await modelWith(store, { ...run, run_id: await newRun(store, run.experiment_id) }, "other", { MLmodel: "" });
    assert.deepEqual(await store.listArtifacts({ run_id }), [
      { path: "confusion.png", is_dir: false, file_size: 1 },
      { path: "model", is_dir: true },
    ]);
    assert.deepEqual(await store.listArtifacts({ run_id, path: "model" }), [
      { path: "model/MLmodel", is_dir: false, file_size: 11 },
      { path: "model/data", is_dir: true },
    ]);
    assert.deepEqual(await list(store, run_id, "model/data/"), ["model/data/weights.bin"]);
    assert.equal(await read(store, run_id, "model/MLmodel"), "flavors: {}");
    assert.equal(await read(store, run_id, "model/data/weights.bin"), "w");
    assert.equal(await read(store, run_id, "confusion.png"), "p");
  });

  it("a run with nothing but a logged model shows it, and a deleted model is gone", async () => {
    const store = await open();
    const run = await runWith(store, {});
    const model_id = await modelWith(store, run, "model", { MLmodel: "m" });
    assert.deepEqual(await list(store, run.run_id), ["model"]);
    await store.deleteLoggedModel({ model_id });
    assert.deepEqual([await list(store, run.run_id), await list(store, run.run_id, "model")], [[], []]);
  });

  it("a folder of the run's own is shown together with the model of its name, whose files count", async () => {
    const store = await open();
    const run = await runWith(store, { "model/notes.md": "run", "model/MLmodel": "run" });
    await modelWith(store, run, "model", { MLmodel: "model" });
    assert.deepEqual(await list(store, run.run_id), ["model"]);
    assert.deepEqual(await list(store, run.run_id, "model"), ["model/MLmodel", "model/notes.md"]);
    assert.equal(await read(store, run.run_id, "model/MLmodel"), "model");
    assert.equal(await read(store, run.run_id, "model/notes.md"), "run");
  });

  it("of two models of one name the newest has the name, the other is found by its id", async () => {
    const store = await open();
    const run = await runWith(store, {});
    const older = await modelWith(store, run, "model", { MLmodel: "older" });
    // The order is that of the time of creation, in ms.
    const made = (await store.getLoggedModel({ model_id: older })).info.creation_timestamp_ms;
    while (Date.now() <= made);
    await modelWith(store, run, "model", { MLmodel: "newer" });
    assert.deepEqual(await list(store, run.run_id), [older, "model"].sort());
    assert.equal(await read(store, run.run_id, "model/MLmodel"), "newer");
    assert.equal(await read(store, run.run_id, `${older}/MLmodel`), "older");
  });

  it("what is no file is neither listed nor opened", { skip: process.platform !== "linux" }, async () => {
    const store = await open();
    const { run_id, artifact_uri } = await runWith(store, { "a.txt": "a" });
    const folder = localPath(artifact_uri);
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("loop", join(folder, "loop"));
    assert.deepEqual(await list(store, run_id), ["a.txt"]);
    const file = (path: string) => store.localArtifactPath({ run_id, path });
    await refuses(file("pipe"), "RESOURCE_DOES_NOT_EXIST", "is not a file of this machine");
    for (const path of ["loop", "x".repeat(300)]) await refuses(file(path), "INVALID_PARAMETER_VALUE", "Invalid path");
  });

  it("nothing outside an artifact folder is listed or opened", async () => {
    const store = await open();
    const run = await runWith(store, { "a.txt": "a" });
    await modelWith(store, run, "model", { MLmodel: "m" });
    const { run_id, artifact_uri } = run;
    const file = (path: string) => store.localArtifactPath({ run_id, path });
    for (const path of ["../a.txt", "model/../../a.txt", "/etc/passwd"]) {
      await refuses(file(path), "INVALID_PARAMETER_VALUE", "Invalid path");
      await refuses(store.listArtifacts({ run_id, path }), "INVALID_PARAMETER_VALUE", "Invalid path");
    }
    symlinkSync("/etc/passwd", join(localPath(artifact_uri), "link"));
    await refuses(file("link"), "INVALID_PARAMETER_VALUE", "Invalid path");
    assert.deepEqual(await list(store, run_id), ["a.txt", "model"]);
    await refuses(file("model/none"), "RESOURCE_DOES_NOT_EXIST", "is not a file of this machine");
  });
}
