// The files that stand beside an MLproject or belong to a model, and have keys of their own.
import { BACKEND_FILES, checkBackendFile, readJsonText, type BackendFile } from "../../../projects/backendConfig.ts";
import type { Problem } from "../../../projects/document.ts";
import type { YamlNode } from "../../../projects/yamlTree.ts";
import { readYamlText } from "../../../projects/plainYaml.ts";
import { whatItIs } from "../../../projects/problems.ts";
import { told } from "../told.ts";
import { tooLarge } from "../tooLarge.ts";
import type { Severities } from "../severities.ts";
import type { Workspace } from "../workspace.ts";
import { checkCondaEnv } from "./condaEnv.ts";
import { checkMlmodel } from "./mlmodel.ts";
import { checkPythonEnv } from "./pythonEnv.ts";

export type SideKind = "python_env" | "conda" | "mlmodel" | BackendFile;

/** The folder that relative paths in such a file count from. */
export type Folder = Pick<Workspace, "exists" | "list">;

const NAMES: Record<SideKind, string> = {
  python_env: "A python_env file",
  conda: "A conda environment file",
  mlmodel: "An MLmodel file",
  kubernetes: "The configuration of a backend",
  databricks: "The configuration of a backend",
  job_template: "A job template",
};

/** What a person wants to be told of such a file. */
export function sideProblems(
  file: { kind: SideKind; text: string },
  folder: Folder,
  severities: Severities,
): Problem[] {
  return told(checkSideFile(file.kind, file.text, folder), file, severities);
}

/** What is wrong with such a file, in text order. */
export function checkSideFile(kind: SideKind, text: string, folder: Folder): Problem[] {
  const refusal = tooLarge(text);
  if (refusal !== undefined) return [refusal];
  const { root, problems } = isJson(kind) ? readJsonText(text) : readYamlText(text);
  const broken = problems.find(({ severity }) => severity === "error");
  if (broken !== undefined) return [broken];
  const found = root?.kind === "map" ? checkMap(kind, root, folder) : [rootProblem(kind, root, text)];
  return [...problems, ...found].toSorted((a, b) => a.range.start - b.range.start);
}

/** The others are YAML. */
export function isJson(kind: SideKind): kind is "kubernetes" | "databricks" {
  return kind === "kubernetes" || kind === "databricks";
}

/** Those of another backend. */
export function isBackendFile(kind: SideKind): kind is BackendFile {
  return BACKEND_FILES.some((one) => one === kind);
}

function rootProblem(kind: SideKind, root: YamlNode | undefined, text: string): Problem {
  const what = root === undefined ? "empty" : whatItIs(root);
  const message = `${NAMES[kind]} needs keys, but this is ${what}: MLflow cannot use it.`;
  return { code: "file-no-keys", severity: "error", message, range: root?.range ?? { start: 0, end: text.length } };
}

function checkMap(kind: SideKind, root: Extract<YamlNode, { kind: "map" }>, folder: Folder): Problem[] {
  switch (kind) {
    case "python_env":
      return checkPythonEnv(root, folder);
    case "conda":
      return checkCondaEnv(root, folder);
    case "mlmodel":
      return checkMlmodel(root, folder);
    case "kubernetes":
    case "databricks":
    case "job_template":
      return checkBackendFile(kind, root, (path) => folder.exists(path));
    default:
      return kind satisfies never;
  }
}
