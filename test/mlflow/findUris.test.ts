import assert from "node:assert/strict";
import { test } from "node:test";
import { findUris } from "../../src/mlflow/findUris.ts";

const TEXTS: [text: string, found: string[]][] = [
  ['model = mlflow.pyfunc.load_model("models:/wine quality/3")', ["models:/wine quality/3"]],
  ["uri: models:/wine@champion # served", ["models:/wine@champion"]],
  ["See runs:/abc123/model, and models:/m-0f.", ["runs:/abc123/model", "models:/m-0f"]],
  ["[link](models:/wine/Production) `runs:/abc123/`", ["models:/wine/Production", "runs:/abc123/"]],
  ["a='runs:/abc123/dir/it''s' ", ["runs:/abc123/dir/it"]],
  ['"models:/wine/latest\n', ["models:/wine/latest"]],
  ['f"runs:/{run_id}/model" f"models:/{name}/1" "models:/%s/1" models:/$NAME/1 runs:/<id>/model', []],
  ["models:/ runs:/ models:/a/b/c xmodels:/a/1 https://host/models:/a/1", []],
  ["- models:/wine/1: first", ["models:/wine/1"]],
];

test("URIs of runs and models are found in any text, whole and without placeholders", () => {
  for (const [text, found] of TEXTS) {
    const uris = findUris(text);
    assert.deepEqual(
      uris.map((uri) => uri.text),
      found,
      text,
    );
    for (const { start, end, text: uri } of uris) assert.equal(text.slice(start, end), uri);
  }
});

test("a text of very many URIs, or none, is read in a time that grows with its length only", () => {
  const cpu = (text: string) => {
    const before = process.cpuUsage();
    findUris(text);
    return process.cpuUsage(before).user;
  };
  const lines = "models:/".repeat(50_000) + 'runs:/"'.repeat(50_000) + "x".repeat(500_000);
  cpu(lines);
  assert.ok(cpu(lines) < 2_000_000, "microseconds for 1.2 million characters");
  assert.equal(findUris("models:/a/1 ".repeat(5_000)).length, 2_000);
});
