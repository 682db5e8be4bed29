import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { whichStore } from "../../src/extension/stores/whichStore.ts";
import { temporaryFolder } from "../support/environment.ts";

const base = realpathSync(temporaryFolder());

function folder(...files: string[]): string {
  const made = mkdtempSync(join(base, "workspace "));
  for (const file of files) {
    mkdirSync(join(made, file, ".."), { recursive: true });
    writeFileSync(join(made, file), "");
  }
  return made;
}

test("mlflow.db in the root is the store, also beside an mlruns", async () => {
  const root = folder("mlflow.db", "mlruns/0/meta.yaml");
  const found = await whichStore(root, "");
  assert.deepEqual(found, {
    uri: `sqlite:///${root}/mlflow.db`,
    kind: "sqlite",
    path: join(root, "mlflow.db"),
    exists: true,
  });
});

test("mlruns with an experiment's meta.yaml is the store when there is no database", async () => {
  const root = folder("mlruns/0/meta.yaml");
  const { kind, path, uri } = await whichStore(root, "");
  assert.deepEqual([kind, path], ["files", join(root, "mlruns")]);
  assert.equal(uri, `file://${root.replaceAll(" ", "%20")}/mlruns`);
});

test("mlruns without an experiment holds artifacts: an mlflow.db that is not there yet is the store", async () => {
  const root = folder("mlruns/1/abc/artifacts/plot.png");
  assert.deepEqual(await whichStore(root, ""), {
    uri: `sqlite:///${root}/mlflow.db`,
    kind: "sqlite",
    path: join(root, "mlflow.db"),
    exists: false,
  });
});

const settings: [setting: string, path: string][] = [
  ["runs/team.db", "runs/team.db"],
  ["sqlite:///runs/team.db", "runs/team.db"],
  ["./old/mlruns", "old/mlruns"],
  ["old", "old/mlruns"],
  ["file:old/mlruns", "old/mlruns"],
];

test("the setting wins, relative to the folder", async () => {
  const root = folder("mlflow.db", "runs/team.db", "old/mlruns/0/meta.yaml");
  for (const [setting, path] of settings)
    assert.equal((await whichStore(root, setting)).path, join(root, path), setting);
  assert.equal((await whichStore(root, `sqlite:////${root.slice(1)}/runs/team.db`)).path, join(root, "runs/team.db"));
});

test("a folder reached by a link has the store of the real folder", async () => {
  const root = folder("mlflow.db");
  const link = `${root} link`;
  symlinkSync(root, link);
  assert.equal((await whichStore(link, "")).uri, (await whichStore(root, "")).uri);
});

test("a link to a folder without data names the real place of the mlflow.db to come", async () => {
  const root = folder();
  const link = `${root} link`;
  symlinkSync(root, link);
  assert.equal((await whichStore(link, "")).path, join(root, "mlflow.db"));
});

test("a remote tracking URI is refused in a sentence", async () => {
  await assert.rejects(whichStore(folder(), "https://mlflow.example.org"), { error_code: "NOT_IMPLEMENTED" });
  await assert.rejects(whichStore(folder(), "gopher://x"), { error_code: "INVALID_PARAMETER_VALUE" });
  await assert.rejects(whichStore(folder(), "file://mlruns"), { error_code: "INVALID_PARAMETER_VALUE" });
});
