import { access, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { MlflowError } from "../mlflow/errors.ts";
import { abandonClaim, giveClaim, holdClaim, stateOfClaim, takeClaim } from "./claim.ts";

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
  const claim = await stateOfClaim(claimFile(path));
  if (claim === "held") return { path, state: "being built" };
  if (!(await exists(path))) return { path, state: "missing" };
  if (claim === "dead") return { path, state: "cut short" };
  return { path, state: (await isUsable(path)) ? "complete" : "without Python" };
}

/** What is built in place of a folder, such as an environment of conda, is looked at and removed in its own way. */
export interface BuiltPlace {
  /** `waited`: another run was building it until now. */
  isUsable(waited: boolean): Promise<boolean>;
  remove(): Promise<void>;
}

function folderPlace(path: string): BuiltPlace {
  return { isUsable: () => isUsable(path), remove: () => rm(path, { recursive: true, force: true }) };
}

/** Whether an environment is being built, or was when its builder died. */
export async function buildingOf(path: string): Promise<"being built" | "cut short" | undefined> {
  const claim = await stateOfClaim(claimFile(path));
  return claim === "free" ? undefined : claim === "dead" ? "cut short" : "being built";
}

/** Told of each command that builds, so that whoever comes later waits for its end though this process be gone. */
export type BuildCommandStarted = (pid: number) => void;

/**
 * Builds the environment, alone: who comes second waits, and builds again only if the first failed. What `build` leaves
 * behind when it throws is removed.
 */
export async function buildEnvironmentFolder(
  path: string,
  stop: AbortSignal,
  build: (started: BuildCommandStarted) => Promise<void>,
  place = folderPlace(path),
): Promise<void> {
  await makeRoot();
  const file = claimFile(path);
  let taken = await takeClaim(file);
  const waited = taken === undefined;
  for (; taken === undefined; taken = await takeClaim(file)) await waitFor(stop);
  const held = holdClaim(file);
  let isLeft = false;
  try {
    // Another run has built it since it was looked at, and may be using it. What a builder left behind that died is no
    // environment, however complete it looks.
    if (taken === "free" && (await place.isUsable(waited))) return;
    await place.remove();
    await build(held.started);
  } catch (error) {
    isLeft = !(await place.remove().then(
      () => true,
      () => false,
    ));
    throw error;
  } finally {
    await held.end();
    // What cannot be removed may look complete: it is marked as nobody's.
    if (isLeft) await abandonClaim(file);
    else await giveClaim(file);
  }
}

function claimFile(path: string): string {
  return `${path}.flowdeck-building`;
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
