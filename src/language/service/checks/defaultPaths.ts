// Defaults of `path` parameters that name nothing: MLflow looks for them before it runs anything.
import type { MlprojectDocument, Parameter, Problem } from "../../../projects/document.ts";
import type { Workspace } from "../workspace.ts";

export function checkDefaultPaths(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap(({ name, parameters }) =>
    parameters.flatMap((parameter) => {
      const path = localPath(parameter);
      if (path === undefined || parameter.defaultScalar === undefined || workspace.exists(path)) return [];
      const message = `Running ${name} with this default fails where ${path} is not in the folder that the run is started from.`;
      return [
        { code: "default-path-missing", severity: "hint" as const, message, range: parameter.defaultScalar.range },
      ];
    }),
  );
}

/** Undefined for what is fetched from elsewhere, and for another user's machine. */
function localPath({ type, default: value = "", defaultScalar }: Parameter): string | undefined {
  const isLocal =
    type === "path" && defaultScalar?.kind === "str" && value !== "" && !/^[\w+.-]+:|^[/~$\\]/.test(value);
  return isLocal ? value : undefined;
}
