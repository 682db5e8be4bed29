// conda.yaml: what conda makes of it, and what mlflow 3.17.2 takes from it under virtualenv and uv.
import type { Problem } from "../../../projects/document.ts";
import type { MapEntry, MapNode, YamlNode } from "../../../projects/yamlTree.ts";
import { entryOf, isNull, textOf } from "../../../projects/yamlTree.ts";
import { notList } from "./pythonEnv.ts";
import { checkRequirements } from "./requirements.ts";
import type { Folder } from "./sideFile.ts";
import { unknownKeys } from "./unknownKeys.ts";

export const CONDA_KEYS = ["name", "channels", "dependencies", "variables", "prefix"] as const;

/** Keys that conda knows and hardly anyone writes. */
const RARE_KEYS = ["platforms", "category", "channel_priority", "version", "description"];

/** What MLflow takes from the list beside its pip part. */
const TAKEN = /^(python|pip|setuptools|wheel)(<=|>=|==|!=|<|>|=)?([\d.]+)?$/;

export function checkCondaEnv(root: MapNode, folder: Folder): Problem[] {
  const entry = entryOf(root, "dependencies");
  return [...keyProblems(root), ...(entry === undefined ? [] : dependencyProblems(entry, folder))];
}

function keyProblems(root: MapNode): Problem[] {
  return unknownKeys(root, CONDA_KEYS, RARE_KEYS).map(({ key, word, meant, fixes }): Problem => {
    const hint = meant === undefined ? "" : `; \`${meant}\` is known`;
    const message = `conda does not know \`${word}\` and passes over it${hint}.`;
    const severity = meant === undefined ? "hint" : "warning";
    return { code: "env-unknown-key", severity, message, range: key.range, fixes };
  });
}

function dependencyProblems(entry: MapEntry, folder: Folder): Problem[] {
  if (entry.value.kind !== "list") {
    if (!isNull(entry.value)) return [notList(entry)];
    const message = "With virtualenv or uv this fails: MLflow needs a list here, and leaves an absent key out.";
    return [{ code: "env-not-list", severity: "warning", message, range: entry.key.range }];
  }
  const { items } = entry.value;
  const problems = items.flatMap((item) => itemProblems(item, entry, folder));
  const namesPython = items.some((item) => /^(?:[\w./-]+::)?python(?:$|[\s<>=!~[])/.test(textOf(item) ?? ""));
  if (namesPython) return problems;
  const message = "No Python is named, so that with virtualenv or uv the one that happens to run is taken.";
  return [{ code: "conda-python-missing", severity: "hint", message, range: entry.key.range }, ...problems];
}

function itemProblems(item: YamlNode, entry: MapEntry, folder: Folder): Problem[] {
  const range = item.range.end > item.range.start ? item.range : entry.key.range;
  const line = textOf(item);
  if (line !== undefined) return lineProblems(line, range);
  const pip = item.kind === "map" ? entryOf(item, "pip") : undefined;
  if (pip !== undefined) {
    if (pip.value.kind === "list") return checkRequirements(pip.value.items, folder);
    return isNull(pip.value) ? [] : [notList(pip)];
  }
  const message = "Making the environment fails: a dependency is a text, or `pip:` with a list below it.";
  return [{ code: "env-item-not-text", severity: "error", message, range }];
}

function lineProblems(line: string, range: Problem["range"]): Problem[] {
  const [, name, operator, version] = TAKEN.exec(line) ?? [];
  if (name === undefined) {
    const message = `With virtualenv or uv \`${line}\` is left out: MLflow takes python, pip, setuptools, wheel and the pip list.`;
    return [{ code: "conda-package-dropped", severity: "hint", message, range }];
  }
  if (name !== "python") return [];
  if (operator === undefined || version === undefined) {
    const message = "With virtualenv or uv this fails: MLflow needs a version of Python, such as `python=3.11`.";
    return [{ code: "conda-python-unpinned", severity: "hint", message, range }];
  }
  if (!["<", ">", "!="].includes(operator)) return [];
  const message = `With virtualenv or uv this fails: MLflow takes \`=\`, \`==\`, \`<=\` and \`>=\` for Python, not \`${operator}\`.`;
  return [{ code: "conda-python-unpinned", severity: "hint", message, range }];
}
