import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { resolveEntryPoint, type RunnableEntryPoint } from "./command.ts";
import type { MlprojectDocument, Problem } from "./document.ts";
import { readMlproject } from "./mlproject.ts";
import { findMlprojectName } from "./mlprojectName.ts";

/** A project folder and its file as read. */
export interface Project {
  /** Absolute. */
  folder: string;
  /** Absent when the folder has no MLproject file: then only scripts are entry points. */
  file?: string;
  document: MlprojectDocument;
}

/** @throws MlflowError when there is no such folder. */
export async function readProject(folder: string): Promise<Project> {
  const name = findMlprojectName(await namesIn(folder));
  if (name === undefined) return { folder, document: { text: "", entryPoints: [], problems: [] } };
  const file = join(folder, name);
  return { folder, file, document: readMlproject(await readFile(file, "utf8")) };
}

/** @throws MlflowError when it is not there, or when the file has an error that is not another entry point's own. */
export function entryPointOf(project: Project, name: string): RunnableEntryPoint {
  const others = project.document.entryPoints.filter((entryPoint) => entryPoint.name !== name);
  const concerns = ({ range }: Problem) =>
    !others.some((other) => other.range.start <= range.start && range.end <= other.range.end);
  const problem = project.document.problems.find((each) => each.severity === "error" && concerns(each));
  if (problem !== undefined && project.file !== undefined) {
    const line = project.document.text.slice(0, problem.range.start).split("\n").length;
    throw new MlflowError("INVALID_PARAMETER_VALUE", `${basename(project.file)}, line ${line}: ${problem.message}`);
  }
  return resolveEntryPoint(project.document, name, process.env);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The project folder ${folder} cannot be read; does it exist?`, {
      cause,
    });
  }
}
