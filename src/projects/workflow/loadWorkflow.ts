// A workflow file with the projects of its steps, looked at before anything starts.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MlflowError } from "../../mlflow/errors.ts";
import { missingParameters } from "../command.ts";
import type { Parameter, Problem } from "../document.ts";
import { readProject, type Project } from "../project.ts";
import { fetchProject, isFolder, type ProjectSource, type SourceQuery } from "../sources.ts";
import { nearest } from "../spelling.ts";
import { checkSteps } from "./checkSteps.ts";
import type { Step, WorkflowDocument } from "./document.ts";
import { readWorkflow } from "./readWorkflow.ts";

/** The project of a step as it lies on this machine. */
export interface LoadedProject extends Project {
  /** `mlflow.source.name` of its runs. */
  sourceName: string;
  /** It was fetched for this workflow alone; its runs fetch their own. */
  isFetched: boolean;
}

export interface LoadedWorkflow {
  document: WorkflowDocument;
  /** The name it gives itself, or that of its file. */
  name: string;
  /** Folder of the file. */
  folder: string;
  projectOf(step: Step): LoadedProject;
  /** Removes what was fetched. */
  remove(): Promise<void>;
}

/** Fetches what is not on this machine. @throws MlflowError with the first error of the file, and the line it stands in. */
export async function loadWorkflow(file: string, how: Pick<SourceQuery, "say" | "stop">): Promise<LoadedWorkflow> {
  const document = readWorkflow(await textOf(file));
  throwFirst(file, document, document.problems);
  const folder = dirname(file);
  const projects = new Map<string, LoadedProject | string>();
  const sources: ProjectSource[] = [];
  const remove = async () => {
    for (const source of sources) await source.remove();
  };
  try {
    for (const step of document.steps) {
      if (projects.has(keyOf(step))) continue;
      projects.set(keyOf(step), await loadProject(step, { ...how, folder }, sources));
    }
    const problems = checkSteps(document, (step) => {
      const found = projects.get(keyOf(step));
      return typeof found === "object" ? found.document : (found ?? "");
    });
    throwFirst(file, document, problems);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    document,
    name: document.name ?? basename(file),
    folder,
    remove,
    projectOf(step) {
      const found = projects.get(keyOf(step));
      if (typeof found === "object") return found;
      throw wrong(found ?? "");
    },
  };
}

function keyOf({ project, version }: Step): string {
  return JSON.stringify([project?.text ?? ".", version?.text ?? ""]);
}

async function loadProject(
  { project, version }: Step,
  how: Omit<SourceQuery, "uri" | "version">,
  sources: ProjectSource[],
): Promise<LoadedProject | string> {
  try {
    const source = await fetchProject({
      ...how,
      // A path may hold a `#`, which a URI may not.
      uri: project?.text ?? pathToFileURL(how.folder).href,
      ...(version === undefined ? {} : { version: version.text }),
    });
    sources.push(source);
    const isLocal = version === undefined && isFolder(resolve(how.folder, (project?.text ?? ".").split("#")[0] ?? ""));
    return { ...(await readProject(source.folder)), sourceName: source.name, isFetched: !isLocal };
  } catch (error) {
    if (error instanceof MlflowError && error.error_code !== "CANCELLED") return error.message;
    throw error;
  }
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
