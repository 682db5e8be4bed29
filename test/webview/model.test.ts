import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricDifference, TextDifference } from "../../src/mlflow/modelVersions.ts";
import type { HistoryRow } from "../../src/protocol/panels/model.ts";
import { finiteBeside, finiteDetails } from "../../src/webview/panels/model/border.ts";
import { nextOrder, versionColumns } from "../../src/webview/panels/model/columns.ts";
import { DEFAULT_ARRANGEMENT, readModelArrangement } from "../../src/webview/panels/model/savedView.ts";
import { championOf, holderOf, targetOf, targetsOf, targetText } from "../../src/webview/panels/model/targets.ts";
import {
  actPieces,
  changeText,
  countText,
  environmentBeside,
  metricsSentence,
  metricTexts,
  signatureBeside,
  signatureText,
  versionTitle,
} from "../../src/webview/panels/model/words.ts";
import { beside, details, row } from "./support/versions.ts";

test("a version is called by its champion's alias, another alias, or its stage", () => {
  const titles = [
    row("5", { aliases: ["best", "champion"], current_stage: "Production" }),
    row("6", { aliases: ["challenger"] }),
    row("4", { current_stage: "Archived" }),
    row("3"),
  ].map(versionTitle);
  assert.deepEqual(titles, ["5 @champion", "6 @challenger", "4 Archived", "3"]);
});

test("two values of a metric stand in one format, their difference signed and judged by the metric's direction", () => {
  const cases: [
    Parameters<typeof metricTexts>[0],
    string | undefined,
    string | undefined,
    string | undefined,
    boolean?,
  ][] = [
    [{ key: "val_rmse", value: 0.5571, against: 0.5612 }, "0.5571", "0.5612", "−0.0041", true],
    [{ key: "val_r2", value: 0.5571, against: 0.5612 }, "0.5571", "0.5612", "−0.0041", false],
    [{ key: "loss", value: 2, against: 2 }, "2", "2", "0"],
    [{ key: "loss", value: Number.NaN, against: 2 }, "NaN", "2", undefined],
    [{ key: "loss", against: 2 }, undefined, "2", undefined],
  ];
  for (const [given, value, against, difference, better] of cases) {
    assert.deepEqual(metricTexts(given), { value, against, difference, better }, JSON.stringify(given));
  }
});

test("a signature is told by its counts, and by what differs from another version's", () => {
  assert.equal(signatureText({ inputs: 11, outputs: 1, params: 0 }), "11 in, 1 out");
  assert.equal(signatureText({ inputs: 1, outputs: 1, params: 2 }), "1 in, 1 out, 2 params");
  const other: TextDifference & { part: "inputs" } = {
    part: "inputs",
    key: "pH",
    value: "long",
    against: "double",
    same: false,
  };
  const gone = { part: "inputs", key: "age", against: "long", same: false } as const;
  assert.deepEqual(signatureBeside({ state: "same", rows: [] }, "5"), { text: "same as 5", same: true });
  assert.deepEqual(signatureBeside({ state: "differs", rows: [other] }, "5"), {
    text: "pH double → long",
    same: false,
  });
  const both = signatureBeside({ state: "differs", rows: [gone, other] }, "5");
  assert.deepEqual(both, { text: "age gone and 1 more", same: false });
  const moved = signatureBeside({ state: "differs", rows: [{ ...other, same: true }] }, "5");
  assert.deepEqual(moved, { text: "in another order than 5", same: false });
  assert.equal(signatureBeside({ state: "unknown", rows: [] }, "5"), undefined);
  assert.equal(signatureBeside({ state: "absent", rows: [] }, "5"), undefined);
});

test("an environment is told by the first package that differs, the others in the hover", () => {
  const rows = [
    { key: "numpy", value: "2.1", against: "2.1", same: true },
    { key: "xgboost", value: "3.1.0", against: "3.0.2", same: false },
    { key: "polars", value: "1.0", same: false },
  ];
  assert.deepEqual(environmentBeside({ state: "differs", rows }, "5"), {
    text: "xgboost 3.0.2 → 3.1.0 and 1 more",
    same: false,
    title: "xgboost 3.0.2 → 3.1.0\npolars 1.0 new",
  });
  assert.equal(environmentBeside({ state: "same", rows: [] }, "5")?.text, "same as 5");
  assert.equal(environmentBeside({ state: "unknown", rows: [] }, "5"), undefined);
  assert.equal(changeText({ key: "sklearn", value: "", same: false }), "sklearn new");
});

test("how two versions compare is one sentence", () => {
  const metric = (key: string, value: number, against?: number): MetricDifference => ({
    ...{ key, value, direction: "lower", verdict: "unknown" },
    ...(against === undefined ? {} : { against }),
  });
  const cases: [MetricDifference[], string][] = [
    [[metric("rmse", 1, 2), metric("mae", 1, 2)], "Better than 5 in 2 of 2 metrics."],
    [[metric("rmse", 2, 1)], "Worse than 5 in 1 of 1 metric."],
    [[metric("rmse", 1, 2), metric("mae", 2, 1)], "Better than 5 in 1, worse in 1 of 2 metrics."],
    [[metric("rmse", 1, 1)], "As good as 5 in 1 metric."],
    [[metric("rmse", 1)], "No metric is logged for both, so it cannot be measured by 5."],
  ];
  for (const [metrics, sentence] of cases) assert.equal(metricsSentence(metrics, "5"), sentence);
});

test("an act is words with aliases and stages as badges", () => {
  const plain = (act: HistoryRow) =>
    actPieces(act)
      .map((piece) => {
        if (piece.kind === "text") return piece.text;
        return piece.kind === "alias"
          ? `@${piece.alias}`
          : piece.kind === "stage"
            ? `[${piece.stage}]`
            : piece.run_name;
      })
      .join(" ");
  const act = { time: 1, who: "mira" };
  const alias = { ...act, what: "alias", alias: "champion", version: "5" } as const;
  const run = { run_id: "r", run_name: "crane", experiment_id: "1", lifecycle_stage: "active", ordinal: 1 } as const;
  for (const [given, words] of [
    [{ ...alias, from: "4", to: "5" }, "alias @champion moved from 4 to 5"],
    [{ ...alias, to: "5" }, "alias @champion set on 5"],
    [{ ...alias, from: "5" }, "alias @champion removed from 5"],
    [
      { ...act, what: "stage", version: "5", from: "Staging", to: "Production", archived: ["4", "3"] },
      "5 from Staging to [Production] , 4, 3 archived",
    ],
    [{ ...act, what: "registered", version: "4", run }, "4 registered from run crane"],
    [{ ...act, what: "registered", version: "4" }, "4 registered"],
  ] as [HistoryRow, string][])
    assert.equal(plain(given), words);
});

test("the champion is who has the alias, else who is in Production; targets are aliases and stages", () => {
  const aliases = [
    { alias: "first", version: "1" },
    { alias: "champion", version: "5" },
  ];
  const stages = [{ stage: "Production", version: "4" }] as const;
  assert.equal(championOf({ aliases, stages: [...stages] }), "5");
  assert.equal(championOf({ aliases: [], stages: [...stages] }), "4");
  assert.equal(championOf({ aliases: [], stages: [] }), undefined);
  assert.deepEqual(targetsOf({ aliases }), ["@champion", "@first", "Staging", "Production"]);
  for (const text of targetsOf({ aliases })) assert.equal(targetText(targetOf(text)), text);
  assert.equal(holderOf({ aliases, stages: [] }, { alias: "none" }), undefined);
});

test("the run's column takes the room that the others leave, and goes first where there is none", () => {
  const ids = (width: number, more = {}) =>
    versionColumns({ metric: "rmse", hasChampion: true, hasStatus: false, width, ...more }).map(({ id }) => id);
  const all = ["version_number", "alias", "stage", "run_name", "metric", "delta", "creation_timestamp"];
  assert.deepEqual(ids(640), all);
  assert.deepEqual(ids(380), ["version_number", "alias", "metric", "delta", "creation_timestamp"]);
  assert.deepEqual(
    ids(640, { hasChampion: false, metric: undefined }),
    all.filter((id) => !/metric|delta/.test(id)),
  );
  assert.ok(ids(640, { hasStatus: true }).includes("status"));
  const wide = versionColumns({ metric: "rmse", hasChampion: true, hasStatus: false, width: 1_200 });
  assert.equal(
    wide.reduce((sum, column) => sum + column.width, 0),
    1_200,
  );
});

test("a header sorts one way, the other way, then newest first again", () => {
  const columns = versionColumns({ metric: "rmse", hasChampion: true, hasStatus: false, width: 640 });
  const newest = { by: "version_number", ascending: false } as const;
  const up = nextOrder(columns, newest, "metric");
  assert.deepEqual(up, { by: "metric", ascending: true });
  const down = nextOrder(columns, up, "metric");
  assert.deepEqual(down, { by: "metric", ascending: false });
  assert.deepEqual(nextOrder(columns, down, "metric"), newest);
});

test("what an earlier version saved is taken as far as it has the right kind", () => {
  assert.deepEqual(readModelArrangement(undefined), DEFAULT_ARRANGEMENT);
  assert.deepEqual(readModelArrangement({ filter: 7, checked: null, order: { by: "colour" } }), DEFAULT_ARRANGEMENT);
  const kept = { filter: "tags.a = 'b'", selected: "4", checked: ["4", 5], compared: ["6", "5", "4"] };
  const { filter, selected, checked, compared } = readModelArrangement(kept);
  assert.deepEqual([filter, selected, checked, compared], ["tags.a = 'b'", "4", ["4"], ["6", "5"]]);
});

test("a metric that is NaN, which JSON has not, arrives as one", () => {
  const nan = JSON.parse(JSON.stringify({ key: "loss", value: Number.NaN })) as { key: string; value: number };
  assert.ok(Number.isNaN(finiteDetails(details("6", { metrics: [nan] })).metrics[0]?.value));
  const rows: MetricDifference[] = [{ ...nan, direction: "lower", verdict: "unknown" }];
  const [found] = finiteBeside(beside("6", "5", { metrics: rows })).differences.metrics;
  assert.ok(Number.isNaN(found?.value));
  assert.ok(found !== undefined && !("against" in found));
});

test("versions are counted, and how many of them match", () => {
  assert.equal(countText(undefined, 0, false), "");
  assert.equal(countText(1, 1, false), "1 version");
  assert.equal(countText(2, 10_000, true), "2 of 10,000 versions");
});
