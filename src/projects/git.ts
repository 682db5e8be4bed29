import { outputOf } from "../processes/processes.ts";

/** What git knows of a project folder; empty when it is in no repository. */
export interface GitFacts {
  /** Full hash of HEAD; absent without a commit, or when git ignores the folder. */
  commit?: string;
  /** The first remote's, without credentials. */
  repoUrl?: string;
  /** Real path of the working tree's top folder. */
  root?: string;
  /** The project folder below it, such as `examples/wine`; empty for the top folder itself. */
  below?: string;
}

export async function readGitFacts(folder: string): Promise<GitFacts> {
  const git = (...args: string[]) => outputOf("git", ["-C", folder, ...args]);
  const root = await git("rev-parse", "--show-toplevel");
  if (root === undefined || root === "") return {};
  const [below, commit, ignored, remotes] = await Promise.all([
    git("rev-parse", "--show-prefix"),
    git("rev-parse", "--verify", "--quiet", "HEAD"),
    git("check-ignore", folder),
    git("config", "--get-regexp", String.raw`^remote\..*\.url$`),
  ]);
  // `git config` lists remotes in the file's order, as MLflow (3.17.2) takes them.
  const url = remotes?.split("\n")[0]?.replace(/^\S+ /, "");
  return {
    root,
    below: below?.replace(/\/$/, "") ?? "",
    ...(commit === undefined || commit === "" || ignored !== undefined ? {} : { commit }),
    ...(url === undefined || url === "" ? {} : { repoUrl: withoutCredentials(url) }),
  };
}

/** `mlflow.source.name` of a local project: `file:///repo#sub/folder` in a repository, else its path (mlflow 3.17.2). */
export function sourceName(folder: string, { root, below = "" }: GitFacts): string {
  if (root === undefined) return folder;
  return below === "" ? `file://${root}` : `file://${root}#${below}`;
}

/** For a tag and for messages. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-zA-Z][\w+.-]*:\/\/)[^/]*@/, "$1");
}
