import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Run } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { clusterEnvironment, clusterProject } from "../support/backendShapes.ts";
import { findKubernetes, findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { type RecordingCloud, startCloud } from "../support/recordingCloud.ts";
import { recordingPrograms, startDockerDaemon } from "../support/recordingPrograms.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// An entry point on a recording Kubernetes cluster, through the editor and Python's real `mlflow run`.

const python = findPython();
const skip =
  e2eSkip ||
  skipWithout(python, "Python with mlflow") ||
  skipWithout(findKubernetes(), "The Python package kubernetes");
const folder = join(realpathSync(temporaryFolder("flowdeck-backend-")), "wine");
const database = join(folder, "mlflow.db");
let editor: Editor;
let cloud: RecordingCloud;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  const files: Record<string, string> = { ...clusterProject("complete"), "settings.json": '{"unrelated": true}' };
  const other = { "kube-job-template-path": "job.yaml", "repository-uri": "r" };
  files["other_kube.json"] = JSON.stringify(other);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  cloud = await startCloud({ tracking_uri: "http://none", token: "" });
  const prefix = execFileSync(python ?? "", ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  const programs = await recordingPrograms({ prefix, version: "3.11" });
  const daemon = await startDockerDaemon();
  editor = await openEditor({
    name: "backend",
    settings: { "flowdeck.python.interpreter": python },
    env: {
      ...clusterEnvironment({ cloud }),
      PATH: `${programs.bin}:${process.env["PATH"]}`,
      DOCKER_HOST: daemon.host,
      MLFLOW_DISABLE_TELEMETRY: "true",
    },
  });
  await editor.openFolder(folder);
});
after(() => editor?.close());

async function runs(): Promise<Run[]> {
  const store = openStore(storeUri(database), { readonly: true });
  try {
    return (await store.searchRuns({ experiment_ids: ["0"] })).items;
  } finally {
    store.close();
  }
}

test("the configuration is completed and checked while it is typed", { skip }, async () => {
  const file = join(folder, "other_kube.json");
  await editor.openFile(file);
  await until("the problem of a template that is not there", async () => {
    const found = await editor.evaluate(`
      const uri = vscode.Uri.file(${JSON.stringify(file)});
      const document = await vscode.workspace.openTextDocument(uri);
      if (!document.getText().includes("gone.yaml")) {
        const edit = new vscode.WorkspaceEdit();
        const at = document.getText().indexOf("job.yaml");
        edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 8)), "gone.yaml");
        await vscode.workspace.applyEdit(edit);
      }
      return vscode.languages.getDiagnostics(uri).map(({ message }) => message);
    `);
    return String(found).includes("gone.yaml is not there");
  });
  const offered = await editor.evaluate(`
    const uri = vscode.Uri.file(${JSON.stringify(file)});
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf("{") + 1);
    const list = await vscode.commands.executeCommand("vscode.executeCompletionItemProvider", uri, at);
    return list.items.map(({ label }) => label.label ?? label);
  `);
  ok(Array.isArray(offered) && offered.includes("kube-context"), JSON.stringify(offered));
  await editor.screenshot("backend-config");
});

test("an entry point runs on a recording cluster, and its run is shown as all others", { skip }, () =>
  editor.step("kubernetes", async () => {
    await editor.openFile(join(folder, "MLproject"));
    await editor.runCommand("Flowdeck: Run Entry Point on Another Backend…");
    await editor.quickPick("kubernetes");
    await editor.screenshot("backend-choose-config");
    await editor.quickPick("kubernetes_config.json");
    await editor.screenshot("backend-values");
    await editor.quickPick("Run main");
    await editor.quickInput("alpha", "0.5");
    const finished = await until(
      "the run to finish",
      async () => (await runs().catch(() => [])).find(({ info }) => info.status === "FINISHED"),
      120_000,
    );
    const tagOf = (key: string) => finished.data.tags.find((tag) => tag.key === key)?.value;
    deepEqual([tagOf("mlflow.project.backend"), tagOf("mlflow.project.entryPoint")], ["kubernetes", "main"]);
    equal(cloud.requests.filter((request) => request.startsWith("POST /apis/batch/v1/")).length, 1);
    const title = `${finished.info.run_name}`;
    const isOpen = `
      const labels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
      return labels.some((label) => label.includes(${JSON.stringify(title)}));
    `;
    await until("its panel to open", async () => (await editor.evaluate(isOpen)) === true, 60_000);
    await editor.screenshot("backend-run");
  }),
);
