import { MlflowError } from "../mlflow/errors.ts";
import { shownAddress } from "./git.ts";
import { gitProblem } from "./gitProblems.ts";
import { requireGit } from "./gitSources.ts";
import { childEnvironment, outputOf, runCommand, type Output } from "../processes/processes.ts";

/** What a repository offers to be run. */
export interface GitVersions {
  /** What is run when no version is named; absent for an empty repository. */
  defaultBranch?: string;
  branches: string[];
  /** The latest of numbered ones first. */
  tags: string[];
}

/** Branches and tags, asked by the person's own git, which asks nothing back. @throws GitProblem, CANCELLED when stopped. */
export async function listVersions(uri: string, stop: AbortSignal): Promise<GitVersions> {
  await requireGit();
  const env = { GIT_TERMINAL_PROMPT: "0", ...childEnvironment(), LC_ALL: "C" };
  const args = ["ls-remote", "--symref", "--", uri, "HEAD", "refs/heads/*", "refs/tags/*"];
  const printed = { stdout: "", stderr: "" };
  const output: Output = { write: (chunk, stream) => (printed[stream] += chunk.toString()) };
  // In a group of its own, so that ssh finds no terminal in which it would wait for an answer.
  const { exitCode } = await runCommand({ file: "git", args, cwd: process.cwd(), env, output, deaf: true }, stop);
  if (stop.aborted) throw new MlflowError("CANCELLED", "Stopped while git was asked for its versions.");
  if (exitCode === 0) return readVersions(printed.stdout);
  const message = `git could not read ${shownAddress(uri)}; is its address right, and may you read it?`;
  throw gitProblem(uri, printed.stderr) ?? new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** The lines of `git ls-remote --symref`. */
export function readVersions(lines: string): GitVersions {
  const versions: GitVersions = { branches: [], tags: [] };
  for (const line of lines.split("\n")) {
    const [, head] = /^ref: refs\/heads\/(\S+)\tHEAD$/.exec(line) ?? [];
    if (head !== undefined) versions.defaultBranch = head;
    const [, kind, name] = /\trefs\/(heads|tags)\/(.+)$/.exec(line) ?? [];
    // `^{}` is what an annotated tag points at.
    if (name === undefined || name.endsWith("^{}")) continue;
    (kind === "heads" ? versions.branches : versions.tags).push(name);
  }
  const { compare } = new Intl.Collator("en", { numeric: true });
  versions.branches.sort(compare);
  versions.tags.sort((one, other) => compare(other, one));
  return versions;
}

/** A commit of a repository of this machine. */
export interface GitCommit {
  hash: string;
  subject: string;
  /** Such as `3 days ago`. */
  age: string;
}

/** The latest commits of a folder of a repository of this machine. */
export async function latestCommits(folder: string, count: number): Promise<GitCommit[]> {
  const format = ["--format=%H%x09%cr%x09%s", `--max-count=${count}`];
  const lines = await outputOf("git", ["-C", folder, "log", ...format, "--all", "--", "."]);
  return (lines ?? "").split("\n").flatMap((line) => {
    const [hash = "", age = "", ...subject] = line.split("\t");
    return hash === "" ? [] : [{ hash, age, subject: subject.join("\t") }];
  });
}
