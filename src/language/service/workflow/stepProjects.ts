import { findMlprojectName } from "../../../projects/mlprojectName.ts";
import type { EntryPoint, MlprojectDocument } from "../../../projects/document.ts";
import type { Step } from "../../../projects/workflow/document.ts";
import { readForEditor } from "../readForEditor.ts";
import type { Workspace } from "../workspace.ts";

/** The MLproject that a step runs. */
export interface StepProject {
  /** Of its file, relative to the workflow file. */
  path: string;
  document: MlprojectDocument;
}

/** What has to be fetched before it can be looked into. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)|\.zip(?:#|$)/i;

/** The project of a `project:` as written; a sentence when there is none, undefined when it is not on this machine. */
export function projectAt(workspace: Workspace, written: string | undefined): StepProject | string | undefined {
  const [base = "", below = ""] = (written ?? ".").split("#");
  if (ELSEWHERE.test(base)) return undefined;
  const folder = below === "" ? base : `${base}/${below}`;
  if (!workspace.exists(folder)) return `${written} is no folder here.`;
  // One that is open need not be on disk yet.
  const name = findMlprojectName(workspace.list(folder)) ?? "MLproject";
  const path = folder === "." ? name : `${folder.replace(/\/$/, "")}/${name}`;
  const text = workspace.read(path);
  // A folder without an MLproject is a project whose scripts can be run.
  if (text === undefined) return { path: folder, document: { text: "", entryPoints: [], problems: [] } };
  return { path, document: readForEditor(text) };
}

/** The same of a step; another version than the one that lies here is not looked into. */
export function projectFor(workspace: Workspace, step: Step): StepProject | string | undefined {
  return step.version === undefined ? projectAt(workspace, step.project?.text) : undefined;
}

export function projectOfStep(workspace: Workspace | undefined, step: Step): StepProject | undefined {
  const found = workspace === undefined ? undefined : projectFor(workspace, step);
  return typeof found === "object" ? found : undefined;
}

/** The declared entry point of a step. */
export function entryPointOfStep(workspace: Workspace | undefined, step: Step): EntryPoint | undefined {
  const project = projectOfStep(workspace, step);
  return project?.document.entryPoints.find(({ name }) => name === step.entryPoint.text);
}
