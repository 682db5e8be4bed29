import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { withoutSecrets } from "../mlflow/uris.ts";
import { outputOf } from "../processes/processes.ts";

/** Where a project folder lies in a repository; empty when it is in none. */
export interface GitPlace {
  /** Real path of the working tree's top folder. */
  root?: string;
  /** The project folder below it, such as `examples/wine`; empty for the top folder itself. */
  below?: string;
}

/** What git knows of a project folder; empty when it is in no repository. */
export interface GitFacts extends GitPlace {
  /** Full hash of HEAD; absent without a commit, or when git ignores the folder. */
  commit?: string;
  /** The first remote's, without credentials. */
  repoUrl?: string;
}

export async function readGitPlace(folder: string): Promise<GitPlace> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined || !mayBeInRepository(real)) return {};
  const root = await outputOf("git", ["-C", real, "rev-parse", "--show-toplevel"]);
  return root === undefined || root === "" ? {} : { root, below: relative(root, real) };
}

/** Spares most folders in no repository a git that would be started to say so. */
function mayBeInRepository(folder: string): boolean {
  if (process.env["GIT_DIR"] !== undefined || existsSync(join(folder, ".git"))) return true;
  return dirname(folder) !== folder && mayBeInRepository(dirname(folder));
}

export async function readGitFacts(folder: string): Promise<GitFacts> {
  const place = await readGitPlace(folder);
  if (place.root === undefined) return {};
  const git = (...args: string[]) => outputOf("git", ["-C", folder, ...args]);
  const [commit, ignored, remotes] = await Promise.all([
    git("rev-parse", "--verify", "--quiet", "HEAD"),
    git("check-ignore", folder),
    git("config", "--get-regexp", String.raw`^remote\..*\.url$`),
  ]);
  // `git config` lists remotes in the file's order, as MLflow (3.17.2) takes them.
  const url = remotes?.split("\n")[0]?.replace(/^\S+ /, "");
  return {
    ...place,
    ...(commit === undefined || commit === "" || ignored !== undefined ? {} : { commit }),
    ...(url === undefined || url === "" ? {} : { repoUrl: withoutCredentials(url) }),
  };
}

/** `mlflow.source.name` of a local project: `file:///repo#sub/folder` in a repository, else its path (mlflow 3.17.2). */
export function sourceName(folder: string, { root, below = "" }: GitPlace): string {
  if (root === undefined) return folder;
  return below === "" ? `file://${root}` : `file://${root}#${below}`;
}

/** For what is kept and compared, as a tag. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-zA-Z][\w+.-]*:\/\/)[^/]*@/, "$1");
}

/** For messages and lists, not for what is kept, compared or fetched. */
export function shownAddress(url: string): string {
  return withoutSecrets(url);
}
