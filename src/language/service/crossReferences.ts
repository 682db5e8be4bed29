// One name in several files: placeholder, parameter, option of a script, key of `mlflow.run(…, parameters={…})`.
import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import type { Place } from "../python/model.ts";
import { projectRuns } from "../python/projectRuns.ts";
import { expressionsIn } from "../python/syntax.ts";
import { bindingsOf, callAt, takersOf } from "./callCursor.ts";
import { nodeAt } from "./nodeAt.ts";
import { touches } from "./positions.ts";
import { entryPointOfRun, projectOfRun } from "./projectOfRun.ts";
import { joinPath } from "./scriptCall.ts";
import { knownCalls } from "./scriptFacts.ts";
import type { Workspace } from "./workspace.ts";

export interface Found {
  /** Undefined: the MLproject file itself. */
  path?: string;
  range: TextRange;
}

/** Python files that are looked through. */
const MOST_FILES = 80;
const DEEPEST = 3;

/** Where what stands at `offset` comes from. */
export function definitions(document: MlprojectDocument, offset: number, workspace: Workspace): Found[] {
  const node = nodeAt(document, offset);
  if (node?.kind === "placeholder" || node?.kind === "parameter") {
    const { parameter, entryPoint } = node;
    if (parameter === undefined) return [];
    const options = optionsOf(document, entryPoint, parameter.name, workspace);
    return node.kind === "placeholder" ? [{ range: parameter.nameRange }, ...options] : options;
  }
  for (const entryPoint of document.entryPoints) {
    const called = knownCalls(document, entryPoint, workspace).find(({ call }) => touches(call.range, offset));
    if (called !== undefined) return [{ path: called.path, range: { start: 0, end: 0 } }];
  }
  const cursor = callAt(document, offset, workspace);
  if (cursor?.word === undefined) return [];
  const option = takersOf(cursor.known.script, cursor.known.call.words)[cursor.index]?.option;
  return option === undefined ? [] : [foundAt(option.namePlace)];
}

/** Every place in other files that is meant by the parameter called `name`. */
export function usesElsewhere(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  name: string,
  workspace: Workspace,
): Found[] {
  return [...optionsOf(document, entryPoint, name, workspace), ...keysOf(entryPoint, name, workspace)];
}

function optionsOf(document: MlprojectDocument, entryPoint: EntryPoint, name: string, workspace: Workspace): Found[] {
  const bindings = bindingsOf(document, entryPoint, workspace).filter(({ parameter }) => parameter.name === name);
  const places = bindings.map(({ option }) => foundAt(option.namePlace));
  return places.filter(
    (one, index) =>
      places.findIndex((other) => other.path === one.path && other.range.start === one.range.start) === index,
  );
}

function foundAt({ file, range }: Place): Found {
  return { path: file, range };
}

/** The keys of `mlflow.run(…, parameters={…})` in the Python files of the project. */
export function keysOf(entryPoint: EntryPoint, name: string, workspace: Workspace): Found[] {
  return pythonFiles(workspace).flatMap((path) => {
    if (workspace.read(path)?.includes("mlflow") !== true) return [];
    const file = workspace.scripts?.file(path);
    if (file === undefined) return [];
    const folder = joinPath(path, "..");
    return projectRuns(file).flatMap((run) => {
      const keys = (run.parameters?.given ?? []).filter((given) => given.name === name);
      const project = keys.length === 0 ? undefined : projectOfRun(run, folder, workspace);
      const meant = project?.folder === "." ? entryPointOfRun(run, project) : undefined;
      return meant?.name === entryPoint.name ? keys.map(({ nameRange }) => ({ path, range: nameRange })) : [];
    });
  });
}

/** The runs of an entry point in the Python files of the project: the text that names it. */
export function runsOf(entryPoint: string, workspace: Workspace): Array<Required<Found>> {
  return pythonFiles(workspace).flatMap((path) => {
    const file = workspace.read(path)?.includes("mlflow") === true ? workspace.scripts?.file(path) : undefined;
    const runs = file === undefined ? [] : projectRuns(file);
    return runs.flatMap((run) => {
      if (run.entryPoint?.text !== entryPoint) return [];
      const isOwn = projectOfRun(run, joinPath(path, ".."), workspace)?.folder === ".";
      return isOwn ? [{ path, range: run.entryPoint.range }] : [];
    });
  });
}

/** A Python file that may give the parameter a value by a name which `keysOf` does not find. */
export function mayBeGivenOtherwise(
  entryPoint: EntryPoint,
  name: string,
  workspace: Workspace | undefined,
): string | undefined {
  if (workspace === undefined) return undefined;
  const known = keysOf(entryPoint, name, workspace);
  return pythonFiles(workspace).find((path) => {
    const text = workspace.read(path) ?? "";
    const file = text.includes("mlflow") && text.includes(name) ? workspace.scripts?.file(path) : undefined;
    if (file === undefined) return false;
    const folder = joinPath(path, "..");
    const isMeant = projectRuns(file).some((run) => {
      if (!run.hasHiddenNames || projectOfRun(run, folder, workspace)?.folder !== ".") return false;
      return run.isOpen || (run.entryPoint?.text ?? "main") === entryPoint.name;
    });
    const isKnown = ({ end }: TextRange) => known.some((one) => one.path === path && one.range.end === end - 1);
    return (
      isMeant &&
      [...expressionsIn(file.body)].some((one) =>
        one.kind === "text"
          ? one.value === name && !isKnown(one.range)
          : one.kind === "call" &&
            one.callee.kind === "name" &&
            one.callee.name === "dict" &&
            one.keywords.some((keyword) => keyword.name === name),
      )
    );
  });
}

/** The Python files of the project folder, those near its root first. */
export function pythonFiles(workspace: Workspace): string[] {
  const found: string[] = [];
  let folders = ["."];
  for (let depth = 0; depth < DEEPEST && folders.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of folders) {
      for (const name of workspace.list(folder)) {
        const path = joinPath(folder, name);
        if (name.endsWith(".py")) found.push(path);
        else if (!/[.]|^(?:__pycache__|node_modules|mlruns|mlartifacts|venv|env)$/.test(name)) next.push(path);
        if (found.length >= MOST_FILES) return found;
      }
    }
    folders = next.slice(0, MOST_FILES);
  }
  return found;
}
