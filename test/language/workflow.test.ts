import assert from "node:assert/strict";
import { test } from "node:test";
import { completeWorkflow } from "../../src/language/service/workflow/workflowCompletion.ts";
import {
  hoverWorkflow,
  workflowDefinition,
  workflowSymbols,
} from "../../src/language/service/workflow/workflowHover.ts";
import { workflowKeysAt } from "../../src/language/service/workflow/workflowKeys.ts";
import { nameAt, workflowRenameProblem, workflowRenames } from "../../src/language/service/workflow/workflowNames.ts";
import {
  readWorkflowForEditor,
  workflowActions,
  workflowProblems,
} from "../../src/language/service/workflow/workflowProblems.ts";
import { RETRY_KEYS, STEP_KEYS, WORKFLOW_KEYS } from "../../src/projects/workflow/document.ts";
import { withCursor } from "./cursorText.ts";
import { folderOf } from "./folderOf.ts";

const folder = folderOf(
  {
    MLproject: `entry_points:
  prepare: {parameters: {raw: path}, command: "python p.py {raw}"}
  train:
    parameters:
      data: uri
      alpha: {type: float, default: 0.1, description: How much}
    command: "python t.py {data} {alpha}"
`,
    "other/MLproject": 'entry_points: {evaluate: {command: "true"}}\n',
  },
  false,
  "workflow.mlflow.yaml",
);

const HEAD = `parameters: {alpha: {type: float, default: 0.5}, raw: path}
steps:
  prepare: {parameters: {raw: "\${{ workflow.parameters.raw }}"}}
`;

const labels = (marked: string) => {
  const { text, offset } = withCursor(marked);
  return completeWorkflow(readWorkflowForEditor(text), offset, folder).map(({ label }) => label);
};

const completions: [what: string, marked: string, expected: string[]][] = [
  [
    "keys of the file that are not there",
    "name: x\n|\nsteps:\n  train:\n",
    [...WORKFLOW_KEYS.filter((key) => key !== "name" && key !== "steps")],
  ],
  ["keys of a step", "steps:\n  train:\n    en|\n", [...STEP_KEYS]],
  ["keys of a step between brackets", "steps:\n  train: {cache: no, |}\n", STEP_KEYS.filter((key) => key !== "cache")],
  ["entry points as new steps", `${HEAD}  |\n`, ["train"]],
  ["entry points of the project", "steps:\n  a:\n    entry_point: |\n", ["prepare", "train"]],
  ["entry points of another project", "steps:\n  a:\n    project: other\n    entry_point: |\n", ["evaluate"]],
  ["folders that are projects", "steps:\n  a:\n    project: |\n", ["other"]],
  ["parameters of the entry point", "steps:\n  train:\n    parameters:\n      data: x\n      |\n", ["alpha"]],
  ["steps to need", `${HEAD}  train:\n    needs: |\n  late: {needs: train}\n`, ["prepare"]],
  ["further steps to need", "steps:\n  a:\n  b:\n  c:\n    needs:\n      - a\n      - |\n", ["b"]],
  [
    "what stands at the root of an expression",
    `${HEAD}  train:\n    parameters:\n      data: \${{ |\n`,
    ["steps", "workflow"],
  ],
  [
    "steps that do not wait for this one",
    `${HEAD}  train:\n    parameters:\n      data: \${{ steps.| }}\n  late: {needs: train}\n`,
    ["prepare"],
  ],
  [
    "fields of a step",
    `${HEAD}  train:\n    parameters:\n      data: a \${{ steps.prepare.|\n`,
    ["run_id", "experiment_id", "artifact_uri", "metrics", "params"],
  ],
  ["params of a step", `${HEAD}  train:\n    parameters:\n      data: "\${{steps.prepare.params.|}}"\n`, ["raw"]],
  [
    "parameters of the workflow",
    `${HEAD}  train: {parameters: {alpha: "\${{ workflow.parameters.a| }}"}}\n`,
    ["alpha", "raw"],
  ],
  ["truths", "steps:\n  a:\n    cache: |\n", ["true", "false"]],
  ["types of parameters", "parameters:\n  a: |\nsteps:\n  a:\n", ["string", "float", "path", "uri"]],
  [
    "whole references for a value",
    `parameters: {n: float}\nsteps:\n  a:\n  train:\n    parameters:\n      alpha: |\n`,
    ["${{ workflow.parameters.n }}", "${{ steps.a.run_id }}", "${{ steps.a.artifact_uri }}"],
  ],
];
for (const [what, marked, expected] of completions) {
  test(`offers ${what}`, () => assert.deepEqual(labels(marked), expected));
}

test("each key that the reader knows is explained", () => {
  const keys = (path: string[]) => workflowKeysAt(path)?.map(({ key }) => key);
  assert.deepEqual(keys([]), [...WORKFLOW_KEYS]);
  assert.deepEqual(keys(["steps", "a"]), [...STEP_KEYS]);
  assert.deepEqual(keys(["steps", "a", "retries"]), [...RETRY_KEYS]);
});

const hovers: [what: string, marked: string, expected: RegExp][] = [
  [
    "a step",
    `${HEAD}  tr|ain: {needs: prepare}\n`,
    /^Step `train`: entry point `train`, after `prepare`[^]*python t\.py '?<data>'? 0\.1/,
  ],
  ["a need", `${HEAD}  train: {needs: prep|are}\n`, /^Step `prepare`: entry point `prepare`/],
  ["a parameter", `${HEAD}  train: {parameters: {al|pha: 1}}\n`, /^`alpha` float, default 0\.1\n\nHow much$/],
  [
    "a reference",
    `${HEAD}  train: {parameters: {data: "\${{ steps.prepare.run|_id }}"}}\n`,
    /^The id of the run of `prepare`\.\n\nStep `prepare`/,
  ],
  [
    "a parameter of the workflow",
    `${HEAD}  train: {parameters: {alpha: "\${{ workflow.parameters.al|pha }}"}}\n`,
    /^Parameter `alpha` of the workflow: float, default 0\.5$/,
  ],
  ["a key", "max_par|allel: 2\nsteps:\n  train:\n", /^How many steps run at a time/],
];
for (const [what, marked, expected] of hovers) {
  test(`tells what ${what} is`, () => {
    const { text, offset } = withCursor(marked);
    const { contents } = hoverWorkflow(readWorkflowForEditor(text), offset, folder) ?? { contents: "" };
    assert.match(typeof contents === "object" && "value" in contents ? contents.value : "", expected);
  });
}

test("from an entry point, a parameter and a step one gets to where they are declared", () => {
  const where = (marked: string) => {
    const { text, offset } = withCursor(marked);
    return workflowDefinition(readWorkflowForEditor(text), "file:///p/w", offset, folder).map(
      ({ uri, range }) => `${uri} ${range.start.line}:${range.start.character}`,
    );
  };
  assert.deepEqual(where("steps:\n  a: {entry_point: tr|ain}\n"), ["file:///p/MLproject 2:2"]);
  assert.deepEqual(where("steps:\n  train: {parameters: {al|pha: 1}}\n"), ["file:///p/MLproject 5:6"]);
  assert.deepEqual(where("steps:\n  a: {project: oth|er, entry_point: evaluate}\n"), ["file:///p/other/MLproject 0:0"]);
  assert.deepEqual(where("steps:\n  a: {entry_point: x.py}\n  b: {needs: |a}\n"), ["file:///p/w 1:2"]);
});

function renamed(marked: string, newName: string): string {
  const { text, offset } = withCursor(marked);
  const document = readWorkflowForEditor(text);
  const found = nameAt(document, offset);
  assert(found !== undefined);
  assert.equal(workflowRenameProblem(document, found, newName), undefined);
  return workflowRenames(document, found, newName)
    .toSorted(([a], [b]) => b.start - a.start)
    .reduce((changed, [{ start, end }, put]) => changed.slice(0, start) + put + changed.slice(end), text);
}

test("a step is renamed where it is used, and keeps its entry point", () => {
  const use = (name: string) => `  b: {needs: [${name}, "${name}"], parameters: {x: "\${{ steps.${name}.run_id }}"}}\n`;
  assert.equal(
    renamed(`steps:\n  tra|in:\n${use("train")}`, "fit"),
    `steps:\n  fit:\n    entry_point: train\n${use("fit")}`,
  );
  assert.equal(
    renamed(`steps:\n  train: {cache: no}\n${use("train").replace("[", "[|")}`, "fit"),
    `steps:\n  fit: {entry_point: train, cache: no}\n${use("fit")}`,
  );
  assert.equal(renamed("steps:\n  a|:\n      entry_point: x\n", "b"), "steps:\n  b:\n      entry_point: x\n");
  const parameter = (name: string) =>
    `parameters:\n  ${name}: float\nsteps:\n  a: {parameters: {x: "\${{ workflow.parameters.${name} }}"}}\n`;
  assert.equal(renamed(parameter("alpha").replace("alpha", "|alpha"), "beta"), parameter("beta"));
});

const forms: [steps: string, wanted: string][] = [
  ["  tra|in: null\n  b:\n", "  fit: {entry_point: train}\n  b:\n"],
  ["  tra|in: ~ # later\n  b:\n", "  fit: {entry_point: train} # later\n  b:\n"],
  ["  tra|in: &one\n    retries: 1\n", "  fit: &one\n    entry_point: train\n    retries: 1\n"],
  ["  tra|in: &one {retries: 1}\n", "  fit: &one {entry_point: train, retries: 1}\n"],
  ["  tra|in: # first\n\n    retries: 1\n", "  fit:\n    entry_point: train # first\n\n    retries: 1\n"],
  ["  b: &b {retries: 1}\n  tra|in: *b\n", "  b: &b {retries: 1}\n  fit: {<<: *b, entry_point: train}\n"],
  ["  {tra|in: , b: {}}\n", "  {fit: {entry_point: train} , b: {}}\n"],
  ["  {b: {}, tra|in: null}\n", "  {b: {}, fit: {entry_point: train}}\n"],
  ["  {b: {}, tra|in}\n", "  {b: {}, fit: {entry_point: train}}\n"],
  ["  {tra|in: {retries: 1}}\n", "  {fit: {entry_point: train, retries: 1}}\n"],
];
for (const [steps, wanted] of forms) {
  test(`a step that is renamed keeps its entry point: ${JSON.stringify(steps.trim())}`, () => {
    const changed = renamed(`steps:\n${steps}`, "fit");
    assert.equal(changed, `steps:\n${wanted}`);
    const fit = readWorkflowForEditor(changed).steps.find(({ name }) => name === "fit");
    assert.equal(fit?.entryPoint.text, "train");
  });
}

test("a step is not renamed to what no step can be called, or another one is", () => {
  const document = readWorkflowForEditor("steps:\n  a:\n  b:\n");
  const found = nameAt(document, 9);
  assert(found !== undefined);
  assert.match(workflowRenameProblem(document, found, "a b") ?? "", /letters, digits/);
  assert.match(workflowRenameProblem(document, found, "b") ?? "", /There is a b already/);
});

test("problems of the file and of its projects are told together, with fixes, and silenced by a comment", () => {
  const text = "steps:\n  prepare: {parameters: {raw: x}}\n  late: {entry_point: trian, needs: prepar}\n";
  const document = readWorkflowForEditor(text);
  assert.deepEqual(
    workflowProblems(document, folder).map(({ code }) => code),
    ["entry-point-unknown", "step-unknown"],
  );
  const [range] = [{ start: text.indexOf("trian"), end: text.indexOf("trian") + 1 }];
  assert.deepEqual(
    workflowActions(document, "file:///p/w", range, folder).map(({ title }) => title),
    ["Change to train"],
  );
  const silenced = readWorkflowForEditor(text.replace("prepar}", "prepar} # flowdeck: ignore"));
  assert.deepEqual(workflowProblems(silenced, folder), []);
  assert.deepEqual(
    workflowProblems(document, folder, { "step-unknown": "off" }).map(({ code }) => code),
    ["entry-point-unknown"],
  );
});

test("the outline has the parameters and steps", () => {
  const found = workflowSymbols(readWorkflowForEditor(`${HEAD}  train:\n`));
  assert.deepEqual(
    found.map(({ name, detail }) => `${name} ${detail}`),
    ["alpha float, default 0.5", "raw path, required", "prepare prepare", "train train"],
  );
});
