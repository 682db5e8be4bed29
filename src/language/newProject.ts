import { basename, dirname, relative, resolve, sep } from "node:path";
import type { CreateProjectParams, CreateProjectResult } from "../protocol/language.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace, pathOf } from "./folderWorkspace.ts";
import type { PythonScripts } from "./pythonScripts.ts";
import { createProject } from "./service/createProject.ts";

/** The text of an MLproject for a script; nothing is written. Undefined for a script that is no file here. */
export async function newProject(
  { script, folder, environment }: CreateProjectParams,
  openText: OpenText,
  python: PythonScripts,
): Promise<CreateProjectResult | undefined> {
  const [file, home] = [pathOf(script), pathOf(folder)];
  if (file === undefined || home === undefined) return undefined;
  await python.ready();
  const project = resolve(home, "MLproject");
  const path = relative(home, file).split(sep).join("/");
  const { scripts } = python.of(folderWorkspace(project, openText), project);
  const root = dirname(path);
  const takes = scripts?.interfaceOf(path, [root]);
  const text = createProject({ name: basename(home), script: path, takes, environment });
  return { text, ...(takes === undefined ? {} : { framework: takes.framework }) };
}
