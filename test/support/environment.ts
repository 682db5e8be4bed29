import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";

// What this machine has for the tests. scripts/test.mjs sets the variables; a test run by hand finds the same things itself.

/** Root of the repository. */
export const root = resolve(import.meta.dirname, "../..");

/** A file or folder of `../shared`, or undefined when that folder is absent. */
export function shared(...path: string[]): string | undefined {
  const found = join(process.env["FLOWDECK_SHARED"] ?? resolve(root, "../shared"), ...path);
  return existsSync(found) ? found : undefined;
}

/** Flowdeck's cache folder: code-server, headers and the Python client live there. */
export const cacheFolder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "flowdeck");

/** The interpreter that has mlflow 3.17.2, scikit-learn, xgboost and uv; undefined when there is none. */
export function findPython(): string | undefined {
  const python = process.env["FLOWDECK_PYTHON"] ?? join(cacheFolder, "python-mlflow-3.17.2/bin/python");
  return existsSync(python) ? python : undefined;
}

/** The interpreter that has `mlflow-skinny` 3.17.2 and no more; undefined when there is none. */
export function findSkinny(): string | undefined {
  const python = process.env["FLOWDECK_SKINNY"] ?? join(cacheFolder, "python-mlflow-skinny-3.17.2/bin/python");
  return existsSync(python) ? python : undefined;
}

/** The interpreter that has click, typer, fire, absl and hydra; undefined when there is none. */
export function findScriptsPython(): string | undefined {
  const python = process.env["FLOWDECK_SCRIPTS"] ?? join(cacheFolder, "python-scripts/bin/python");
  return existsSync(python) ? python : undefined;
}

/** The folder that holds the Python package `kubernetes` and what it needs, for PYTHONPATH; undefined when there is none. */
export function findKubernetes(): string | undefined {
  const python = process.env["FLOWDECK_KUBERNETES"] ?? join(cacheFolder, "python-kubernetes-36.0.3/bin/python");
  const lib = join(python, "../../lib");
  const folders = existsSync(lib) ? readdirSync(lib).map((name) => join(lib, name, "site-packages")) : [];
  return folders.find((folder) => existsSync(join(folder, "kubernetes")));
}

/** The interpreter that has debugpy; undefined when there is none. */
export function findDebugpy(): string | undefined {
  const python = process.env["FLOWDECK_DEBUGPY"] ?? join(cacheFolder, "python-debugpy-1.8.22/bin/python");
  return existsSync(python) ? python : undefined;
}

/** For `{ skip }`: the reason when `found` is missing, else false. */
export function skipWithout(found: string | undefined, what: string): string | false {
  return found === undefined ? `${what} is not on this machine` : false;
}

const endings: (() => unknown)[] = [];

// At the level of the file: what a `before` hook registers itself would be over when that hook is.
after(async () => {
  for (const end of endings.reverse()) await end();
});

/** Runs `end` when all tests of the file are over, the last one given first. */
export function whenOver(end: () => unknown): void {
  endings.push(end);
}

/** A folder that is removed when the file's tests are over. */
export function temporaryFolder(prefix = "flowdeck-", parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, prefix));
  whenOver(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/** The same in memory, where the system has such a place: for many small databases whose commits need not last. */
export function memoryFolder(): string {
  const memory = "/dev/shm";
  return temporaryFolder("flowdeck-", existsSync(memory) ? memory : tmpdir());
}

/** The number in a file, a line that another program writes; undefined until all of it is there: a shell makes the file first. */
export function numberIn(file: string): number | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text.endsWith("\n") ? Number(text) : undefined;
}

/** What a browser says of a page that went away while it was read, as when an editor's tab takes another's place. */
export function isPageGone(error: unknown): boolean {
  return error instanceof Error && /Frame was detached|Execution context was destroyed/.test(error.message);
}

/** ms: a machine that does much else at the same time takes ten times as long as an idle one. */
const PATIENCE = 120_000;

/**
 * Waits until `read` gives something other than undefined or false; throws with `what` after `timeout` ms.
 * A page that goes away while it is read has not answered yet; every other error of `read` is thrown.
 */
export async function until<T>(
  what: string,
  read: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = PATIENCE,
): Promise<T> {
  const began = Date.now();
  for (;;) {
    const value = await Promise.resolve(read()).catch((error: unknown) => {
      if (isPageGone(error)) return undefined;
      throw error;
    });
    if (value !== undefined && value !== false) return value;
    const waited = Date.now() - began;
    if (waited > timeout) throw new Error(`Waited ${timeout} ms in vain: ${what}`);
    // To ask takes time from what is waited for: what did not come soon is asked for less often.
    await new Promise((next) => setTimeout(next, Math.min(100, 25 + waited / 40)));
  }
}
