import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { SweepRequest } from "../../projects/sweep/runSweep.ts";
import { readSweepState } from "../../projects/sweep/state.ts";
import { isAtWork } from "../../projects/workflow/control.ts";
import type { WorkflowRequest } from "../../projects/workflow/request.ts";
import { readWorkflowState } from "../../projects/workflow/state.ts";
import { registerCommand, type Commands, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import { findRun } from "../tracking/find.ts";
import { bareEntryPoint, choose } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { declaredValues } from "./formState.ts";
import { askValues } from "./runForm.ts";
import { checkTrusted, prepareStart, startRemedy } from "./starting.ts";
import { prepareRun } from "./startRun.ts";
import { askSweep } from "./sweepForm.ts";
import { declaredTexts, sweepOf, type SweepForm } from "./sweepValues.ts";
import type { Values } from "./parameterValues.ts";
import { pickProjectRun, type AskedRun } from "./view/pick.ts";
import { isResumable } from "./view/runTexts.ts";

/** Many runs under one: workflows and sweeps. One runner owns a whole one; what becomes of it stands in the tags of its run. */
export function registerGroupCommands(platform: Platform, parts: ProjectParts): vscode.Disposable[] {
  return [
    registerCommand(
      platform,
      "flowdeck.projects.runWorkflow",
      (target, values) => runWorkflow(parts, target, values),
      startRemedy,
    ),
    registerCommand(platform, "flowdeck.projects.sweep", (...args) => runSweep(platform, parts, ...args), startRemedy),
    registerCommand(platform, "flowdeck.projects.resume", (target) => resume(parts, target), startRemedy),
  ];
}

const RESUMABLE: AskedRun = {
  placeHolder: "Workflow or sweep to go on with",
  none: "No workflow and no sweep failed or was stopped here, so there is none to go on with.",
  fits: isResumable,
};
/** A sweep before anything was typed. */
const EMPTY: SweepForm = { texts: {}, method: "grid", count: 10, maxParallel: 2 };

async function runWorkflow(
  parts: ProjectParts,
  ...[target, given]: Commands["flowdeck.projects.runWorkflow"]
): Promise<void> {
  checkTrusted();
  const file = target instanceof vscode.Uri ? target : (target?.file ?? (await pickWorkflow(parts)));
  if (file === undefined) return;
  // The YAML reader is loaded with the first file, not with the window.
  const { readWorkflow } = await import("../../projects/workflow/readWorkflow.ts");
  const { parameters, problems } = readWorkflow((await vscode.workspace.openTextDocument(file)).getText());
  const error = problems.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", error.message);
  const name = basename(file.fsPath);
  // Its parameters are asked for as those of an entry point are.
  const form = bareEntryPoint(name, parameters);
  // An earlier run may have had parameters that the file declares no more.
  const before = declaredValues(form, isValues(given) ? given : {});
  const values = parameters.length === 0 ? {} : await askValues(form, before);
  if (values === undefined) return;
  const folder = dirname(file.fsPath);
  const start = await prepareStart(parts, { file, folder, name, needsPython: () => false });
  const request: WorkflowRequest = {
    ...start.request,
    kind: "workflow",
    file: file.fsPath,
    parameters: Object.entries(values),
  };
  await parts.runs.start(request, { uri: start.uri, name, folder });
}

async function pickWorkflow({ workflows }: ProjectParts): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const files = await workflows.files();
  const [first, ...others] = files;
  if (first === undefined) {
    throw new MlflowError(
      "RESOURCE_DOES_NOT_EXIST",
      "There is no workflow.mlflow.yaml in this workspace; write one, and its steps run from here.",
    );
  }
  const open = files.find((file) => file.toString() === active?.toString());
  if (open !== undefined || others.length === 0) return open ?? first;
  const items = files.map((file) => ({ label: vscode.workspace.asRelativePath(file), file }));
  return (await pickOne(items, { placeHolder: "Workflow to run" }))?.file;
}

/** The second argument that VS Code gives to buttons of titles and rows is none of ours. */
function isValues(given: unknown): given is Values {
  return typeof given === "object" && given !== null && Object.values(given).every((one) => typeof one === "string");
}

async function runSweep(
  platform: Platform,
  parts: ProjectParts,
  ...[target, name, given]: Commands["flowdeck.projects.sweep"]
): Promise<void> {
  checkTrusted();
  const chosen = await choose(parts.files, target, name);
  if (chosen === undefined) return;
  const { project, entryPoint } = chosen;
  const memory = platform.context.workspaceState;
  const key = `flowdeck.projects.sweep ${project.file.toString()} ${entryPoint.name}`;
  const asked: SweepForm = { ...EMPTY, ...structuredClone(given ?? memory.get<SweepForm>(key)) };
  // What was typed before the file was changed must not run unseen; what a run had beside it is listed.
  asked.texts = { ...(given === undefined ? {} : asked.texts), ...declaredTexts(entryPoint, asked.texts) };
  const form = await askSweep(entryPoint, asked);
  if (form === undefined) return;
  await memory.update(key, form);
  const { folder } = project;
  const start = await prepareRun(parts, chosen, {});
  const { plan, shared } = sweepOf(form);
  const request: SweepRequest = {
    ...start.request,
    kind: "sweep",
    maxParallel: form.maxParallel,
    start: { projectFolder: folder, entry_point: entryPoint.name, parameters: Object.entries(shared), plan },
  };
  await parts.runs.start(request, { uri: start.uri, name: `${entryPoint.name}, several values`, folder });
}

/** Goes on with a workflow or a sweep that did not finish: what finished stays. */
async function resume(parts: ProjectParts, target: (RunTarget & { from?: string }) | undefined): Promise<void> {
  checkTrusted();
  const chosen = target ?? (await pickProjectRun(parts.latest, RESUMABLE));
  if (chosen === undefined) return;
  const { run, store } = await findRun(parts.stores, chosen);
  const { run_id, run_name } = run.info;
  if (isAtWork(run)) throw new MlflowError("INVALID_STATE", `${run_name} is running; stop it first.`);
  const workflow = readWorkflowState(run);
  const sweep = workflow === undefined ? readSweepState(run) : undefined;
  const file = workflow?.file ?? (sweep === undefined ? undefined : join(sweep.projectFolder, "MLproject"));
  if (file === undefined) {
    throw new MlflowError("INVALID_STATE", `${run_name} is neither a workflow nor a sweep, so it cannot go on.`);
  }
  const folder = dirname(file);
  const from = target?.from;
  const where = { file: vscode.Uri.file(file), folder, name: run_name, needsPython: () => false };
  const start = await prepareStart(parts, where);
  if (start.uri !== store.uri) {
    throw new MlflowError("INVALID_STATE", `${run_name} lies in another store than its folder's, so it cannot go on.`);
  }
  const request: WorkflowRequest | SweepRequest =
    workflow === undefined
      ? { ...start.request, kind: "sweep", resume: { run_id } }
      : {
          ...start.request,
          kind: "workflow",
          file,
          parameters: [],
          resume: { run_id, ...(from === undefined ? {} : { from }) },
        };
  await parts.runs.start(request, { uri: start.uri, name: run_name, folder });
}
