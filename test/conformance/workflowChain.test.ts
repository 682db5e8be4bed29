import assert from "node:assert/strict";
import { dirname } from "node:path";
import { before, test } from "node:test";
import { runProject } from "../../src/projects/run.ts";
import { graphOf } from "../../src/projects/workflow/graph.ts";
import { runsBelow } from "../../src/projects/workflow/leftovers.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { startServer, type TestServer } from "../support/runner.ts";
import { startWorkflow, workflowProject } from "../support/workflow.ts";

const python = findPython();
const skip = skipWithout(python, "Python with mlflow 3.17.2");
const FILES = {
  MLproject: `
entry_points:
  main: {command: "python main.py"}
  data_prep: {command: "python prep.py"}
  train_model: {parameters: {input_run_id: string}, command: "python model.py {input_run_id}"}
`,
  "main.py": `
import mlflow
with mlflow.start_run():
    first = mlflow.projects.run(".", entry_point="data_prep", env_manager="local")
    parameters = {"input_run_id": first.run_id}
    mlflow.projects.run(".", entry_point="train_model", parameters=parameters, env_manager="local")
`,
  "prep.py": `
import mlflow
with mlflow.start_run():
    mlflow.log_text("1,2,3", "clean.csv")
    mlflow.log_metric("rows", 3)
`,
  "model.py": `
import sys
import mlflow
with mlflow.start_run():
    path = mlflow.artifacts.download_artifacts(run_id=sys.argv[1], artifact_path="clean.csv")
    mlflow.log_metric("total", sum(int(x) for x in open(path).read().split(",")))
`,
  "workflow.mlflow.yaml": `
steps:
  data_prep:
  train_model: {parameters: {input_run_id: "\${{ steps.data_prep.run_id }}"}}
`,
};

let server: TestServer;
before(async () => {
  if (skip === false) server = await startServer();
});

test("a chain of mlflow.projects.run is drawn as a graph, and a workflow of the same steps takes its runs", {
  skip,
}, async () => {
  const projectFolder = workflowProject(FILES);
  const experiment_name = "chain";
  const { store, tracking_uri, token } = server;
  const options = { experiment_name, python: python ?? "" };
  const path = process.env["PATH"] ?? "";
  // The steps that Python starts find their Python on PATH alone.
  process.env["PATH"] = `${dirname(options.python)}:${path}`;
  const printed: string[] = [];
  const context = {
    store,
    patientStore: store,
    say: (line: string) => printed.push(line),
    output: (text: string) => printed.push(text),
    changed: () => Promise.resolve(),
    stop: new AbortController().signal,
  };
  const request = { format: 1 as const, projectFolder, parameters: [], tracking_uri, token, ...options };
  const { status, run_id } = await runProject(request, context);
  assert.equal(status, "FINISHED", printed.join("\n"));

  const parent = await store.getRun({ run_id: run_id ?? "" });
  const graph = graphOf(parent, await runsBelow(store, parent));
  const [prep, train] = graph?.nodes ?? [];
  assert.deepEqual([graph?.kind, prep?.name, train?.name], ["chain", "data_prep", "train_model"]);
  assert.deepEqual([prep?.metrics, train?.metrics], [[{ key: "rows", value: 3 }], [{ key: "total", value: 6 }]]);
  assert.deepEqual(graph?.edges, [{ from: prep?.run_id, to: train?.run_id, state: "satisfied" }]);

  const reused = await startWorkflow(server, projectFolder, options);
  assert.deepEqual(reused.statuses, ["data_prep cached", "train_model cached"], reused.printed);
  assert.deepEqual(
    reused.workflow?.steps.map((step) => step.run_id),
    [prep?.run_id, train?.run_id],
  );
  const anew = await startWorkflow(server, projectFolder, { ...options, cache: false });
  assert.deepEqual(anew.statuses, ["data_prep finished", "train_model finished"], anew.printed);
  assert(anew.run !== undefined);
  const own = graphOf(anew.run, await runsBelow(store, anew.run));
  assert.deepEqual([own?.kind, own?.nodes[1]?.metrics], ["workflow", [{ key: "total", value: 6 }]]);
  process.env["PATH"] = path;
});
