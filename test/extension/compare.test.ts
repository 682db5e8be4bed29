import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compareFiles } from "../../src/extension/tracking/compare/compareFiles.ts";
import { readValues } from "../../src/extension/tracking/compare/compareValues.ts";
import { runText } from "../../src/extension/tracking/compare/diffText.ts";
import { readEnvironments } from "../../src/extension/tracking/compare/environments.ts";
import { readComparison } from "../../src/extension/tracking/compare/readComparison.ts";
import { changedFiles, commitDiff } from "../../src/extension/tracking/git.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { storeSource } from "../e2e/support/compareHost.ts";
import { temporaryFolder } from "../support/environment.ts";

async function makeRun(
  store: Store,
  experiment_id: string,
  run_name: string,
  eta: string,
  loss?: number,
): Promise<string> {
  const { info } = await store.createRun({ experiment_id, run_name, start_time: 1_700_000_000_000 });
  const { run_id } = info;
  const metrics = loss === undefined ? [] : [{ key: "loss", value: loss, timestamp: 1, step: 0 }];
  const tags = [{ key: "team", value: "wine" }];
  await store.logBatch({ run_id, metrics, params: [{ key: "eta", value: eta }], tags });
  return run_id;
}

/** Two stores: one with two experiments, one with one. */
async function twoStores() {
  const folder = temporaryFolder("flowdeck-compare-");
  const [first, second] = ["one", "two"].map((name) => storeUri(join(folder, `${name}.db`)));
  assert.ok(first !== undefined && second !== undefined);
  const stores = new Map([first, second].map((uri) => [uri, openStore(uri)]));
  const [a, b] = [stores.get(first), stores.get(second)];
  assert.ok(a !== undefined && b !== undefined);
  const wine = await a.createExperiment({ name: "wine" });
  const beer = await a.createExperiment({ name: "beer" });
  const other = await b.createExperiment({ name: "wine" });
  const runs = [
    { uri: second, run_id: await makeRun(b, other.experiment_id, "far", "0.3") },
    { uri: first, run_id: await makeRun(a, wine.experiment_id, "near", "0.1", 0.5) },
    { uri: first, run_id: await makeRun(a, beer.experiment_id, "beside", "0.2", Number.NaN) },
  ];
  await makeRun(a, wine.experiment_id, "not compared", "0.9", 1);
  const close = () => {
    for (const store of stores.values()) store.close();
  };
  return { stores, source: storeSource(stores), runs, close, a, first };
}

test("runs of several experiments and stores stand side by side in the order they were chosen", async () => {
  const { source, runs, close } = await twoStores();
  const found = await readComparison(source, runs, new Map());
  assert.deepEqual(
    found.runs.map(({ run_name }) => run_name),
    ["far", "near", "beside"],
  );
  assert.deepEqual(found.params, [{ key: "eta", texts: ["0.3", "0.1", "0.2"] }]);
  assert.deepEqual(found.metrics[0]?.key, "loss");
  assert.deepEqual([...(found.metrics[0]?.logged ?? [])], [0, 1, 1]);
  assert.ok(Number.isNaN(found.metrics[0]?.values[2]));
  const source_ = Object.fromEntries(found.source.map(({ key, texts }) => [key, texts]));
  assert.deepEqual(source_["experiment"], ["wine", "wine", "beer"]);
  assert.deepEqual(source_["store"], ["two.db", "one.db", "one.db"]);
  assert.deepEqual(
    found.experiments.map(({ name, runs: count }) => [name, count]),
    [
      ["wine", 1],
      ["wine", 2],
      ["beer", 1],
    ],
  );
  assert.deepEqual(found.lost, []);
  close();
});

test("charts get the compared runs first, then the others of their experiments, each once", async () => {
  const { source, runs, close } = await twoStores();
  const known = new Map<string, string>();
  await readComparison(source, runs, known);
  const fields = [
    { kind: "param", key: "eta" },
    { kind: "metric", key: "loss" },
  ] as const;
  const all = await readValues(source, runs, known, { fields: [...fields], others: true });
  assert.equal(all.runs, 4);
  assert.deepEqual(all.run_names.slice(0, 3).toSorted(), ["beside", "far", "near"]);
  assert.equal(all.run_names[3], "not compared");
  const own = await readValues(source, runs, known, { fields: [...fields], others: false });
  assert.equal(own.keys.length, 3);
  const [eta, loss] = own.columns;
  assert.ok(eta?.kind === "text" && loss?.kind === "number");
  assert.equal(eta.texts[own.run_names.indexOf("far")], "0.3");
  assert.equal(loss.logged[own.run_names.indexOf("far")], 0);
  close();
});

test("a run that is deleted stays, one that is gone and a store that cannot be read are told in a sentence", async () => {
  const { source, runs, close, a, first } = await twoStores();
  await a.deleteRun({ run_id: runs[1]?.run_id ?? "" });
  const wanted = [
    ...runs,
    { uri: first, run_id: "f".repeat(32) },
    { uri: "sqlite:////gone.db", run_id: "e".repeat(32) },
  ];
  const found = await readComparison(source, wanted, new Map());
  assert.equal(found.runs.length, 3);
  assert.equal(found.runs[1]?.lifecycle_stage, "deleted");
  assert.deepEqual(found.lost.map(({ reason }) => reason).toSorted(), [
    "cannot be read: sqlite:////gone.db is gone.",
    "is no longer in one.db",
  ]);
  close();
});

test("packages come from the requirements of a run's model, Python from its python_env.yaml", async () => {
  const { source, runs, close, a } = await twoStores();
  const { info } = await a.getRun({ run_id: runs[1]?.run_id ?? "" });
  const folder = join(info.artifact_uri.replace("file://", ""), "model");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "MLmodel"), "flavors: {}\n");
  writeFileSync(join(folder, "requirements.txt"), "xgboost==3.1.0\n");
  writeFileSync(join(folder, "python_env.yaml"), "python: 3.12.1\n");
  const environments = async () => (await readEnvironments(source, runs)).map(({ key, texts }) => [key, ...texts]);
  assert.deepEqual(await environments(), [
    ["python", null, "3.12.1", null],
    ["xgboost", null, "3.1.0", null],
  ]);
  rmSync(join(folder, "requirements.txt"));
  writeFileSync(join(folder, "conda.yaml"), "dependencies:\n- python=3.12\n- pip:\n  - xgboost==3.0.2\n");
  assert.deepEqual((await environments())[1], ["xgboost", null, "3.0.2", null], "packages of conda.yaml");
  close();
});

test("a run as a text has a line for each key, sorted, and several lines stand as such", async () => {
  const { runs, close, a } = await twoStores();
  const run_id = runs[1]?.run_id ?? "";
  const params = [{ key: "alpha", value: "two\nlines" }];
  const tags = [
    { key: "odd: key", value: '"quoted"' },
    { key: "mlflow.source.git.commit", value: "3f2a91c" },
  ];
  await a.logBatch({ run_id, metrics: [], params, tags });
  const text = runText(await a.getRun({ run_id }));
  assert.match(text, /^params:\n {2}alpha: \|-\n {4}two\n {4}lines\n {2}eta: 0\.1\n\ntags:\n/);
  assert.match(text, /\n {2}"odd: key": "\\"quoted\\""\n {2}team: wine\n/);
  assert.match(text, /\nsource:\n {2}source\.git\.commit: 3f2a91c\n/);
  close();
});

test("files of two runs are listed by path, folders entered, each side told", async () => {
  const tree =
    (files: Record<string, number>) =>
    async ({ path = "" }: { path?: string }) => {
      const prefix = path === "" ? "" : `${path}/`;
      const below = Object.keys(files).filter((file) => file.startsWith(prefix));
      const names = [...new Set(below.map((file) => file.slice(prefix.length).split("/")[0] ?? ""))];
      return names.map((name) => {
        const size = files[prefix + name];
        return { path: prefix + name, is_dir: size === undefined, ...(size === undefined ? {} : { file_size: size }) };
      });
    };
  const { files, more } = await compareFiles(
    tree({ "a.txt": 1, "plots/roc.png": 5 }),
    tree({ "plots/roc.png": 7, "plots/deep/x.csv": 2 }),
  );
  assert.equal(more, false);
  assert.deepEqual(files, [
    { path: "a.txt", in: [true, false], size: [1, null] },
    { path: "plots/deep/x.csv", in: [false, true], size: [null, 2] },
    { path: "plots/roc.png", in: [true, true], size: [5, 7] },
  ]);
});

test("what changed between two commits: added, changed, removed and renamed files", async () => {
  const root = temporaryFolder("flowdeck-commits-");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" });
  git("init", "-q");
  const long = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join("");
  for (const [name, text] of Object.entries({ "train.py": "a = 1\n", "old.py": long, "gone.py": "x\n" }))
    writeFileSync(join(root, name), text);
  git("add", ".");
  git("commit", "-qm", "one");
  const left = git("rev-parse", "HEAD").trim();
  writeFileSync(join(root, "train.py"), "a = 2\n");
  writeFileSync(join(root, "with space.py"), "n\n");
  git("mv", "old.py", "new.py");
  git("rm", "-q", "gone.py");
  git("add", ".");
  git("commit", "-qm", "two");
  const right = git("rev-parse", "HEAD").trim();
  const at = (name: string) => join(root, name);
  assert.deepEqual(
    (await changedFiles(root, left, right)).toSorted((a, b) =>
      (a.right ?? a.left ?? "") < (b.right ?? b.left ?? "") ? -1 : 1,
    ),
    [
      { left: at("gone.py") },
      { left: at("old.py"), right: at("new.py") },
      { left: at("train.py"), right: at("train.py") },
      { right: at("with space.py") },
    ],
  );
  assert.match(await commitDiff(root, left, right), /-a = 1\n\+a = 2\n/);
});
