import assert from "node:assert/strict";
import { test } from "node:test";
import { runLinks } from "../../src/extension/tracking/runLinks.ts";

const ID = "7c1f0e4d93b84a1fae6e2d05c8b7a319";
const RUN = `http://127.0.0.1:5174/#/experiments/1/runs/${ID}`;

test("the line that mlflow 3.17 prints names a run, its place in UTF-16 units", () => {
  const line = `🏃 View run luminous-hare-19 at: ${RUN}`;
  const [link] = runLinks(line);
  assert.deepEqual(link, {
    start: line.indexOf("http"),
    length: RUN.length,
    url: RUN,
    port: 5174,
    experiment_id: "1",
    run_id: ID,
  });
});

test("the line below it names the experiment", () => {
  const url = "http://localhost:5000/#/experiments/123456789012345678";
  const [link] = runLinks(`🧪 View experiment at: ${url}`);
  assert.deepEqual(link, { start: 23, length: url.length, url, port: 5000, experiment_id: "123456789012345678" });
});

test("a run of another machine has no port of ours", () => {
  const [link] = runLinks(`View run x at: https://mlflow.example.org/team/#/experiments/4/runs/${ID}`);
  assert.equal(link?.port, undefined);
  assert.equal(link?.run_id, ID);
});

test("two links in a line are both found", () => {
  assert.deepEqual(
    runLinks(`${RUN} and ${RUN}`).map(({ start }) => start),
    [0, RUN.length + 5],
  );
});

test("other addresses are left to the editor", () => {
  for (const line of ["http://127.0.0.1:5174/", "see https://example.org/#/models/1", "experiments/1/runs/2", ""]) {
    assert.deepEqual(runLinks(line), []);
  }
});
