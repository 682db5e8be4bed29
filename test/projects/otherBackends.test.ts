import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { mlflowRunArgs, runElsewhere } from "../../src/projects/otherBackends.ts";
import type { RunRequest } from "../../src/projects/request.ts";
import { readRunOptions } from "../../src/projects/runOptions.ts";
import { temporaryFolder } from "../support/environment.ts";
import { projectWith } from "../support/runner.ts";

test("every flag of flowdeck run reaches mlflow run under another backend", () => {
  const words =
    "git@h:r#sub -e train -v v1 -P a=x=y -P b= -A t -A gpus=all --experiment-name E -b kubernetes -c c.json --env-manager conda --storage-dir /s --run-id R --run-name N --build-image";
  const { request, tracking } = readRunOptions(words.split(" "), {}, "/here");
  assert.equal(tracking.kind, "elsewhere");
  assert.equal(
    mlflowRunArgs({ ...request, tracking_uri: "" }).join(" "),
    "run git@h:r#sub --entry-point train --version v1 -P a=x=y -P b= -A t -A gpus=all --experiment-name E --backend kubernetes --backend-config c.json --env-manager conda --storage-dir /s --run-id R --run-name N --build-image",
  );
});

const template = join(temporaryFolder(), "job.yaml");
await writeFile(template, "");
const kubernetes = (config: object) => ({ backend: "kubernetes", backend_config: JSON.stringify(config) });
const databricks = { backend: "databricks", tracking_uri: "databricks", backend_config: '{"spark_version": "15"}' };
const refused: [what: string, request: Partial<RunRequest>, sentence: RegExp][] = [
  [
    "kubernetes without a configuration",
    { backend: "kubernetes" },
    /needs a configuration .* with kube-job-template-path/,
  ],
  ["kubernetes without a repository", kubernetes({ "kube-job-template-path": template }), /with repository-uri/],
  [
    "kubernetes with a template that is not there",
    kubernetes({ "kube-job-template-path": "/no/such", "repository-uri": "r" }),
    /job template \/no\/such is not there/,
  ],
  [
    "databricks that logs elsewhere",
    { backend: "databricks", backend_config: "{}" },
    /set MLFLOW_TRACKING_URI to databricks/,
  ],
  ["databricks without a cluster", { backend: "databricks", tracking_uri: "databricks" }, /needs a new cluster/],
  [
    "databricks with a cluster that is there",
    { backend: "databricks", tracking_uri: "databricks://p", backend_config: '{"existing_cluster_id": "x"}' },
    /existing_cluster_id is not taken/,
  ],
  [
    "a docker project on Databricks",
    { ...databricks, projectFolder: await projectWith({ MLproject: "name: x\ndocker_env: {image: a}\n" }) },
    /The backend databricks runs no docker projects\./,
  ],
  [
    "databricks that logs to this machine",
    { ...databricks, tracking_uri: "http://127.0.0.1:5000" },
    /logs to Databricks, or to a server that it can reach/,
  ],
  ["a configuration that is no JSON", { backend: "x", backend_config: "{" }, /is no JSON object/],
  ["a configuration that is not there", { backend: "x", backend_config: "/no/such.json" }, /cannot be read/],
];
for (const [what, request, sentence] of refused) {
  test(`${what} is refused in one sentence before mlflow is started`, async () => {
    const whole: RunRequest = { format: 1, projectFolder: "/", parameters: [], tracking_uri: "", ...request };
    const context = { say: () => assert.fail("nothing is started"), stop: new AbortController().signal };
    await assert.rejects(runElsewhere(whole, context), sentence);
  });
}
