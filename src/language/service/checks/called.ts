import type { EntryPoint, MlprojectDocument, Problem, ProblemFix, TextRange } from "../../../projects/document.ts";
import { nearName } from "../files/requirements.ts";
import type { ScriptCall } from "../scriptCall.ts";
import { commandsOf, literalText } from "../commandWords.ts";
import { joinPath, scriptCalls } from "../scriptCall.ts";
import { scriptsOf } from "../scripts.ts";
import type { Workspace } from "../workspace.ts";

/** The scripts and modules that commands call, where they are not there. */
export function checkCalled(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap((entryPoint) => [
    ...missingScripts(document, entryPoint, workspace),
    ...cutScripts(document, entryPoint, workspace),
    ...missingModules(document, entryPoint, workspace),
  ]);
}

function missingScripts(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): Problem[] {
  const isDocker = document.environment?.kind === "docker";
  let isMade: ReturnType<typeof madeBefore> | undefined;
  return scriptsOf(document, entryPoint)
    .filter((script) => !workspace.exists(script.path))
    .map(({ path, range }): Problem => {
      const written = document.text.slice(range.start, range.end);
      const fixes = changeTo(written, range, lastName(nearName(path, workspace), "/"), "/");
      const code = "script-missing";
      if (isDocker) {
        const message = `${path} is not in the project folder, so that the docker image must hold it.`;
        return { code, severity: "hint", message, range, fixes };
      }
      isMade ??= madeBefore(document, entryPoint);
      if (isMade(path, range)) {
        const message = `${path} is not in the project folder, so that a command before must make it.`;
        return { code, severity: "hint", message, range, fixes };
      }
      const message = `Running ${entryPoint.name} fails: ${path} is not in the project folder.`;
      return { code, severity: "warning", message, range, fixes };
    });
}

/** `python train`, where there is a train.py. */
function cutScripts(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): Problem[] {
  return scriptCalls(document, entryPoint).flatMap(({ kind, program, name, folder, range }): Problem[] => {
    const path = folder === undefined || kind !== "script" || program !== "python" ? undefined : joinPath(folder, name);
    if (path === undefined || /\.(?:py|sh|R)$/.test(name) || workspace.exists(path)) return [];
    const meant = workspace.exists(`${path}.py`) ? `${name}.py` : undefined;
    const near = meant ?? (/\.py\w$|\.p$/.test(name) ? name.replace(/\.py?\w?$/, ".py") : undefined);
    if (near === undefined || !workspace.exists(joinPath(folder ?? ".", near))) return [];
    const message = `Running ${entryPoint.name} fails: ${path} is not in the project folder.`;
    const fixes = [{ title: `Change to ${near}`, range, newText: near }];
    return [{ code: "script-missing", severity: "warning", message, range, fixes }];
  });
}

/** Programs that bring files along whose names the command does not hold. */
const BRINGS_FILES =
  /^(?:git|hg|svn|tar|unzip|7z|cp|mv|ln|rsync|scp|curl|wget|make|dvc|aws|gsutil|az|rclone|gdown|kaggle|jupyter|jupytext|mlflow)$/;

/** Tells whether something in front of a call names its script, as `test -f` and `>` do, or brings files along. */
function madeBefore(document: MlprojectDocument, entryPoint: EntryPoint): (path: string, call: TextRange) => boolean {
  const bringing = commandsOf(document, entryPoint).find(({ words }) =>
    words.slice(0, 3).some((word) => BRINGS_FILES.test(literalText(word) ?? "")),
  );
  const named = new Map<string, number>();
  let from = entryPoint.commandRange?.start ?? 0;
  for (const { range } of scriptCalls(document, entryPoint)) {
    for (const [word] of document.text.slice(from, range.start).matchAll(/[\w.-]+/g)) {
      if (!named.has(word)) named.set(word, range.start);
    }
    from = range.end;
  }
  return (path, { start }) =>
    (bringing?.end ?? Infinity) <= start || (named.get(path.slice(path.lastIndexOf("/") + 1)) ?? Infinity) <= start;
}

/** Modules that people call which no project holds, though one may hold a file of nearly that name. */
const INSTALLED = new Set(
  (
    "pip venv pdb profile cProfile timeit trace unittest doctest pytest build mlflow torch nltk spacy ray dask dvc jupyter " +
    "ipykernel nbconvert papermill pipenv poetry uv coverage mypy black flake8 isort ruff pylint tox twine wheel zipfile " +
    "tarfile compileall site ensurepip debugpy memory_profiler kernprof scalene accelerate deepspeed transformers lightning " +
    "tensorboard gunicorn uvicorn flask streamlit gdown kaggle asyncio code dis calendar"
  ).split(" "),
);

function missingModules(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): Problem[] {
  return scriptCalls(document, entryPoint).flatMap((call): Problem[] => {
    if (call.kind !== "module" || call.folder === undefined || isKnown(call, call.folder, workspace)) return [];
    const { name, range } = call;
    const bare = name.replace(/\.py$/, "");
    if (bare !== name && workspace.exists(joinPath(call.folder, `${bare.replaceAll(".", "/")}.py`))) {
      const message = `Running ${entryPoint.name} fails: behind \`-m\` a module stands, whose name has no \`.py\`.`;
      const fixes = [{ title: `Change to ${bare}`, range, newText: bare }];
      return [{ code: "module-missing", severity: "warning", message, range, fixes }];
    }
    const path = joinPath(call.folder, name.replaceAll(".", "/"));
    const meant = INSTALLED.has(name) ? undefined : nearName(`${path}.py`, workspace)?.replace(/\.py$/, "");
    const [top = ""] = name.split(".");
    // A module that is not the project's own may be installed; only what begins in the project is known to be absent.
    if (top === name ? meant === undefined : !workspace.exists(joinPath(call.folder, top))) return [];
    const message = `Running ${entryPoint.name} fails: the project has no module ${name}.`;
    const fixes = changeTo(name, range, lastName(meant, "/"), ".");
    return [{ code: "module-missing", severity: "warning", message, range, fixes }];
  });
}

function isKnown({ name, pythonPath }: ScriptCall, folder: string, workspace: Workspace): boolean {
  const file = name.replaceAll(".", "/");
  return [folder, ...pythonPath.map((path) => joinPath(folder, path))].some((root) =>
    ["/__main__.py", "/__init__.py", ".py"].some((ending) => workspace.exists(joinPath(root, file + ending))),
  );
}

function lastName(path: string | undefined, separator: string): string | undefined {
  return path?.slice(path.lastIndexOf(separator) + 1);
}

/** Replaces the last part of what is written. */
function changeTo(written: string, range: TextRange, meant: string | undefined, separator: string): ProblemFix[] {
  if (meant === undefined) return [];
  const newText = written.slice(0, written.lastIndexOf(separator) + 1) + meant;
  return [{ title: `Change to ${newText}`, range, newText }];
}
