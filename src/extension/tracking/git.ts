import { execFile } from "node:child_process";
import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { MlflowError } from "../../mlflow/errors.ts";

// What is asked of git about a run's commit. No vscode.

const run = promisify(execFile);
/** ms; a working tree of a large repository takes its time. */
const PATIENCE = 120_000;

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...args], { timeout: PATIENCE, maxBuffer: 64 << 20 });
  return stdout;
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

/** Checks a commit out into a folder that is not there yet, or that was removed by hand: git keeps such a one in its list. */
export async function addWorktree(root: string, commit: string, folder: string): Promise<void> {
  await git(root, "worktree", "add", "--force", "--detach", folder, commit).catch((cause: unknown): never => {
    const message = `git could not check out ${commit.slice(0, 7)} into ${basename(folder)}; the log says why.`;
    throw new MlflowError("INVALID_STATE", message, { cause });
  });
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
