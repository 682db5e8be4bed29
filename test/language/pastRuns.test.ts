import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bestRun } from "../../src/extension/language/bestRun.ts";
import { complete } from "../../src/language/service/completion.ts";
import { hover } from "../../src/language/service/hover.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { shellQuote, shellUnquote } from "../../src/projects/shellQuote.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";
import type { PastRun } from "../../src/protocol/language.ts";
import { withCursor } from "./cursorText.ts";

const MINUTE = 60_000;
const now = 10 * MINUTE;
const run = (id: string, status: string, eta: string, more: Partial<PastRun> = {}): PastRun => ({
  run_id: id,
  experiment_id: "1",
  run_name: `run-${id}`,
  status,
  start_time: 0,
  params: [{ key: "eta", value: eta }],
  ...more,
});
const runs = [
  run("c", "RUNNING", "0.06"),
  run("b", "FINISHED", "0.08", { end_time: 8 * MINUTE, metric: { key: "rmse", value: 0.5612 } }),
  run("a", "FAILED", "0.06", { end_time: MINUTE }),
];

const ask = (marked: string) => {
  const { text, offset } = withCursor(marked);
  return { document: readMlproject(text), offset };
};
const main = (eta: string, command: string) =>
  `entry_points:\n  main:\n    parameters:\n      eta: ${eta}\n    command: ${command}\n`;

describe("values of earlier runs", () => {
  test("a hover shows the latest with their runs and results", () => {
    const { document, offset } = ask(main("float", "python x.py {e|ta}"));
    const contents = hover(document, offset, undefined, {
      uri: "file:///p/MLproject",
      mayRun: true,
      runs: () => runs,
      now,
    })?.contents;
    const text = typeof contents === "object" && "value" in contents ? contents.value : "";
    const rows = text.split("\n").filter((line) => line.startsWith("| 0."));
    assert.deepEqual(
      rows.map((row) => row.replace(/\(command:[^)]*\)/, "").replaceAll("&nbsp;", "")),
      [
        "| 0.06 | [run-c] | running |  |",
        "| 0.08 | [run-b] | 2 m ago | rmse 0.5612 |",
        "| 0.06 | [run-a] | failed 9 m ago |  |",
      ],
    );
    assert.ok(text.includes(`command:flowdeck.tracking.openRun?${encodeURIComponent('[{"run_id":"c"}]')}`));
  });
  test("a value of several lines stays in its row", () => {
    const { document, offset } = ask(main("float", "python x.py {e|ta}"));
    const past = [run("c", "FINISHED", "one\r\n  two\n| three", { end_time: MINUTE, run_name: "a\nb" })];
    const query = { uri: "file:///p/MLproject", mayRun: true, runs: () => past, now };
    const text = JSON.stringify(hover(document, offset, undefined, query)?.contents);
    assert.match(text, /\\n\| one ↵ two ↵ \\\\\| three&nbsp;&nbsp; \| \[a ↵ b\]\([^)]*\)&nbsp;&nbsp; \| 9 m ago/);
  });
  test("completion offers them as a default, and tells of them beside a placeholder", () => {
    const values = ask(main("{type: float, default: |}", "x"));
    const items = complete({ ...values, explicit: true, pastRuns: () => runs });
    assert.deepEqual(
      items.map(({ label }) => label),
      ["0.06", "0.08"],
    );
    const [placeholder] = complete({ ...ask(main("float", "x {|}")), explicit: true, pastRuns: () => runs });
    assert.equal(placeholder?.documentation, "Used in 3 runs: 0.06, 0.08");
  });
  test("a hover shows the best run, too, when it is an older one", () => {
    const { document, offset } = ask(main("float", "python x.py {e|ta}"));
    const best = run("best", "FINISHED", "a b", { end_time: 0, metric: { key: "val_rmse", value: 0.5 }, best: true });
    const contents = hover(document, offset, undefined, {
      uri: "file:///p/MLproject",
      mayRun: true,
      runs: () => [...runs, ...runs, best],
      now,
    })?.contents;
    assert.match(
      JSON.stringify(contents).replaceAll("&nbsp;", ""),
      /run-b[^]*\| a b \| \[run-best\][^|]*\| 10 m ago \| val\\\\_rmse \*\*0.5000\*\* best \|/,
    );
  });
  const best = run("best", "FINISHED", "0.05", { end_time: 0, metric: { key: "rmse", value: 0.5 }, best: true });
  const links = (command: string, past: PastRun[], mayRun = true) => {
    const { document, offset } = ask(main("{type: float, default: 0.08}", command));
    const contents = hover(document, offset, undefined, {
      uri: "file:///p/MLproject",
      mayRun,
      runs: () => past,
      now,
    })?.contents;
    const line = typeof contents === "object" && "value" in contents ? (contents.value.split("\n").at(-1) ?? "") : "|";
    if (line.startsWith("|")) return [];
    const found = [...line.matchAll(/\[((?:\\.|[^\]\\])*)\]\(command:([\w.]+)\?([^)]*)\)/g)];
    const apart = found.map(([link = "", label, name, args = ""]) => ({
      link,
      told: [label, name, JSON.parse(decodeURIComponent(args))],
    }));
    assert.equal(apart.map(({ link }) => link).join(" · "), apart.length === 0 ? "" : line);
    return apart.map(({ told }) => told);
  };
  const chart = [
    "Chart eta against rmse",
    "flowdeck.tracking.openExperiment",
    [{ experiment_id: "1", chart: { param: "eta", metric: "rmse" } }],
  ];
  test("a hover offers to run with the best value, and to chart what came of the values", () => {
    const withBest = ["Run with 0.05", "flowdeck.projects.run", ["file:///p/MLproject", "main", { eta: "0.05" }]];
    assert.deepEqual(links("python x.py {e|ta}", [...runs, best]), [withBest, chart]);
  });
  test("where nothing may be run, a hover offers the chart alone", () => {
    assert.deepEqual(links("python x.py {e|ta}", [...runs, best], false), [chart]);
  });
  test("a hover offers neither the default nor what failed, and no chart of one value", () => {
    assert.deepEqual(links("python x.py {e|ta}", runs), []);
  });
  test("a value with brackets runs as it is", () => {
    const odd = run("odd", "FINISHED", "f(x) [1]");
    assert.deepEqual(links("python x.py {e|ta}", [odd])[0]?.[2], ["file:///p/MLproject", "main", { eta: "f(x) [1]" }]);
  });

  test("the best run is that of the newest run's metric, in its direction, when another logged it", () => {
    const logged = (id: string, key: string, value: number) => run(id, "FINISHED", "1", { metric: { key, value } });
    const all = [logged("x", "rmse", Number.MAX_VALUE), logged("a", "rmse", 0.6), logged("b", "rmse", 0.5)];
    assert.equal(bestRun([...all, logged("c", "accuracy", 0)], directionByName)?.run_id, "b");
    assert.equal(bestRun(all, () => "higher")?.run_id, "a");
    assert.equal(bestRun(all.slice(0, 2), directionByName), undefined);
    assert.equal(bestRun([], directionByName), undefined);
  });
  test("the quotes that MLflow logs around a value are taken off", () => {
    for (const text of ["a b", "it's", "", "'", "plain"]) assert.equal(shellUnquote(shellQuote(text)), text);
    for (const text of ["'a'", "'a' 'b'", "'"]) assert.equal(shellUnquote(text), text);
  });
  test("nothing is told of a parameter that no run had", () => {
    const { document, offset } = ask(main("float", "python x.py {l|r}").replace("eta:", "lr:"));
    const contents = hover(document, offset, undefined, {
      uri: "file:///p/MLproject",
      mayRun: true,
      runs: () => runs,
      now,
    })?.contents;
    assert.ok(!JSON.stringify(contents).includes("run-c"));
  });
});
