import type { EntryPoint, MlprojectDocument, Problem } from "../../../projects/document.ts";
import { nearName } from "../files/requirements.ts";
import { modulesOf } from "../modules.ts";
import { scriptsOf } from "../scripts.ts";
import type { Workspace } from "../workspace.ts";

/** The scripts and modules that commands call, where they are not there. */
export function checkCalled(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap((entryPoint) => [
    ...missingScripts(document, entryPoint, workspace),
    ...missingModules(document, entryPoint, workspace),
  ]);
}

function missingScripts(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): Problem[] {
  const isDocker = document.environment?.kind === "docker";
  return scriptsOf(document, entryPoint)
    .filter((script) => !workspace.exists(script.path))
    .map(({ path, range }): Problem => {
      // Behind a change of folder the path is written otherwise.
      const isWhole = document.text.slice(range.start, range.end) === path;
      const meant = isWhole ? nearName(path, workspace) : undefined;
      const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range, newText: meant }];
      const code = "script-missing";
      if (isDocker) {
        const message = `${path} is not in the project folder, so that the docker image must hold it.`;
        return { code, severity: "hint", message, range, fixes };
      }
      const message = `Running ${entryPoint.name} fails: ${path} is not in the project folder.`;
      return { code, severity: "warning", message, range, fixes };
    });
}

function missingModules(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): Problem[] {
  return modulesOf(document, entryPoint).flatMap(({ name, range }) => {
    const path = name.replaceAll(".", "/");
    const isThere = [`${path}.py`, `${path}/__main__.py`].some((file) => workspace.exists(file));
    const [top = ""] = name.split(".");
    // A module that is not the project's own may be installed; only what begins in the project is known to be absent.
    const isOwn = top === name ? nearName(`${path}.py`, workspace) !== undefined : workspace.exists(top);
    if (isThere || !isOwn || workspace.exists(`${path}/__init__.py`)) return [];
    const meant = nearName(`${path}.py`, workspace)?.replace(/\.py$/, "").replaceAll("/", ".");
    const message = `Running ${entryPoint.name} fails: the project has no module ${name}.`;
    const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range, newText: meant }];
    return [{ code: "module-missing", severity: "warning" as const, message, range, fixes }];
  });
}
