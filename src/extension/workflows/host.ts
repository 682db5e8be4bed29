import { existsSync } from "node:fs";
import { isAbsolute, join, dirname } from "node:path";
import * as vscode from "vscode";
import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { filterByParent } from "../../mlflow/filter/write.ts";
import type { WorkflowHost, WorkflowSubject } from "../../protocol/panels/workflow.ts";
import { givenValues } from "../../projects/givenValues.ts";
import { OUTPUT_ARTIFACT } from "../../projects/keptOutput.ts";
import { closeGroup, runnerStateOf } from "../../projects/workflow/control.ts";
import { readWorkflowState } from "../../projects/workflow/state.ts";
import { execute } from "../platform/commands.ts";
import type { OpenStore } from "../stores/stores.ts";
import { openArtifact } from "../tracking/artifacts/openArtifact.ts";
import { projectFile, sourceOf } from "../tracking/source.ts";
import { readWorkflow } from "./readWorkflow.ts";
import { readStepLog } from "./readStepLog.ts";

/** What the page of a workflow may ask, but for what its panel answers itself. */
export function workflowHost(subject: WorkflowSubject, open: OpenStore): Omit<WorkflowHost, "overview" | "show"> {
  const { uri, run_id } = subject;
  const target = { uri, run_id };
  const owner = async () => (await open()).remote.getRun({ run_id });
  const openStep = async (id: string) => {
    const store = await open();
    const read = await readWorkflow(store, run_id);
    const step = read.overview.steps.find((one) => one.id === id);
    if (step === undefined)
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This step is not in the workflow any more.");
    const run = step.run === undefined ? undefined : await store.remote.getRun({ run_id: step.run.run_id });
    const folder = folderOf(store, read.state?.file, step.project, run);
    if (folder === undefined) {
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The project of ${step.name} is not on this machine.`);
    }
    return { step, run, project: vscode.Uri.file(projectFile(folder)).toString() };
  };
  return {
    stepLog: async (query) => readStepLog((await open()).remote, query.run_id),
    openLog: async (query) => openArtifact({ store: await open(), run_id: query.run_id, path: OUTPUT_ARTIFACT }),
    openRun: async (other) => void (await execute("flowdeck.tracking.openRun", { uri, run_id: other.run_id })),
    openEntryPoint: async (query) => {
      const { step, project } = await openStep(query.step);
      await execute("flowdeck.projects.openFile", { uri: project, entry_point: step.entry_point });
    },
    openFile: async ({ run_id: id, file, line }) => {
      const store = await open();
      const { path } = sourceOf(store, await store.remote.getRun({ run_id: id }));
      const places = isAbsolute(file) ? [file] : [join(path ?? "", file), join(dirname(path ?? ""), file)];
      const found = places.find((place) => isAbsolute(place) && existsSync(place));
      if (found === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${file} is not on this machine.`);
      await showLine(found, line - 1);
    },
    openWorkflowFile: async ({ step }) => {
      const run = await owner();
      const file = readWorkflowState(run)?.file;
      if (file === undefined) return void (await execute("flowdeck.tracking.openSource", target));
      if (!existsSync(file)) {
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "The workflow file of this run is not on this machine.");
      }
      await showLine(file, step === undefined ? 0 : await lineOfStep(file, step));
    },
    openRuns: async () => {
      const { info } = await owner();
      const filter = filterByParent(run_id);
      await execute("flowdeck.tracking.openExperiment", { uri, experiment_id: info.experiment_id, filter });
    },
    stop: async () => void (await execute("flowdeck.tracking.stopRun", target)),
    resume: async ({ from }) => {
      await execute("flowdeck.projects.resume", { ...target, ...(from === undefined ? {} : { from }) });
    },
    repeat: async () => void (await execute("flowdeck.tracking.repeatRun", target)),
    debug: async (query) => {
      const { step, run, project } = await openStep(query.step);
      const values = run === undefined ? {} : givenValues(run.data);
      await execute("flowdeck.projects.debug", project, step.entry_point, values);
    },
    markFailed: async () => {
      const closed = await closeIfGone(open, run_id);
      if (!closed) await execute("flowdeck.tracking.markFailed", target);
    },
    copy: async ({ text }) => vscode.env.clipboard.writeText(text),
    showLog: async () => void (await execute("flowdeck.platform.showLog")),
  };
}

/** A workflow whose runner is gone is closed with all that is left of it; false where there is none. */
async function closeIfGone(open: OpenStore, run_id: string): Promise<boolean> {
  const { remote } = await open();
  const run = await remote.getRun({ run_id });
  const state = readWorkflowState(run);
  if (state === undefined || run.info.status !== "RUNNING" || runnerStateOf(state.runner) !== "gone") return false;
  await closeGroup(remote, run);
  return true;
}

/** Where the project of a step is on this machine: as its run tells, else as the workflow writes it. */
function folderOf(
  store: Awaited<ReturnType<OpenStore>>,
  file: string | undefined,
  project: string | undefined,
  run: Run | undefined,
): string | undefined {
  const path = run === undefined ? undefined : sourceOf(store, run).path;
  if (path !== undefined && existsSync(path)) return path;
  if (file === undefined || (project !== undefined && /^[a-z][a-z0-9+.-]+:|#/i.test(project))) return undefined;
  const folder = project === undefined ? dirname(file) : join(dirname(file), project);
  return existsSync(folder) ? folder : undefined;
}

/** Where a workflow file begins to write a step. */
async function lineOfStep(file: string, step: string): Promise<number> {
  const document = await vscode.workspace.openTextDocument(file);
  // The YAML reader is loaded with the first file, not with the window.
  const { readWorkflow: readFile } = await import("../../projects/workflow/readWorkflow.ts");
  const found = readFile(document.getText()).steps.find(({ name }) => name === step);
  return found === undefined ? 0 : document.positionAt(found.range.start).line;
}

async function showLine(file: string, line: number): Promise<void> {
  const at = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false, selection: at });
}
