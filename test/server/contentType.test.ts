import assert from "node:assert/strict";
import { test } from "node:test";
import { contentType } from "../../src/server/contentType.ts";

// What mlflow 3.17.2's server calls these files, pages apart.
const TYPES: readonly [name: string, type: string][] = [
  ["MLmodel", "text/plain"],
  ["conda.yaml", "text/plain"],
  ["eval_table.json", "text/plain"],
  ["table.csv", "text/plain"],
  ["table.tsv", "text/plain"],
  ["explore.ipynb", "text/plain"],
  ["plot.png", "image/png"],
  ["plot.svg", "image/svg+xml"],
  ["model.pkl", "application/octet-stream"],
  ["no extension", "application/octet-stream"],
];

test("an artifact has the media type that MLflow's server gives it", () => {
  assert.deepEqual(
    TYPES.map(([name]) => [name, contentType(name)]),
    TYPES,
  );
});

test("a page among the artifacts is sent as text, so that its scripts do not run under the server's address", () => {
  assert.equal(contentType("page.html"), "text/plain");
});
