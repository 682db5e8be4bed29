import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { MlflowError } from "../../mlflow/errors.ts";
import { isAlive, markOf } from "../../processes/processes.ts";

// What is asked of git about a run's commit. No vscode.

const run = promisify(execFile);
/** ms; a working tree of a large repository takes its time. */
const PATIENCE = 120_000;
/** ms until a process that was asked to end is ended. */
const STUBBORN = 2_000;

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...args], { timeout: PATIENCE, maxBuffer: 64 << 20 });
  return stdout;
}

/** Runs git until it is done or `signal` aborts, which ends git and what git has started: the processes of a checkout. */
async function stoppableGit(signal: AbortSignal, folder: string, ...args: string[]): Promise<void> {
  signal.throwIfAborted();
  const own = process.platform !== "win32";
  const child = spawn("git", ["-C", folder, ...args], { detached: own, stdio: ["ignore", "ignore", "pipe"] });
  const end = (how: NodeJS.Signals): void => {
    try {
      if (own && child.pid !== undefined) process.kill(-child.pid, how);
      else child.kill(how);
    } catch {
      // It has just ended by itself.
    }
  };
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end("SIGTERM");
    killing = setTimeout(() => end("SIGKILL"), STUBBORN);
  };
  signal.addEventListener("abort", stop, { once: true });
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told = `${told}${text.toString()}`.slice(-2_000)));
  try {
    // Closed once nobody of them can write there any more.
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`git ${args[0]} ended with ${code ?? "a signal"}: ${told.trim()}`);
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(killing);
  }
}

/** Undefined when git refuses. */
async function asked(folder: string, ...args: string[]): Promise<string | undefined> {
  return git(folder, ...args).catch(() => undefined);
}

/** The top folder of the first repository around `places` that has the commit. */
export async function repositoryOf(commit: string, places: string[]): Promise<string | undefined> {
  for (const place of places) {
    const folder = existingFolder(place);
    const root = (folder && (await asked(folder, "rev-parse", "--show-toplevel")))?.trim();
    if (root && (await asked(root, "cat-file", "-e", `${commit}^{commit}`)) !== undefined) return root;
  }
  return undefined;
}

/** The folder itself, that of a file, or the nearest one above what is gone. */
function existingFolder(place: string): string | undefined {
  for (let at = place; ; at = dirname(at)) {
    if (existsSync(at)) return statSync(at).isDirectory() ? at : dirname(at);
    if (dirname(at) === at) return undefined;
  }
}

/** Where a commit would be checked out: beside the repository, named after both. */
export function worktreeFolder(root: string, commit: string): string {
  return join(dirname(root), `${basename(root)}-${commit.slice(0, 7)}`);
}

/** The working tree that has this commit checked out by itself. */
export async function existingWorktree(root: string, commit: string): Promise<string | undefined> {
  const listed = (await git(root, "worktree", "list", "--porcelain")).split("\n\n");
  for (const entry of listed) {
    const [, path] = /^worktree (.*)$/m.exec(entry) ?? [];
    if (path !== undefined && entry.includes(`HEAD ${commit}`) && /^detached$/m.test(entry) && existsSync(path))
      return path;
  }
  return undefined;
}

/**
 * Checks a commit out into a folder that is not there yet, is empty, or was removed by hand: git keeps such a one in its list.
 * Where that fails or `signal` aborts, nothing of it is left, and what somebody else made stays.
 */
export async function addWorktree(root: string, commit: string, folder: string, signal: AbortSignal): Promise<void> {
  const release = await claimFolder(root, folder);
  try {
    await fillFolder(root, commit, folder, signal);
  } finally {
    await release();
  }
}

/** The file that is there while a checkout into the folder is under way: in the repository, whose windows share it. */
export async function claimFile(root: string, folder: string): Promise<string> {
  const gitFolder = resolve(root, (await git(root, "rev-parse", "--git-common-dir")).trim());
  const place = createHash("sha256").update(realPlace(folder)).digest("hex").slice(0, 16);
  return join(gitFolder, `flowdeck-checkout-${place}`);
}

/** ms for which an empty claim is one that is being written. */
const BEING_WRITTEN = 10_000;

/** Two windows may choose the same folder at once: git takes an empty one from both of them. Gives back what ends the claim. */
async function claimFolder(root: string, folder: string): Promise<() => Promise<void>> {
  const file = await claimFile(root, folder);
  const { pid, started = "" } = markOf(process.pid) ?? { pid: process.pid };
  const claim = () => writeFile(file, `${pid} ${started}`.trim(), { flag: "wx" });
  await claim().catch(async () => {
    if (await isHeld(file)) {
      const message = `Another checkout into ${basename(folder)} is under way; wait for it, or choose another folder.`;
      throw new MlflowError("INVALID_STATE", message);
    }
    // Its window was ended in the middle.
    await rm(file, { force: true });
    await claim();
  });
  return () => rm(file, { force: true });
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const [pid = "", started] = (await readFile(file, "utf8")).split(" ");
    if (pid === "") return Date.now() - (await stat(file)).mtimeMs < BEING_WRITTEN;
    return isAlive({ pid: Number(pid), ...(started === undefined ? {} : { started }) });
  } catch {
    // It has just been given up.
    return false;
  }
}

async function fillFolder(root: string, commit: string, folder: string, signal: AbortSignal): Promise<void> {
  const failed = (cause: unknown): MlflowError => {
    if (signal.aborted) return new MlflowError("CANCELLED", "The person cancelled it.", { cause });
    const message = `git could not check out ${commit.slice(0, 7)} into ${basename(folder)}; the log says why.`;
    return new MlflowError("INVALID_STATE", message, { cause });
  };
  const before = entriesOf(folder);
  if (before !== undefined && before.length > 0) {
    const message = `${basename(folder)} holds something already, so nothing was checked out into it. Choose an empty folder.`;
    throw new MlflowError("INVALID_STATE", message);
  }
  const known = await listedWorktree(root, folder);
  if (known?.locked === true && before === undefined) {
    throw failed(new Error(`${folder} is a locked working tree that is not there: its disk may be elsewhere.`));
  }
  if (before === undefined) {
    // Another window may check the same out: only one of them makes the folder.
    await mkdir(folder).catch((cause: unknown) => {
      throw failed(cause);
    });
  }
  try {
    await stoppableGit(signal, root, "worktree", "add", "--force", "--detach", folder, commit);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    if (known === undefined) await asked(root, "worktree", "remove", "--force", "--force", folder);
    if (before !== undefined) await mkdir(folder);
    throw failed(cause);
  }
}

/** What git has in its list for a folder, be it there or not. */
async function listedWorktree(root: string, folder: string): Promise<{ locked: boolean } | undefined> {
  const own = realPlace(folder);
  for (const entry of (await git(root, "worktree", "list", "--porcelain")).split("\n\n")) {
    const [, path] = /^worktree (.*)$/m.exec(entry) ?? [];
    if (path !== undefined && realPlace(path) === own) return { locked: /^locked( |$)/m.test(entry) };
  }
  return undefined;
}

/** Where a folder is, or would be, without links above it. */
function realPlace(folder: string): string {
  const above = dirname(resolve(folder));
  return join(existsSync(above) ? realpathSync(above) : above, basename(folder));
}

/** Undefined where nothing is. */
function entriesOf(folder: string): string[] | undefined {
  if (!existsSync(folder)) return undefined;
  return statSync(folder).isDirectory() ? readdirSync(folder) : [basename(folder)];
}

/** A file as it was at a commit; undefined when it was not there. */
export async function fileAt(root: string, commit: string, path: string): Promise<string | undefined> {
  return asked(root, "show", `${commit}:${path}`);
}

/** `path` below the top folder of its repository, with `/` between its parts. */
export function pathInside(root: string, path: string): string {
  const real = existsSync(path) ? realpathSync(path) : path;
  return relative(root, real).replaceAll("\\", "/");
}

/** A file that two commits have differently; absent on the side that does not have it. */
export interface ChangedFile {
  left?: string;
  right?: string;
}

/** The files that differ between two commits, renamed ones as one. Absolute paths. */
export async function changedFiles(root: string, left: string, right: string): Promise<ChangedFile[]> {
  const parts = (await git(root, "diff", "--name-status", "-z", "-M", left, right, "--")).split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < parts.length; ) {
    const status = parts[at++] ?? "";
    const before = join(root, parts[at++] ?? "");
    if (status.startsWith("R") || status.startsWith("C"))
      files.push({ left: before, right: join(root, parts[at++] ?? "") });
    else files.push({ ...(status === "A" ? {} : { left: before }), ...(status === "D" ? {} : { right: before }) });
  }
  return files;
}

/** What changed from one commit to another, as git writes it. */
export async function commitDiff(root: string, left: string, right: string): Promise<string> {
  return git(root, "diff", "-M", left, right, "--");
}
