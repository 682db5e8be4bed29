import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SERVING_ENV_MANAGERS, SERVING_STATES, type ServeRequest, type ServeState } from "../../protocol/serving.ts";

/** State file of a server below the folder of all of them. */
export function stateFileOf(folder: string, id: string): string {
  return join(folder, `${id}.json`);
}

/** Log of a server; what was too much for it is in `FILE.1`. */
export function logFileOf(folder: string, id: string): string {
  return join(folder, `${id}.log`);
}

/** Where mlflow puts what it downloads for a server, the model first of all: it removes none of it itself (mlflow 3.17). */
export function temporaryFolderOf(id: string): string {
  return join(tmpdir(), `flowdeck-serving-${id}`);
}

/** Replaces the file as a whole, so that nobody reads half of it. False when it cannot be written: a server must not end of a full disk. */
export function writeState(file: string, state: ServeState): boolean {
  const part = `${file}.part`;
  try {
    writeFileSync(part, JSON.stringify(state), { mode: 0o600 });
    renameSync(part, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** What the file says; undefined when it is gone, or none of ours. */
export function readState(file: string): ServeState | undefined {
  try {
    return asState(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}

/** The border. */
function asState(value: unknown): ServeState | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const state = value as Partial<ServeState>;
  const { server, program, control } = state;
  const whole =
    state.format === 1 &&
    typeof program?.pid === "number" &&
    typeof control?.port === "number" &&
    typeof control.token === "string" &&
    typeof server?.id === "string" &&
    typeof server.port === "number" &&
    SERVING_STATES.includes(server.state);
  return whole ? (state as ServeState) : undefined;
}

/** Removes what is left of a server that is over. */
export function removeServer(folder: string, id: string): void {
  for (const file of [stateFileOf(folder, id), logFileOf(folder, id), `${logFileOf(folder, id)}.1`]) {
    rmSync(file, { force: true });
  }
  removeTemporaryFolder(id);
}

/** Does not throw: a server must not end of a file that stays. */
export function removeTemporaryFolder(id: string): void {
  try {
    rmSync(temporaryFolderOf(id), { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Reads what a window asks for. @throws Error when it is not whole. */
export function readRequest(text: string): ServeRequest {
  const request = JSON.parse(text) as Partial<ServeRequest> | null;
  const texts = [request?.id, request?.served_uri, request?.python, request?.folder, request?.cwd, request?.host];
  const numbers = [request?.port, request?.workers, request?.timeout, request?.linger, request?.patience];
  const whole =
    request?.format === 1 &&
    texts.every((each) => typeof each === "string" && each !== "") &&
    numbers.every((each) => typeof each === "number") &&
    SERVING_ENV_MANAGERS.some((each) => each === request.env_manager) &&
    /^[\w-]+$/.test(request.id ?? "");
  if (!whole) throw new Error("This is no request to serve a model.");
  return request as ServeRequest;
}
