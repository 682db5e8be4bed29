import { access, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { MlflowError } from "../mlflow/errors.ts";
import { isAlive, markOf } from "./processes.ts";
import type { ProcessMark } from "./request.ts";

// Built environments are kept where MLflow keeps its own. A virtual environment cannot be moved, so one is built in place;
// a file beside it says that it is not complete yet, and by whom it is being built.

export interface EnvironmentFolder {
  path: string;
  state: "complete" | "missing" | "cut short" | "without Python" | "being built";
}

/** MLflow's root of built environments (3.17.2). */
export function environmentRoot(): string {
  return process.env["MLFLOW_ENV_ROOT"] || join(homedir(), ".mlflow", "envs");
}

export async function readEnvironmentFolder(name: string): Promise<EnvironmentFolder> {
  const path = join(environmentRoot(), name);
  const builder = await readBuilder(path);
  if (builder !== undefined && builder !== "nobody") return { path, state: "being built" };
  if (!(await exists(path))) return { path, state: "missing" };
  if (builder === "nobody") return { path, state: "cut short" };
  return { path, state: (await isUsable(path)) ? "complete" : "without Python" };
}

/** What is built in place of a folder, such as an environment of conda, is looked at and removed in its own way. */
export interface BuiltPlace {
  isUsable(): Promise<boolean>;
  remove(): Promise<void>;
}

function folderPlace(path: string): BuiltPlace {
  return { isUsable: () => isUsable(path), remove: () => rm(path, { recursive: true, force: true }) };
}

/** Whether an environment is being built, or was when its builder died. */
export async function buildingOf(path: string): Promise<"being built" | "cut short" | undefined> {
  const builder = await readBuilder(path);
  if (builder === undefined) return undefined;
  return builder === "nobody" ? "cut short" : "being built";
}

/**
 * Builds the environment, alone: who comes second waits, and builds again only if the first failed. What `build` leaves
 * behind when it throws is removed.
 */
export async function buildEnvironmentFolder(
  path: string,
  stop: AbortSignal,
  build: () => Promise<void>,
  place = folderPlace(path),
): Promise<void> {
  await makeRoot();
  let waited = false;
  while (!(await claim(path))) {
    // What a builder left behind that died is no environment, however complete it looks.
    waited = (await readBuilder(path)) !== "nobody";
    if (waited) await waitFor(stop);
    else await rm(claimFile(path), { force: true });
  }
  let isLeft = false;
  try {
    if (waited && (await place.isUsable())) return;
    await place.remove();
    await build();
  } catch (error) {
    isLeft = !(await place.remove().then(
      () => true,
      () => false,
    ));
    throw error;
  } finally {
    // What cannot be removed may look complete: it is marked as nobody's.
    if (isLeft) await writeFile(claimFile(path), NOBODY);
    else await rm(claimFile(path), { force: true });
  }
}

/** In place of the mark of a builder. */
const NOBODY = JSON.stringify("nobody");

function claimFile(path: string): string {
  return `${path}.flowdeck-building`;
}

async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(claimFile(path), JSON.stringify(markOf(process.pid)), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Who builds it; "nobody" when the builder is gone, undefined when it is not being built. */
async function readBuilder(path: string): Promise<ProcessMark | "nobody" | undefined> {
  const file = claimFile(path);
  try {
    const mark: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof mark !== "object" || mark === null) return "nobody";
    const builder = mark as ProcessMark;
    return isAlive(builder) ? builder : "nobody";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    // Claimed this very moment and still empty, or left empty by a full disk.
    if (error instanceof SyntaxError)
      return Date.now() - (await stat(file)).mtimeMs < 5_000 ? { pid: process.pid } : "nobody";
    throw error;
  }
}

async function makeRoot(): Promise<void> {
  const root = environmentRoot();
  try {
    await mkdir(root, { recursive: true });
  } catch (cause) {
    const message = `The folder ${root} cannot be made; set MLFLOW_ENV_ROOT to one that can be written, or choose the environment manager local.`;
    throw new MlflowError("IO_ERROR", message, { cause });
  }
}

/** Its interpreter is a link, which dangles when that Python was removed. */
async function isUsable(path: string): Promise<boolean> {
  return (await exists(join(path, "bin", "activate"))) && (await exists(join(path, "bin", "python")));
}

async function waitFor(stop: AbortSignal): Promise<void> {
  try {
    await pause(200, undefined, { signal: stop });
  } catch (cause) {
    throw new MlflowError("CANCELLED", "Stopped while another run built the environment; no run was created.", {
      cause,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
