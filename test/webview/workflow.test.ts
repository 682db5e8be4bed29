import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowOverview, WorkflowStep } from "../../src/protocol/panels/workflow.ts";
import { SWEEP_OWNER_TAG, WORKFLOW_FILE_TAG } from "../../src/protocol/tags.ts";
import { SWEEP_TAG } from "../../src/projects/sweep/state.ts";
import { WORKFLOW_TAG } from "../../src/projects/workflow/state.ts";
import { stepLogOf } from "../../src/extension/workflows/stepLog.ts";
import { fitted, panned, revealing, zoomed } from "../../src/webview/panels/workflow/camera.ts";
import { edgeKey, layoutOf, nondecreasing, NODE_HEIGHT, NODE_WIDTH } from "../../src/webview/panels/workflow/layout.ts";
import { crossings } from "../../src/webview/panels/workflow/order.ts";
import { linePath } from "../../src/webview/panels/workflow/linePath.ts";
import { sameSteps } from "../../src/webview/panels/workflow/sameSteps.ts";
import { readWorkflowArrangement } from "../../src/webview/panels/workflow/savedView.ts";
import { timelineOf } from "../../src/webview/panels/workflow/timeline.ts";
import { walk } from "../../src/webview/panels/workflow/walk.ts";
import {
  doneText,
  lineOf,
  reuseText,
  runLabels,
  shareOf,
  heardOf,
  waitedFor,
} from "../../src/webview/panels/workflow/words.ts";
import { step, workflow } from "./support/workflowSteps.ts";

/** Edges written `a → b`. */
function shape(...edges: string[]) {
  const pairs = edges.map((edge) => {
    const [from = "", to = ""] = edge.split(" → ");
    return { from, to };
  });
  return { ids: [...new Set(pairs.flatMap(({ from, to }) => [from, to]))], edges: pairs };
}

const MINUTE = 60_000;

test("the names of tags are those that the runner writes", () => {
  deepEqual([WORKFLOW_FILE_TAG, SWEEP_OWNER_TAG], [WORKFLOW_TAG.file, SWEEP_TAG.sweep]);
});

test("steps stand in columns, each behind all that it waits for, and none over another", () => {
  const { places, width, height } = layoutOf(shape("a → b", "a → c", "b → d", "c → d", "a → d"));
  deepEqual(
    [...places].map(([id, { column }]) => `${id} ${column}`),
    ["a 0", "b 1", "c 1", "d 2"],
  );
  equal(width, 3 * NODE_WIDTH + 2 * 64);
  const [b, c] = [places.get("b")?.y ?? 0, places.get("c")?.y ?? 0];
  ok(c - b >= NODE_HEIGHT + 20, `${b} and ${c} overlap`);
  ok(height >= c + NODE_HEIGHT);
  // What is between two others stands in their middle.
  equal(places.get("d")?.y, places.get("a")?.y);
});

test("a line that passes a column goes between its steps, not behind them", () => {
  const { places, lines } = layoutOf(shape("a → b", "b → c", "a → c"));
  const way = lines.get(edgeKey({ from: "a", to: "c" })) ?? [];
  equal(way.length, 4);
  const b = places.get("b");
  const lane = way[1]?.y ?? 0;
  ok(lane < (b?.y ?? 0) || lane > (b?.y ?? 0) + NODE_HEIGHT, `the line at ${lane} runs through the step at ${b?.y}`);
});

test("columns are ordered so that lines need not cross", () => {
  const crossed = shape("a → y", "b → x", "c → z");
  const { places } = layoutOf({ ids: ["a", "b", "c", "x", "y", "z"], edges: crossed.edges });
  const at = (id: string) => places.get(id)?.y ?? 0;
  for (const [one, other] of [
    ["a", "b"],
    ["a", "c"],
    ["b", "c"],
  ] as const) {
    const to = (id: string) => at(crossed.edges.find(({ from }) => from === id)?.to ?? "");
    equal(Math.sign(at(one) - at(other)), Math.sign(to(one) - to(other)), `${one} and ${other} cross`);
  }
});

test("crossings are counted", () => {
  const slots = (...ids: string[]) => ids.map((id) => ({ id, column: 0, isLane: false }));
  const links = [
    { from: "a", to: "y" },
    { from: "b", to: "x" },
    { from: "b", to: "y" },
  ];
  equal(crossings([slots("a", "b"), slots("x", "y")], links), 1);
  equal(crossings([slots("b", "a"), slots("x", "y")], links), 0);
});

test("edges in a circle, to nowhere or to itself do not keep a graph from being drawn", () => {
  const { places, lines } = layoutOf({
    ids: ["a", "b", "c"],
    edges: [...shape("a → b", "b → a", "c → c", "a → gone").edges],
  });
  equal(places.size, 3);
  equal(lines.size, 1);
});

test("values are brought into order by as little as it takes", () => {
  deepEqual(nondecreasing([1, 3, 2, 2, 5]), [1, 7 / 3, 7 / 3, 7 / 3, 5]);
  deepEqual(nondecreasing([]), []);
});

test("a graph of 200 steps is laid out within a second of work", () => {
  const ids = Array.from({ length: 200 }, (_, i) => `s${i}`);
  const edges = ids.flatMap((to, i) =>
    [1, 7, 19].flatMap((back) => (i >= back ? [{ from: ids[i - back] ?? "", to }] : [])),
  );
  const wide = ids.slice(1, -1).flatMap((id) => [
    { from: "s0", to: id },
    { from: id, to: "s199" },
  ]);
  const before = process.cpuUsage();
  const deep = layoutOf({ ids, edges });
  const broad = layoutOf({ ids, edges: wide });
  const { user } = process.cpuUsage(before);
  equal(deep.places.size + broad.places.size, 400);
  ok(user < 1_000_000, `${user / 1000} ms`);
});

test("lines are level where they leave and arrive", () => {
  const straight = linePath([
    { x: 0, y: 10 },
    { x: 100, y: 10 },
  ]);
  equal(straight.line, "M0 10H93");
  const curved = linePath([
    { x: 0, y: 0 },
    { x: 107, y: 40 },
  ]);
  equal(curved.line, "M0 0C50 0 50 40 100 40");
});

test("arrows lead along the lines, and up and down in a column", () => {
  const { edges, ids } = shape("a → b", "a → c", "b → d", "c → d");
  const layout = layoutOf({ ids, edges });
  deepEqual(
    [
      walk("a", "right", layout, edges),
      walk("b", "down", layout, edges),
      walk("c", "right", layout, edges),
      walk("d", "left", layout, edges),
      walk("a", "left", layout, edges),
      walk("gone", "left", layout, edges),
    ].map((id) => id ?? "–"),
    ["b", "c", "d", "b", "–", "–"],
  );
});

test("a small graph is seen whole in the middle, a large one from its beginning, and none is enlarged", () => {
  const room = { width: 800, height: 500 };
  deepEqual(fitted({ width: 400, height: 100 }, room), { zoom: 1, x: 200, y: 192 });
  const large = fitted({ width: 400, height: 18_000 }, room);
  equal(large.zoom, 0.5);
  equal(large.y, 24);
});

test("zooming keeps the point under the pointer, panning keeps the graph in sight", () => {
  const camera = zoomed({ zoom: 1, x: 10, y: 20 }, 2, { x: 110, y: 120 });
  deepEqual(camera, { zoom: 2, x: -90, y: -80 });
  equal(zoomed(camera, 10, { x: 0, y: 0 }).zoom, 2);
  const room = { width: 500, height: 400 };
  const graph = { width: 1000, height: 100 };
  deepEqual(panned({ zoom: 1, x: 0, y: 0 }, { x: -9000, y: 9000 }, graph, room), { zoom: 1, x: -952, y: 352 });
});

test("a step that the keyboard comes to is brought into sight", () => {
  const room = { width: 500, height: 400 };
  const box = { x: 600, y: 0, width: 188, height: 64 };
  const seen = revealing({ zoom: 1, x: 24, y: 24 }, box, room);
  ok(seen.x + box.x + box.width <= room.width, `${seen.x}`);
  equal(seen.y, 24);
  deepEqual(revealing({ zoom: 1, x: -200, y: 24 }, box, { width: 900, height: 400 }), { zoom: 1, x: -200, y: 24 });
});

test("a workflow says how far it is", () => {
  const steps = [step("a", { status: "finished" }), step("b", { status: "cached" }), step("c", { status: "failed" })];
  equal(doneText([...steps, step("d"), step("e", { status: "running" })]), "2 of 5 steps done · 1 failed");
  equal(doneText([step("a")]), "0 of 1 step done");
});

const failedTry = { started_at: 0, ended_at: 20_000, status: "failed", exitCode: 1 } as const;

const lines: [what: string, one: WorkflowStep, line: string][] = [
  [
    "its metric",
    step("a", { status: "finished", metrics: [{ key: "val_rmse", value: 0.58742, step: 3, timestamp: 0 }] }),
    "val_rmse 0.5874",
  ],
  ["done", step("a", { status: "finished" }), "done"],
  [
    "how it ended",
    step("a", { status: "failed", tries: [failedTry, failedTry], tries_allowed: 2 }),
    "exit 1, try 2 of 2",
  ],
  ["no exit code", step("a", { status: "failed", tries: [{ started_at: 0, status: "failed" }] }), "failed"],
  [
    "age of what was reused",
    step("a", { status: "cached", run: { run_id: "r", run_name: "n", start_time: MINUTE } }),
    "reused from 1 m ago",
  ],
  ["what failed before it", step("c", { status: "blocked", needs: ["x"] }), "will not start: x failed"],
  ["what it waits for", step("c", { needs: ["y"] }), "waits for y"],
  ["its turn", step("c"), "waits for its turn"],
];

for (const [what, one, line] of lines) {
  test(`a step shows ${what}`, () => {
    const of = workflow([step("x", { status: "failed" }), step("y", { status: "running" }), one]);
    equal(lineOf(one, of, "", 2 * MINUTE), line);
  });
}

test("the metric that the person chose stands on every step that has it", () => {
  const metrics = ["val_rmse", "train_rmse"].map((key, i) => ({ key, value: i, step: 2, timestamp: 0 }));
  const one = step("a", { status: "finished", metrics });
  const of = workflow([one]);
  deepEqual([lineOf(one, of, "train_rmse", 0), lineOf(one, of, "gone", 0)], ["train_rmse 1", "val_rmse 0"]);
});

test("why a step was reused is told without the run, which stands behind it as a link", () => {
  const run = { run_id: "0ab", run_name: "prepare" };
  const reason = "Reused because the commit 3f2a91c and the environment are those of prepare (0ab).";
  equal(reuseText(step("a", { status: "cached", reason, run })), reason.replace(" prepare (0ab).", ""));
  equal(reuseText(step("a", { status: "cached", reason })), reason);
  equal(reuseText(step("a", { status: "finished", reason, run })), undefined);
});

test("a step that did not start says what it waits for in a sentence", () => {
  const x = step("x", { status: "running" });
  equal(waitedFor(step("c", { needs: ["x"] }), workflow([x])), "It starts when x is done.");
  equal(
    waitedFor(step("c", { needs: ["x"] }), workflow([x], { status: "KILLED" })),
    "The workflow ended before it could start.",
  );
  const blocked = step("c", { status: "blocked", reason: "Will not start: x failed." });
  equal(waitedFor(blocked, workflow([x])), "It will not start: x failed.");
});

test("a screen reader hears how a step stands, and what comes before it", () => {
  const one = step("b", { status: "failed", tries: [failedTry], needs: ["a"] });
  const after = "after a";
  deepEqual(heardOf(one, workflow([step("a"), one]), "exit 1"), { status: "failed", after });
  const lost = step("b", { status: "running" });
  deepEqual(heardOf(lost, workflow([], { stuck: true }), "no process"), { status: "", after: "" });
});

test("a run of a workflow is called by when it started", () => {
  const noon = new Date(2026, 10, 26, 14, 2, 33).getTime();
  const at = (start_time: number) => ({ run_name: "x", start_time });
  deepEqual(runLabels([at(noon), { run_name: "x" }], noon + 1000), ["Today 14:02", "x"]);
  deepEqual(runLabels([at(noon)], noon + 30 * 24 * 60 * MINUTE), ["26 Nov 2026 14:02"]);
  // What began in the same minute is told apart.
  deepEqual(runLabels([at(noon + MINUTE), at(noon + 20_000), at(noon)], noon + 2 * MINUTE), [
    "Today 14:03",
    "Today 14:02:53",
    "Today 14:02:33",
  ]);
});

test("the share that is done is known where the params say how far it goes", () => {
  const metrics = [{ key: "loss", value: 1, step: 41, timestamp: 0 }];
  equal(shareOf(step("a", { metrics, params: [{ key: "epochs", value: "50" }] })), 0.82);
  equal(shareOf(step("a", { metrics })), undefined);
});

test("the timeline has a bar for each try, and ends with now while it goes on", () => {
  const steps = [
    step("a", { status: "cached" }),
    step("b", { status: "running", tries: [{ started_at: 0, status: "running" }] }),
    step("c", { status: "failed", tries: [failedTry, { ...failedTry, started_at: 21_000, ended_at: 42_000 }] }),
    step("d", { status: "blocked" }),
  ];
  const { rows, ticks, now, title } = timelineOf(workflow(steps, { maxParallel: 2 }), 194_000);
  equal(title, "3 m 14 s so far · 2 at a time");
  deepEqual(
    rows.map(({ text, bars }) => `${text} ${bars.length}`),
    ["cached 1", "3 m 14 s 1", "41.0 s, retried once 2", "blocked 0"],
  );
  deepEqual(
    ticks.map(({ text }) => text),
    ["0 m", "1 m", "2 m", "", "4 m"],
  );
  equal(Math.round((now ?? 0) * 240), 194);
});

test("the row of a step that runs no more, as its workflow lost its process, does not say that it runs", () => {
  const steps = [step("a", { status: "running", tries: [{ started_at: 0, status: "running" }] })];
  const textOf = (more: Partial<WorkflowOverview>) => timelineOf(workflow(steps, more), 194_000).rows[0]?.text;
  deepEqual([textOf({}), textOf({ stuck: true })], ["3 m 14 s", "no process"]);
});

test("the time between a workflow's end and its being resumed is left out", () => {
  const hour = 60 * MINUTE;
  const first = { started_at: 0, ended_at: 60_000, status: "failed" as const };
  const again = { started_at: hour, ended_at: hour + 60_000, status: "finished" as const };
  const steps = [step("a", { status: "finished", tries: [first, again] })];
  const { breaks, rows, title } = timelineOf(
    workflow(steps, { status: "FINISHED", started_at: hour, ended_at: hour + 60_000 }),
    9 * hour,
  );
  deepEqual([breaks, title], [[{ at: 0.5, text: "59 m 00 s later" }], "2 m 00 s"]);
  deepEqual(
    rows[0]?.bars.map(({ from, to }) => [from, to]),
    [
      [0, 0.5],
      [0.5, 1],
    ],
  );
});

test("steps of which nothing changed stay the same objects", () => {
  const before = [step("a"), step("b")];
  const found = sameSteps(before, [step("a"), step("b", { status: "running" }), step("c")]);
  deepEqual([found[0] === before[0], found[1] === before[1], found.length], [true, false, 3]);
});

test("what an earlier version saved is taken as far as it fits", () => {
  deepEqual(readWorkflowArrangement({ selected: "a", zoom: "2", other: 1 }), {
    ...{ selected: "a", seen: false, metric: "", zoom: 0, x: 0, y: 0 },
  });
  equal(readWorkflowArrangement(undefined).selected, "");
});

const TRACEBACK = `epoch 3  val_rmse 0.8410
Traceback (most recent call last):
  File "train_mlp.py", line 44, in fit
    x = batch["alcohol"].to_numpy()
  File "/env/lib/python3.12/site-packages/pandas/core/frame.py", line 4102, in __getitem__
    indexer = self.columns.get_loc(key)
KeyError: 'alcohol'
`;

test("the last traceback tells the error, and the last line of it that is the project's own", () => {
  const { lines: found, failure } = stepLogOf(TRACEBACK, false);
  deepEqual(failure, { error: "KeyError: 'alcohol'", at: 6, file: "train_mlp.py", line: 44 });
  equal(found.length, 7);
});

test("a log is its last lines, without colours and without what a progress bar wrote over", () => {
  const escape = String.fromCodePoint(27);
  const { lines: found, isCut, failure } = stepLogOf(`${escape}[31mred${escape}[0m\n 1%\r 50%\r100%\r\n\n`, true);
  deepEqual([found, isCut, failure], [["red", "100%"], true, undefined]);
  const long = stepLogOf(Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n"), false);
  deepEqual([long.lines.length, long.lines.at(-1), long.isCut], [40, "line 99", true]);
});
