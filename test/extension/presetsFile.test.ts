import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formOfPreset,
  NO_PRESETS,
  parsePresets,
  presetOfForm,
  withPreset,
} from "../../src/extension/projects/presetsFile.ts";

const form = {
  values: { epochs: "5" },
  extra: { seed: "7" },
  env_manager: "uv" as const,
  experiment_name: "tuning",
  run_name: "quick one",
};

test("a form that is saved as a preset comes back as it was", () => {
  const preset = presetOfForm("quick", "examples/wine", "main", form);
  const text = withPreset(NO_PRESETS, preset) ?? "";
  const [read] = parsePresets(text) ?? [];
  assert.deepEqual(read, preset);
  assert.deepEqual(read === undefined ? undefined : formOfPreset(read, ["epochs"]), form);
});

test("a preset takes the place of the one of its name, and all else in the file stays", () => {
  const text = `{
  // for the demo
  "presets": [
    { "name": "quick", "parameters": { "epochs": 3 } }, // short
    { "name": "quick", "entryPoint": "test", "parameters": { "deep": true } }
  ]
}`;
  const changed = withPreset(text, presetOfForm("quick", ".", "main", { values: { epochs: "5" }, extra: {} })) ?? "";
  assert.match(changed, /^\{\n {2}\/\/ for the demo\n/);
  assert.match(changed, /\}, \/\/ short\n {4}\{ "name": "quick", "entryPoint": "test"/);
  const presets = parsePresets(changed) ?? [];
  assert.deepEqual(
    presets.map(({ entryPoint, parameters }) => [entryPoint, parameters]),
    [
      ["main", { epochs: "5" }],
      // As Python prints it.
      ["test", { deep: "True" }],
    ],
  );
});

test("a folder written in another way is the same place, so that saving again makes no second preset", () => {
  const text = '{"presets": [{"name": "quick", "project": "./examples/"}]}';
  const preset = presetOfForm("quick", "examples", "main", form);
  const presets = parsePresets(withPreset(text, preset) ?? "") ?? [];
  assert.deepEqual(presets, [preset]);
});

for (const text of ["", "{", "[]", '{"presets": {}}', '{"presets": [1 2]}']) {
  test(`${JSON.stringify(text)} is damaged, and nothing is written into it`, () => {
    assert.equal(parsePresets(text), undefined);
    assert.equal(withPreset(text, presetOfForm("a", ".", "main", form)), undefined);
  });
}

test("what is no preset in the file is passed over", () => {
  const text =
    '{"presets": [3, {"name": ""}, {"name": "a", "envManager": "pip", "parameters": {"x": null, "y": [1]}}]}';
  assert.deepEqual(parsePresets(text), [{ name: "a", project: ".", entryPoint: "main", parameters: {} }]);
});
