import { existsSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildCommand, resolveValues, type ResolvedValues } from "./command.ts";
import { findEnvironment, planEnvironment, type EnvironmentPlan } from "./environment.ts";
import { entryPointOf, readProject } from "./project.ts";
import type { RunRequest } from "./request.ts";

/** A run that could be made: everything that can be wrong before it exists has been looked at. */
export interface PreparedRun {
  entry_point: string;
  values: ResolvedValues;
  command: string;
  environment: EnvironmentPlan;
  /** No value is still to be downloaded. */
  isComplete: boolean;
}

/** Downloads a value of type `path` into a folder, and gives its path there. */
export type Download = (uri: string, folder: string) => Promise<string>;

/**
 * Reads the project and decides values, command and environment; nothing is built or created, and nothing downloaded
 * without `download`: then the command names the place where it would be. @throws MlflowError.
 */
export async function prepareRun(request: RunRequest, download?: Download): Promise<PreparedRun> {
  const project = await readProject(request.projectFolder);
  const entry_point = request.entry_point ?? "main";
  const entryPoint = entryPointOf(project, entry_point);
  const storage = storageOf(request, download !== undefined);
  let isComplete = true;
  const values = await resolveValues(entryPoint, request.parameters, {
    existingPath,
    download: async (uri, index) => {
      const folder = join(await storage(), `param_${index}`);
      if (download !== undefined) return download(uri, folder);
      isComplete = false;
      return folder;
    },
  });
  const command = buildCommand(entryPoint, values);
  const environment = await planEnvironment({
    declared: await findEnvironment(project.document.environment, project.folder),
    manager: request.env_manager ?? "auto",
    projectFolder: project.folder,
    command,
    docker: {
      name: project.document.name ?? "docker-project",
      args: request.docker_args ?? [],
      build: request.build_image === true,
    },
    ...(request.python === undefined ? {} : { python: request.python }),
  });
  return { entry_point, values, command, environment, isComplete };
}

/** A folder of its own for each run below the storage folder (mlflow 3.17.2), made for the first value that needs it. */
function storageOf({ storage_dir }: RunRequest, make: boolean): () => Promise<string> {
  const parent = storage_dir ?? tmpdir();
  let made: Promise<string> | undefined;
  const create = async () => {
    await mkdir(parent, { recursive: true });
    return mkdtemp(join(parent, "flowdeck-"));
  };
  return () => (make ? (made ??= create()) : Promise.resolve(join(parent, "flowdeck-…")));
}

/** Relative to the folder this program was started in, as MLflow (3.17.2) has it. */
function existingPath(path: string): string | undefined {
  const absolute = resolve(path);
  return existsSync(absolute) ? absolute : undefined;
}
