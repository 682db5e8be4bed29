import { readMlproject } from "../projects/mlproject.ts";
import type { ParameterChoicesParams, ParameterChoicesResult } from "../protocol/language.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace, pathOf } from "./folderWorkspace.ts";
import type { PythonScripts } from "./pythonScripts.ts";
import { parameterChoices } from "./service/parameterChoices.ts";

/** The choices of the parameters of an entry point, whether its file is open or not; none where it cannot be read. */
export async function projectChoices(
  { uri, entry_point }: ParameterChoicesParams,
  openText: OpenText,
  python: PythonScripts,
): Promise<ParameterChoicesResult> {
  const file = pathOf(uri);
  if (file === undefined) return {};
  const workspace = folderWorkspace(file, openText);
  const text = workspace.read(workspace.fileName ?? "MLproject");
  if (text === undefined) return {};
  const document = readMlproject(text);
  const entryPoint = document.entryPoints.find(({ name }) => name === entry_point);
  if (entryPoint === undefined) return {};
  await python.ready();
  return parameterChoices(document, entryPoint, python.of(workspace, file));
}
