import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { shownAddress } from "./git.ts";
import { GitProblem, gitProblem } from "./gitProblems.ts";
import { childEnvironment, isAlive, markOf, outputOf, runCommand, type Output } from "../processes/processes.ts";
import { makeTemporaryFolder } from "./temporaryFolder.ts";

// Repositories are fetched by the person's own git: its credentials, proxies and ssh keys hold here, too.

interface GitQuery {
  /** Address of a repository, or the path of one. */
  uri: string;
  version?: string;
  stop: AbortSignal;
  /** There is no terminal: git asks nothing, and the sentence of a failure says what git said. */
  quiet?: boolean;
}

/** Whether git may be asked for it: a URL, or `user@host:path`. */
export function isGitUri(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(uri) || /^([\w.-]+@)?[\w.-]+:(?!\\)./.test(uri);
}

/** Fetches one version (the default branch when absent), not its history, with submodules. Resolves to the version when it is a branch. */
export async function fetchFromGit(query: GitQuery, folder: string): Promise<string | undefined> {
  const { uri, version } = query;
  await requireGit();
  if (version === undefined) {
    await git(["clone", "--quiet", "--depth", "1", "--", uri, folder], query, unreachable(uri));
    await updateSubmodules(folder, query);
    return undefined;
  }
  checkVersion(version);
  const missing = noVersion(version, uri);
  if (isRefspec(version)) throw new MlflowError("INVALID_PARAMETER_VALUE", missing);
  await git(["init", "--quiet", folder], query, missing);
  await git(["-C", folder, "remote", "add", "origin", uri], query, missing);
  await git(["-C", folder, "fetch", "--quiet", "--depth", "1", "--tags", "origin", version], query, missing);
  // Of a branch, fetching leaves a reference behind.
  const isBranch = (await resolveCommit(folder, `refs/remotes/origin/${version}`)) !== undefined;
  const place = isBranch ? ["-B", version, `origin/${version}`] : ["--detach", "FETCH_HEAD"];
  await git(["-C", folder, "checkout", "--quiet", ...place], query, missing);
  await updateSubmodules(folder, query);
  return isBranch ? version : undefined;
}

export interface Worktree {
  folder: string;
  isBranch: boolean;
  remove(): Promise<void>;
}

/** A version of a repository of this machine in a folder of its own: neither its files nor what is checked out changes. */
export async function makeWorktree(query: GitQuery & { version: string }): Promise<Worktree> {
  const { uri, version } = query;
  checkVersion(version);
  await removeAbandoned(uri);
  const commit = await findCommit(uri, version, query);
  const parent = await makeTemporaryFolder(PARENT);
  const folder = join(parent, "project");
  const remove = async () => {
    await outputOf("git", ["-C", uri, "worktree", "remove", "--force", "--force", folder]);
    // What cannot be removed there, as files of another user, changes nothing about the run.
    await rm(parent, { recursive: true, force: true }).catch(() => undefined);
  };
  try {
    // Its lock tells who uses it, and keeps `git worktree prune` away meanwhile.
    const reason = `${LOCK} ${JSON.stringify(markOf(process.pid))}`;
    const add = ["worktree", "add", "--quiet", "--detach", "--lock", "--reason", reason, folder, commit];
    await git(["-C", uri, ...add], query, noVersion(version, uri));
    // Not --init, which would write into the configuration that the worktree shares with the person's own files.
    await updateSubmodules(folder, query, "-c", "submodule.active=.");
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, isBranch: (await resolveCommit(uri, `refs/heads/${version}`)) !== undefined, remove };
}

const LOCK = "flowdeck runs this:";
/** How the folder that a worktree lies in begins. */
const PARENT = "flowdeck-worktree-";

/** Worktrees of runs that ended without removing theirs. */
async function removeAbandoned(repository: string): Promise<void> {
  const list = (await outputOf("git", ["-C", repository, "worktree", "list", "--porcelain"])) ?? "";
  for (const entry of list.split("\n\n")) {
    const folder = /^worktree (.*)$/m.exec(entry)?.[1];
    const reason = /^locked (.*)$/m.exec(entry)?.[1] ?? "";
    // git quotes a reason that holds quotes.
    const mark = /"?\\?"pid\\?":(\d+)(?:,\\?"started\\?":\\?"(\d+))?/.exec(reason);
    if (folder === undefined || mark === null || !reason.includes(LOCK)) continue;
    // Somebody has moved it: it is theirs now.
    if (!basename(dirname(folder)).startsWith(PARENT)) continue;
    const [, pid = "0", started] = mark;
    if (isAlive({ pid: Number(pid), ...(started === undefined ? {} : { started }) })) continue;
    await outputOf("git", ["-C", repository, "worktree", "remove", "--force", "--force", folder]);
    await rm(dirname(folder), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What the repository has of that name: its own branches, tags and commits, those of its remote, and at last what its remote gives. */
async function findCommit(repository: string, version: string, query: GitQuery): Promise<string> {
  for (const name of [version, `refs/remotes/origin/${version}`]) {
    const commit = await resolveCommit(repository, name);
    if (commit !== undefined) return commit;
  }
  const missing = noVersion(version, repository);
  if (isRefspec(version) || (await outputOf("git", ["-C", repository, "remote", "get-url", "origin"])) === undefined)
    throw new MlflowError("INVALID_PARAMETER_VALUE", missing);
  await git(["-C", repository, "fetch", "--quiet", "--no-tags", "origin", version], query, missing);
  const fetched = await resolveCommit(repository, "FETCH_HEAD");
  if (fetched === undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", missing);
  return fetched;
}

async function resolveCommit(folder: string, name: string): Promise<string | undefined> {
  const commit = await outputOf("git", ["-C", folder, "rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
  return commit === "" ? undefined : commit;
}

async function updateSubmodules(folder: string, query: GitQuery, ...how: string[]): Promise<void> {
  const failure = `The submodules of ${shownAddress(query.uri)} could not be fetched (see above).`;
  const init = how.length === 0 ? ["--init"] : [];
  await git(["-C", folder, ...how, "submodule", "--quiet", "update", ...init, "--recursive"], query, failure);
}

/**
 * On this terminal, where git and ssh may ask for a password. Without one, or when it is `quiet`, it has no terminal at all: else a
 * question could wait there for ever. @throws GitProblem for what can be told, else MlflowError with `failure`; CANCELLED when stopped.
 */
async function git(args: readonly string[], { uri, stop, quiet = false }: GitQuery, failure: string): Promise<void> {
  const env: NodeJS.ProcessEnv = childEnvironment();
  // Without a terminal nobody would see the question.
  if (quiet || !process.stdin.isTTY) env["GIT_TERMINAL_PROMPT"] ??= "0";
  // Its words are looked into.
  if (quiet) env["LC_ALL"] = "C";
  let said = "";
  const output: Output = {
    write: (part, stream) => {
      said += part.toString();
      if (!quiet) process[stream].write(part);
    },
  };
  const how = !quiet && process.stdin.isTTY ? { foreground: true } : { deaf: true };
  const { exitCode } = await runCommand({ file: "git", args, cwd: process.cwd(), env, output, ...how }, stop);
  if (stop.aborted)
    throw new MlflowError("CANCELLED", "Stopped while the project was being fetched; no run was created.");
  if (exitCode === 0) return;
  const message = quiet ? failure.replace(" (see above)", "") : failure;
  throw gitProblem(uri, said) ?? new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** @throws GitProblem when this machine has no git. */
export async function requireGit(): Promise<void> {
  if ((await outputOf("git", ["--version"])) !== undefined) return;
  throw new GitProblem("missing", "git was not found; install it, or fetch the project and name its folder.");
}

function checkVersion(version: string): void {
  if (version !== "" && !version.startsWith("-")) return;
  throw new MlflowError("INVALID_PARAMETER_VALUE", `'${version}' is no branch, tag or commit.`);
}

/** Fetching such a one would write to branches. */
function isRefspec(version: string): boolean {
  return /[:*]/.test(version);
}

function noVersion(version: string, uri: string): string {
  return `Unable to checkout version '${version}' of git repo ${shownAddress(uri)}; please ensure that the version exists in the repo.`;
}

function unreachable(uri: string): string {
  return `The repository ${shownAddress(uri)} could not be fetched (see above); is its address right, and may you read it?`;
}
