import type { MlprojectDocument, Problem, TextRange } from "../../../projects/document.ts";
import { nearName } from "../files/requirements.ts";
import type { SideKind } from "../files/sideFile.ts";
import { checkSideFile } from "../files/sideFile.ts";
import type { Workspace } from "../workspace.ts";
import { firstKey } from "./firstKey.ts";

/** The environment file of a project: whether it is there, and what is wrong in it. */
export function checkEnvironmentFile(document: MlprojectDocument, workspace: Workspace): Problem[] {
  const { environment } = document;
  if (environment?.kind === "docker") return [];
  if (environment?.path === undefined) return environment === undefined ? checkImplied(document, workspace) : [];
  const { path, kind, range } = environment;
  if (workspace.exists(path) && workspace.read(path) === undefined && workspace.list(path).length > 0) {
    const message = `MLflow cannot make an environment of ${path}, which is a folder.`;
    return [{ code: "environment-file-missing", severity: "error", message, range }];
  }
  if (workspace.exists(path)) return problemsOfFile(path, kind, range, workspace);
  const meant = nearName(path, workspace);
  const message = `MLflow cannot load this project: ${path} is not in its folder.`;
  const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range, newText: meant }];
  return [{ code: "environment-file-missing", severity: "error", message, range, fixes }];
}

/** Without a key MLflow takes python_env.yaml, else conda.yaml, and no other spelling of them. */
function checkImplied(document: MlprojectDocument, workspace: Workspace): Problem[] {
  if (document.entryPoints.length === 0 || /^databricks_spark_job\s*:/m.test(document.text)) return [];
  const range = firstKey(document.text);
  for (const [path, kind] of [
    ["python_env.yaml", "python_env"],
    ["conda.yaml", "conda"],
  ] as const) {
    if (workspace.exists(path)) return problemsOfFile(path, kind, range, workspace);
  }
  for (const [path, key] of [
    ["python_env.yml", "python_env"],
    ["conda.yml", "conda_env"],
  ] as const) {
    if (!workspace.exists(path)) continue;
    const message = `MLflow takes no notice of ${path}: it must be named as \`${key}\`, or be called ${path.replace("yml", "yaml")}.`;
    const fix = {
      title: `Add ${key}: ${path}`,
      range: { start: range.start, end: range.start },
      newText: `${key}: ${path}\n`,
    };
    return [{ code: "environment-file-unused", severity: "hint", message, range, fixes: [fix] }];
  }
  return [];
}

/** The problems of a file where it is named, one for each code. */
function problemsOfFile(path: string, kind: SideKind, range: TextRange, workspace: Workspace): Problem[] {
  const text = workspace.read(path);
  if (text === undefined) return [];
  const found = new Map<string, { first: Problem; count: number }>();
  for (const problem of checkSideFile(kind, text, workspace)) {
    const known = found.get(problem.code);
    if (known === undefined) found.set(problem.code, { first: problem, count: 1 });
    else known.count += 1;
  }
  return [...found.values()].map(({ first: { code, severity, message, range: place }, count }) => {
    const line = text.slice(0, place.start).split("\n").length;
    const more = count === 1 ? "" : ` (and ${count - 1} more)`;
    return { code, severity, message: `${path}, line ${line}${more}: ${message}`, range };
  });
}
