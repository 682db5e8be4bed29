import assert from "node:assert/strict";
import { after, test } from "node:test";
import { signal } from "@preact/signals";
import type { FileInfo } from "../../src/mlflow/entities.ts";
import type { RunHost, RunOverview } from "../../src/protocol/panels/run.ts";
import { ArtifactTree, fileIcon } from "../../src/webview/panels/run/artifacts.ts";
import {
  changedText,
  datasetColumns,
  datasetProfile,
  datasetText,
  metricsOf,
  ownTags,
  sourceOf,
  startedText,
} from "../../src/webview/panels/run/facts.ts";
import { menuContext } from "../../src/webview/panels/run/menuContext.ts";
import { runModel } from "../../src/webview/panels/run/model.ts";
import { paramRows } from "../../src/webview/panels/run/params.ts";
import { progressText } from "../../src/webview/ui/progress.ts";
import { frameAt, withSteps } from "../../src/webview/panels/run/stepped.ts";
import { DEFAULT_RUN_ARRANGEMENT, readRunArrangement } from "../../src/webview/panels/run/savedView.ts";
import { until } from "../support/environment.ts";

function overviewOf(tags: Record<string, string> = {}, more: Partial<RunOverview> = {}): RunOverview {
  return {
    run: {
      info: {
        run_id: "r1",
        run_uuid: "r1",
        run_name: "luminous-hare-19",
        experiment_id: "1",
        user_id: "mira",
        status: "RUNNING",
        start_time: 1_000_000,
        artifact_uri: "",
        lifecycle_stage: "active",
      },
      data: {
        metrics: [
          { key: "accuracy", value: 0.5, timestamp: 0, step: 0 },
          { key: "loss", value: 0.3, timestamp: 0, step: 9 },
        ],
        params: [],
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      },
      inputs: { dataset_inputs: [], model_inputs: [] },
      outputs: { model_outputs: [] },
    },
    experiment_name: "wine",
    store_name: "mlflow.db",
    ordinal: 6,
    children: [],
    models: [],
    can: ["write"],
    ...more,
  };
}

test("MLflow's own tags are facts, not tags", () => {
  const overview = overviewOf({ team: "tabular", "mlflow.user": "mira", "mlflow.source.name": "/home/mira/train.py" });
  assert.deepEqual(ownTags(overview), [{ key: "team", value: "tabular" }]);
  assert.deepEqual(sourceOf(overview), { name: "train.py", isProject: false });
  assert.equal(sourceOf(overviewOf()), undefined);
});

test("a running run's duration grows with the clock", () => {
  assert.match(startedText(overviewOf(), 1_000_000 + 192_000) ?? "", / · 3 m 12 s$/);
});

test("a dataset tells its use and its rows as far as they are known", () => {
  const dataset = { name: "wine", digest: "d", source_type: "local", source: "{}" };
  const train = {
    tags: [{ key: "mlflow.data.context", value: "train" }],
    dataset: { ...dataset, profile: '{"num_rows":1279}' },
  };
  assert.match(datasetText(train).about, /^train · 1.?279 rows$/);
  assert.deepEqual(datasetText({ tags: [], dataset: { ...dataset, profile: "not json" } }), {
    name: "wine",
    about: "",
  });
});

test("a metric that is NaN arrives as null and is NaN again", () => {
  const overview = JSON.parse(JSON.stringify({ ...overviewOf() })) as RunOverview;
  const [metric] = overview.run.data.metrics;
  if (metric !== undefined) Reflect.set(metric, "value", null);
  assert.ok(Number.isNaN(metricsOf(overview)[0]?.value));
});

test("artifact folders are listed only when they are unfolded, folders first", async () => {
  const files: Record<string, FileInfo[]> = {
    "": [
      { path: "a.csv", is_dir: false, file_size: 10 },
      { path: "model", is_dir: true },
    ],
    model: [{ path: "model/MLmodel", is_dir: false, file_size: 5 }],
  };
  const listed: string[] = [];
  const tree = new ArtifactTree(async (path) => {
    listed.push(path);
    return files[path] ?? [];
  }, []);
  assert.equal(tree.rows(), undefined);
  tree.refresh();
  await until("the root", () => tree.rows() !== undefined);
  assert.deepEqual(
    tree.rows()?.map(({ name }) => name),
    ["model", "a.csv"],
  );
  assert.deepEqual(listed, [""]);
  assert.deepEqual(
    tree.rows()?.map(({ size }) => size),
    [undefined, 10],
  );
  assert.equal(tree.size(), undefined);
  tree.toggle("model");
  assert.equal(tree.rows()?.[0]?.loading, true);
  await until("the folder", () => tree.rows()?.length === 3);
  assert.deepEqual(
    tree.rows()?.map(({ name, depth, size }) => [name, depth, size]),
    [
      ["model", 0, 5],
      ["MLmodel", 1, 5],
      ["a.csv", 0, 10],
    ],
  );
  assert.equal(tree.size(), 15);
  tree.toggle("model");
  assert.equal(tree.rows()?.length, 2);
});

test("a search finds files in folders that nobody unfolded", async () => {
  const files: Record<string, FileInfo[]> = {
    "": [
      { path: "a", is_dir: true },
      { path: "b.txt", is_dir: false, file_size: 1 },
    ],
    a: [{ path: "a/deep", is_dir: true }],
    "a/deep": [{ path: "a/deep/Needle.txt", is_dir: false, file_size: 1 }],
  };
  const tree = new ArtifactTree(async (path) => files[path] ?? [], []);
  tree.refresh();
  tree.find("needle");
  await until("the file", () => tree.rows()?.some(({ name }) => name === "Needle.txt") === true);
  assert.deepEqual(
    tree.rows()?.map(({ file }) => file.path),
    ["a", "a/deep", "a/deep/Needle.txt"],
  );
  tree.find("");
  assert.deepEqual(
    tree.rows()?.map(({ file }) => file.path),
    ["a", "b.txt"],
  );
});

test("images of one key are one row, and the step decides which is shown", () => {
  const id = "27a66e0c-8504-49d9-98fe-bb4fbc22e206";
  const names = [
    `images/plots~roc+step+5+timestamp+1000+${id}.png`,
    `images/plots~roc+step+5+timestamp+1000+${id}+compressed.webp`,
    `images/plots~roc+step+0+timestamp+900+${id}.png`,
    `images/old#key%step%10%timestamp%800%${id}.png`,
    "images/plain.png",
  ];
  const { files, stepped } = withSteps(names.map((path) => ({ path, is_dir: false, file_size: 1 })));
  assert.deepEqual(
    files.map(({ path }) => path),
    ["images/plain.png"],
  );
  assert.deepEqual(
    stepped.map(({ path, key, frames }) => [path, key, frames.map(({ step }) => step)]),
    [
      ["images/plots~roc", "plots/roc", [0, 5]],
      ["images/old#key", "old/key", [10]],
    ],
  );
  const frames = stepped[0]?.frames ?? [];
  assert.deepEqual(
    [-1, 0, 3, 5, 99].map((step) => frameAt(frames, step)?.step),
    [5, 0, 0, 5, 5],
  );
});

test("files have the icon of their kind", () => {
  const icon = (path: string, is_dir = false) => fileIcon({ path, is_dir }, false);
  assert.deepEqual(
    ["m/MLmodel", "p/x.PNG", "noext"].map((path) => icon(path)),
    ["package", "file-media", "file"],
  );
  assert.equal(icon("model", true), "folder");
});

function panelOf(state: { overview: RunOverview; artifacts?: () => Promise<FileInfo[]> }) {
  const calls: string[] = [];
  const nothing = async () => undefined;
  const host: RunHost = {
    overview: async () => (calls.push("overview"), state.overview),
    metricSeries: async ({ metric_key, run_ids }) => {
      calls.push(`series ${metric_key}`);
      const steps = Float64Array.of(0, 1, 2);
      const values = Float64Array.of(0.9, 0.2, 0.3);
      const lines = run_ids.map((run_id) => ({ run_id, steps, timestamps: steps, values, total: 3, began: 0 }));
      return { metric_key, lines };
    },
    listArtifacts: state.artifacts ?? (async () => []),
    readArtifact: async () => ({ bytes: new Uint8Array(), size: 0 }),
    indexArtifact: async () => ({ starts: new Float64Array(), rows: 0, size: 0, binary: false }),
    readModel: async () => ({ flavors: [], environment: {} }),
    readEnvironment: async () => ({ files: [], mismatches: [] }),
    artifactUri: async () => ({ uri: "" }),
    ...{ openArtifact: nothing, saveArtifact: nothing, rename: nothing, setTag: nothing, deleteTag: nothing },
    ...{
      markFailed: nothing,
      editNote: nothing,
      stop: nothing,
      repeat: nothing,
      restore: nothing,
      openSource: nothing,
      checkOut: nothing,
    },
    ...{ chooseBaseline: nothing, clearBaseline: nothing, openExperiment: nothing, openRun: nothing, go: nothing },
    ...{ openLoggedModel: nothing, openLink: nothing, copy: nothing, showLog: nothing, openGraph: nothing },
  };
  const model = runModel(host, { uri: "sqlite:///mlflow.db", run_id: "r1" }, DEFAULT_RUN_ARRANGEMENT, {
    now: () => 0,
    visible: signal(true),
  });
  after(() => model.dispose());
  model.start();
  return { model, calls };
}

test("a command of a native menu is told the run's store: other stores may have a run of this id", () => {
  const subject = { uri: "sqlite:///b.db", run_id: "r1" };
  const { preventDefaultContextMenuItems: _no, ...told } = JSON.parse(menuContext(subject, "artifact", "a.txt"));
  assert.deepEqual(told, { webviewSection: "artifact", ...subject, path: "a.txt" });
  assert.equal(JSON.parse(menuContext(subject, "run")).uri, subject.uri);
});

test("a metric's best is the best of its whole history, and only curves are charted", async () => {
  const { model } = panelOf({ overview: overviewOf() });
  model.series.want("loss", true);
  await until("the history", () => model.extremesOf("loss") !== undefined);
  assert.deepEqual(model.extremesOf("loss"), { best: 0.2, min: 0.2, max: 0.9 });
  assert.deepEqual(model.charted.value, ["loss"]);
});

test("artifacts that cannot be listed are no failure of the run", async () => {
  const artifacts = () => Promise.reject(new Error("They are kept elsewhere."));
  const { model } = panelOf({ overview: overviewOf(), artifacts });
  await until("the failure of the listing", () => model.artifacts.tree.failure.value !== undefined);
  await until("the run", () => model.overview.value !== undefined);
  assert.equal(model.failure.value, undefined);
});

test("only changes that concern the run are read", async () => {
  const { model, calls } = panelOf({ overview: overviewOf() });
  await until("the run", () => model.overview.value !== undefined);
  const change = { everything: false, experiment_ids: ["1"], models: false };
  await model.told.storeChanged({ ...change, run_ids: ["another"] });
  await model.told.storeChanged({ ...change, run_ids: ["r1"] });
  await model.told.storeChanged({ ...change, run_ids: ["r1"] });
  await until("it was read again", () => calls.filter((call) => call === "overview").length === 2);
});

test("artifacts are listed again when a logged model was made", async () => {
  let listings = 0;
  const artifacts = async () => (listings++, []);
  const { model } = panelOf({ overview: overviewOf(), artifacts });
  await until("the first listing", () => listings === 1);
  await model.told.storeChanged({ everything: false, experiment_ids: [], run_ids: [], models: true });
  await until("the second", () => listings === 2);
});

test("the section of children exists only when there are some", async () => {
  const state = { overview: overviewOf() };
  const { model } = panelOf(state);
  await until("the run", () => model.overview.value !== undefined);
  model.section.value = "children";
  assert.equal(model.shownSection.value, "overview");
  state.overview = overviewOf({}, { children: [{ run_id: "c", run_name: "c", status: "FINISHED", ordinal: 1 }] });
  model.retry();
  await until("its children", () => model.sections.value.includes("children"));
  assert.equal(model.shownSection.value, "children");
});

test("a baseline's line stands beside the run's own", async () => {
  const baseline = { run_id: "b", run_name: "crane", ordinal: 2, params: [], metrics: [] };
  const { model } = panelOf({ overview: overviewOf({}, { baseline }) });
  model.series.want("loss", true);
  const lines = model.linesOf("loss");
  await until("both lines", () => lines.value.length === 2);
  assert.deepEqual(
    lines.value.map(({ run_id, baseline: isBaseline = false }) => [run_id, isBaseline]),
    [
      ["b", true],
      ["r1", false],
    ],
  );
});

test("a saved view of another version falls back to the overview", () => {
  assert.deepEqual(readRunArrangement({ section: "models", smoothing: 0.5 }), {
    ...DEFAULT_RUN_ARRANGEMENT,
    smoothing: 0.5,
  });
});

test("progress is told where a param says how far the run goes", () => {
  const metric = (key: string, step: number) => ({ key, value: 1, timestamp: 41_000, step });
  const told = (params: Record<string, string>, metrics = [metric("loss", 410)]) =>
    progressText(
      Object.entries(params).map(([key, value]) => ({ key, value })),
      metrics,
      0,
      41_000,
    );
  assert.equal(told({ max_steps: "500" }), "step 410 of 500 · about 9 s left");
  assert.equal(told({ epochs: "5", n_estimators: "500" }), "step 410 of 500 · about 9 s left");
  assert.equal(told({ epochs: "5" }), undefined);
  assert.equal(told({ max_steps: "many" }), undefined);
  assert.equal(told({ max_steps: "410" }), "step 410 of 410");
  assert.equal(told({ max_steps: "500" }, [metric("system/cpu", 400)]), undefined);
});

test("params tell what the baseline has instead, and only then", () => {
  const own = [
    { key: "eta", value: "0.06" },
    { key: "depth", value: "6" },
    { key: "objective", value: "reg" },
  ];
  const before = [
    { key: "eta", value: "0.08" },
    { key: "depth", value: "6" },
    { key: "booster", value: "gbtree" },
  ];
  assert.deepEqual(paramRows(own, before, ""), [
    { key: "eta", value: "0.06", was: "0.08" },
    { key: "depth", value: "6" },
    { key: "objective", value: "reg", was: "not logged" },
    { key: "booster", was: "gbtree" },
  ]);
  assert.deepEqual(paramRows(own, undefined, "REG"), [{ key: "objective", value: "reg" }]);
});

test("a working tree that was changed says so", () => {
  const diff = "diff --git a/x b/x\n+1\ndiff --git a/y b/y\n-1\n";
  assert.equal(changedText(overviewOf({ "mlflow.source.git.diff": diff })), "+ 2 changed files");
  assert.equal(changedText(overviewOf({ "mlflow.source.git.dirty": "true" })), "+ uncommitted changes");
  assert.equal(changedText(overviewOf({ "mlflow.source.git.dirty": "false" })), undefined);
});

test("a dataset's columns and profile are told as far as they can be read", () => {
  const dataset = { name: "wine", digest: "d", source_type: "local", source: "{}" };
  const schema = '{"mlflow_colspec":[{"type":"double","name":"alcohol"},{"type":"string"}]}';
  assert.deepEqual(datasetColumns({ ...dataset, schema }), [
    { name: "alcohol", type: "double" },
    { name: "", type: "string" },
  ]);
  const tensors =
    '{"mlflow_tensorspec":{"features":"[{\\"type\\":\\"tensor\\",\\"tensor-spec\\":{\\"dtype\\":\\"float64\\",\\"shape\\":[-1,2]}}]"}}';
  assert.deepEqual(datasetColumns({ ...dataset, schema: tensors }), [{ name: "features", type: "float64 (-1, 2)" }]);
  assert.deepEqual(datasetProfile({ ...dataset, profile: '{"num_rows":3,"nested":{}}' }), [
    { name: "num_rows", value: "3" },
  ]);
  for (const broken of ["", "[", "null", "3"]) {
    assert.deepEqual(datasetColumns({ ...dataset, schema: broken }), []);
    assert.deepEqual(datasetProfile({ ...dataset, profile: broken }), []);
  }
});
