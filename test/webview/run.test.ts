import assert from "node:assert/strict";
import { after, test } from "node:test";
import { signal } from "@preact/signals";
import type { FileInfo } from "../../src/mlflow/entities.ts";
import type { RunHost, RunOverview } from "../../src/protocol/panels/run.ts";
import { ArtifactTree, fileIcon } from "../../src/webview/panels/run/artifacts.ts";
import { datasetText, metricsOf, ownTags, sourceOf, startedText } from "../../src/webview/panels/run/facts.ts";
import { runModel } from "../../src/webview/panels/run/model.ts";
import { readNote } from "../../src/webview/panels/run/note.ts";
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
    ...more,
  };
}

test("a note is paragraphs, headings and lists of marked spans, never HTML", () => {
  assert.deepEqual(readNote("# Why\nLower **eta**,\nsee `a*b`.\n\n- one\n- [two](http://x)\n<b>no</b>"), [
    { kind: "heading", spans: [{ kind: "text", text: "Why" }] },
    {
      kind: "paragraph",
      spans: [
        { kind: "text", text: "Lower " },
        { kind: "bold", text: "eta" },
        { kind: "text", text: ", see " },
        { kind: "code", text: "a*b" },
        { kind: "text", text: "." },
      ],
    },
    { kind: "item", spans: [{ kind: "text", text: "one" }] },
    { kind: "item", spans: [{ kind: "text", text: "two" }] },
    { kind: "paragraph", spans: [{ kind: "text", text: "<b>no</b>" }] },
  ]);
});

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
  const host: RunHost = {
    overview: async () => (calls.push("overview"), state.overview),
    metricSeries: async ({ metric_key }) => {
      calls.push(`series ${metric_key}`);
      const steps = Float64Array.of(0, 1, 2);
      return {
        metric_key,
        lines: [{ run_id: "r1", steps, timestamps: steps, values: Float64Array.of(0.9, 0.2, 0.3), total: 3, began: 0 }],
      };
    },
    listArtifacts: state.artifacts ?? (async () => []),
    openArtifact: async () => undefined,
    openExperiment: async () => undefined,
    openRun: async () => undefined,
    copy: async () => undefined,
    showLog: async () => undefined,
  };
  const model = runModel(host, "r1", DEFAULT_RUN_ARRANGEMENT, { now: () => 0, visible: signal(true) });
  after(() => model.dispose());
  model.start();
  return { model, calls };
}

test("a metric's best is the best of its whole history, and only curves are charted", async () => {
  const { model } = panelOf({ overview: overviewOf() });
  model.series.want("loss", true);
  await until("the history", () => model.bestValue("loss") !== undefined);
  assert.equal(model.bestValue("loss"), 0.2);
  assert.deepEqual(model.charted.value, ["loss"]);
});

test("artifacts that cannot be listed are no failure of the run", async () => {
  const artifacts = () => Promise.reject(new Error("They are kept elsewhere."));
  const { model } = panelOf({ overview: overviewOf(), artifacts });
  await until("the failure of the listing", () => model.artifacts.failure.value !== undefined);
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
  state.overview = overviewOf({}, { children: [{ run_id: "c", run_name: "c", status: "FINISHED" }] });
  model.retry();
  await until("its children", () => model.sections.value.includes("children"));
  assert.equal(model.shownSection.value, "children");
});

test("a saved view of another version falls back to the overview", () => {
  assert.deepEqual(readRunArrangement({ section: "models", smoothing: 0.5 }), {
    ...DEFAULT_RUN_ARRANGEMENT,
    smoothing: 0.5,
  });
});
