// python_env.yaml as mlflow 3.17.2 reads it: any other key, or a value of another kind, is a TypeError.
import type { Problem } from "../../../projects/document.ts";
import { whatItIs } from "../../../projects/problems.ts";
import type { MapEntry, MapNode } from "../../../projects/yamlTree.ts";
import { entryOf, isNull } from "../../../projects/yamlTree.ts";
import { checkRequirements } from "./requirements.ts";
import type { Folder } from "./sideFile.ts";
import { unknownKeys } from "./unknownKeys.ts";

export const PYTHON_ENV_KEYS = ["python", "build_dependencies", "dependencies"] as const;

export function checkPythonEnv(root: MapNode, folder: Folder): Problem[] {
  return [
    ...keyProblems(root),
    ...pythonProblems(entryOf(root, "python")),
    ...listProblems(entryOf(root, "build_dependencies"), folder),
    ...listProblems(entryOf(root, "dependencies"), folder),
  ];
}

function keyProblems(root: MapNode): Problem[] {
  return unknownKeys(root, PYTHON_ENV_KEYS).map(({ key, word, meant, fixes }): Problem => {
    const isConda = word === "channels" || word === "name";
    const hint =
      meant !== undefined
        ? `; \`${meant}\` is known`
        : isConda
          ? "; a conda file belongs to `conda_env`"
          : "; `python`, `build_dependencies` and `dependencies` are";
    const message = `Making the environment fails: MLflow does not know the key \`${word}\` here${hint}.`;
    return { code: "env-unknown-key", severity: "error", message, range: key.range, fixes };
  });
}

function pythonProblems(entry: MapEntry | undefined): Problem[] {
  if (entry === undefined || isNull(entry.value)) return [];
  const { value } = entry;
  if (value.kind === "scalar" && value.scalar.kind === "str") {
    if (/^\d+(?:\.\d+){0,2}\S*$/.test(value.scalar.text) || value.scalar.text === "") return [];
    const message = `No Python is called \`${value.scalar.text}\`: a version such as 3.11 or 3.11.4 is looked for.`;
    return [{ code: "env-python-version", severity: "warning", message, range: value.range }];
  }
  const message = `Making the environment fails, since the version is ${whatItIs(value)}; in quotes it is a text.`;
  const fixes =
    value.kind === "scalar"
      ? [{ title: `Write "${value.scalar.source}"`, range: value.range, newText: `"${value.scalar.source}"` }]
      : [];
  return [{ code: "env-python-number", severity: "error", message, range: value.range, fixes }];
}

function listProblems(entry: MapEntry | undefined, folder: Folder): Problem[] {
  if (entry === undefined || isNull(entry.value)) return [];
  if (entry.value.kind === "list") return checkRequirements(entry.value.items, folder);
  return [notList(entry)];
}

export function notList(entry: MapEntry): Problem {
  const name = entry.key.scalar.text;
  const message = `Making the environment fails: \`${name}\` must be a list, but this is ${whatItIs(entry.value)}.`;
  const range = entry.value.range.end > entry.value.range.start ? entry.value.range : entry.key.range;
  return { code: "env-not-list", severity: "error", message, range };
}
