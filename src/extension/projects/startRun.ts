import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { RunRequest } from "../../projects/request.ts";
import { needsPython, type Chosen } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import type { Debugging } from "./debugging.ts";
import { requestPart, type RunForm } from "./formState.ts";
import { prepareStart, type Start } from "./starting.ts";

/** Runs an entry point of the workspace in a terminal. @throws MlflowError when it would not run. */
export async function startRun(
  parts: ProjectParts,
  chosen: Chosen,
  form: RunForm,
  debugging?: Debugging,
): Promise<void> {
  const { project, entryPoint } = chosen;
  await checkRun(chosen, form, project.folder);
  const start = await prepareRun(parts, chosen, form);
  const debug = await debugging?.prepare(project, entryPoint.name);
  const request: RunRequest = {
    ...start.request,
    ...requestPart(form),
    projectFolder: project.folder,
    entry_point: entryPoint.name,
    ...(debug === undefined ? {} : { debug }),
  };
  try {
    await parts.runs.start(request, { uri: start.uri, name: entryPoint.name, folder: project.folder });
  } catch (error) {
    if (debug !== undefined) await debugging?.forget(debug);
    throw error;
  }
}

/** What a run of an entry point needs before it starts; `home`: the file whose interpreter and store it gets, unless they are its own file's. */
export function prepareRun(
  parts: ProjectParts,
  chosen: Chosen,
  { env_manager }: Pick<RunForm, "env_manager">,
  home = chosen.project.file,
): Promise<Start> {
  return prepareStart(parts, {
    file: home,
    folder: chosen.project.folder,
    name: chosen.entryPoint.name,
    needsPython: (usual) => needsPython(chosen, env_manager ?? usual),
  });
}

/** Looks at everything that the runner looks at before it makes a run, by its own rules. @throws MlflowError. */
export async function checkRun({ project, entryPoint }: Chosen, form: RunForm, folder: string): Promise<void> {
  const { document } = project;
  // With the first run, not with the window.
  const [{ buildCommand, resolveValues }, { entryPointOf }] = await Promise.all([
    import("../../projects/command.ts"),
    import("../../projects/project.ts"),
  ]);
  const runnable = entryPointOf({ folder: project.folder, file: project.file.fsPath, document }, entryPoint.name);
  const values = await resolveValues(runnable, requestPart(form).parameters, {
    existingPath: (path) => (existsSync(resolve(folder, path)) ? resolve(folder, path) : undefined),
    // The runner downloads it.
    download: async (uri) => uri,
  });
  buildCommand(runnable, values);
}
