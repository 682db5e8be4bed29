import assert from "node:assert/strict";
import { test } from "node:test";
import { aliasOf, aliasProblem, modelNameProblem } from "../../src/extension/models/names.ts";
import { plainLine } from "../../src/extension/models/plainLine.ts";
import { sourceProblem } from "../../src/extension/models/sources.ts";
import { notePlaceOf, noteUriParts } from "../../src/extension/tracking/notes/noteUri.ts";

test("a registered model's name is some text of at most 256 characters without slash and colon", () => {
  for (const name of ["wine-quality", "Wine quality 2", "x".repeat(256), "été"])
    assert.equal(modelNameProblem(name), undefined);
  const wrong: [string, RegExp][] = [
    ["", /has a name/],
    ["  ", /has a name/],
    ["a/b", /no slash/],
    ["a:b", /no colon/],
    ["..", /only have dots/],
    ["x".repeat(257), /at most 256/],
  ];
  for (const [name, problem] of wrong) assert.match(modelNameProblem(name) ?? "", problem, name);
});

test("an alias may be typed with its @, and means no number and not latest", () => {
  for (const alias of ["champion", "@champion", "a_b-1", "vintage", "v1b"])
    assert.equal(aliasProblem(alias), undefined);
  assert.equal(aliasOf(" @champion "), "champion");
  const wrong: [string, RegExp][] = [
    ["@", /has a name/],
    ["two words", /only letters/],
    ["Latest", /newest version/],
    ["v12", /by its number/],
    ["x".repeat(256), /at most 255/],
  ];
  for (const [alias, problem] of wrong) assert.match(aliasProblem(alias) ?? "", problem, alias);
});

test("a URI that names no model is told before anything is asked of the store", () => {
  const fine = [
    "runs:/7c1f/model",
    "models:/wine/1",
    "models:/wine@champion",
    "models:/m-1",
    "/data/model",
    "s3://b/m",
  ];
  for (const uri of fine) assert.equal(sourceProblem(uri), undefined, uri);
  const wrong: [string, RegExp][] = [
    ["", /named by a URI/],
    ["runs:", /names a run/],
    ["models:/", /models:\/name\/1/],
    ["models:/a/b/c", /models:\/name\/1/],
    ["model", /from its root/],
  ];
  for (const [uri, problem] of wrong) assert.match(sourceProblem(uri) ?? "", problem, uri);
});

test("descriptions of models and versions have addresses that survive any name", () => {
  const uri = "sqlite:////tmp/mlflow.db";
  for (const place of [
    { uri, of: "model", id: "wine quality 100% #1?" },
    { uri, of: "version", id: "été/12" },
    { uri, of: "run", id: "7c1f" },
  ] as const) {
    assert.deepEqual(notePlaceOf(noteUriParts(place, "About it")), place);
  }
  assert.equal(
    notePlaceOf({ authority: noteUriParts({ uri, of: "run", id: "1" }, "x").authority, path: "/run/%zz/x.md" }),
    undefined,
  );
});

test("a description in Markdown is one plain line in a list", () => {
  const cases: [markdown: string, line: string][] = [
    ["Quality of a wine from what was *measured* of it.\nMore.", "Quality of a wine from what was measured of it."],
    ["## **Red** wines", "Red wines"],
    ["Reads `snake_case_names`, 2 * 3 * 4 and a_b_c.", "Reads snake_case_names, 2 * 3 * 4 and a_b_c."],
    ["_Old_: see [the notes](https://example.org/a_b).", "Old: see the notes."],
    ["", ""],
  ];
  for (const [markdown, line] of cases) assert.equal(plainLine(markdown), line);
});
