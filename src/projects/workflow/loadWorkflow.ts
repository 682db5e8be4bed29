// A workflow file with the projects of its steps, looked at before anything starts.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { missingParameters } from "../command.ts";
import type { Parameter, Problem } from "../document.ts";
import { readProject, type Project } from "../project.ts";
import { projectFolderOf } from "../projectUri.ts";
import { nearest } from "../spelling.ts";
import { checkSteps } from "./checkSteps.ts";
import type { Step, WorkflowDocument } from "./document.ts";
import { readWorkflow } from "./readWorkflow.ts";

export interface LoadedWorkflow {
  document: WorkflowDocument;
  /** The name it gives itself, or that of its file. */
  name: string;
  /** Folder of the file. */
  folder: string;
  projectOf(step: Step): Project;
}

/** @throws MlflowError with the first error of the file, and the line it stands in. */
export async function loadWorkflow(file: string): Promise<LoadedWorkflow> {
  const document = readWorkflow(await textOf(file));
  throwFirst(file, document, document.problems);
  const folder = dirname(file);
  const projects = new Map<string | undefined, Project | string>();
  for (const { project } of document.steps) {
    if (!projects.has(project?.text)) projects.set(project?.text, await projectAt(project?.text, folder));
  }
  const problems = checkSteps(document, (project) => {
    const found = projects.get(project);
    return typeof found === "object" ? found.document : (found ?? "");
  });
  throwFirst(file, document, problems);
  return {
    document,
    name: document.name ?? basename(file),
    folder,
    projectOf(step) {
      const found = projects.get(step.project?.text);
      if (typeof found === "object") return found;
      throw new MlflowError("INVALID_PARAMETER_VALUE", found ?? "");
    },
  };
}

/**
 * The values of a workflow's parameters: those given, else the defaults. A path that is given counts from `folder`.
 * @throws MlflowError when one is missing, unknown, or does not suit its type.
 */
export function workflowValues(
  parameters: readonly Parameter[],
  given: readonly [name: string, value: string][],
  folder?: string,
): Map<string, string> {
  const names = parameters.map(({ name }) => name);
  for (const [name] of given) {
    if (names.includes(name)) continue;
    const meant = nearest(name, names);
    const known = names.length === 0 ? "it declares none" : `it has ${names.join(", ")}`;
    throw wrong(
      `This workflow has no parameter ${name}; ${meant === undefined ? known : `${meant} seems to be meant`}.`,
    );
  }
  const user = new Map(given);
  const whole = { name: "", nameRange: NOWHERE, range: NOWHERE, placeholders: [], parameters: [...parameters] };
  const missing = missingParameters(whole, user);
  if (missing.length > 0)
    throw wrong(`No value given for missing parameters: ${missing.map((one) => `'${one}'`).join(", ")}`);
  return new Map(
    parameters.map(({ name, type, default: fallback = "" }): [string, string] => {
      const value = user.get(name) ?? fallback;
      if (type === "float" && !isNumber(value)) throw wrong(`Expected a number for parameter ${name} but got ${value}`);
      const isGiven = folder !== undefined && user.has(name);
      return [name, type === "path" && isGiven && existsSync(resolve(folder, value)) ? resolve(folder, value) : value];
    }),
  );
}

const NOWHERE = { start: 0, end: 0 };

function isNumber(text: string): boolean {
  return /^\s*[-+]?(?:inf(?:inity)?|nan)\s*$/i.test(text) || (text.trim() !== "" && !Number.isNaN(Number(text)));
}

async function projectAt(uri: string | undefined, folder: string): Promise<Project | string> {
  try {
    return await readProject(uri === undefined ? folder : projectFolderOf(uri, folder));
  } catch (error) {
    if (error instanceof MlflowError) return error.message;
    throw error;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The workflow ${file} cannot be read; does it exist?`, { cause });
  }
}

function throwFirst(file: string, { text }: WorkflowDocument, problems: readonly Problem[]): void {
  const problem = problems.find(({ severity }) => severity === "error");
  if (problem === undefined) return;
  const line = text.slice(0, problem.range.start).split("\n").length;
  throw wrong(`${basename(file)}, line ${line}: ${problem.message}`);
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
