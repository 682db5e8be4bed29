import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as vscode from "vscode";
import { asMlflowError } from "../../mlflow/errors.ts";
import { shownAddress } from "../../projects/git.ts";
import { isGitUri } from "../../projects/gitSources.ts";
import type { GitCommit, GitVersions } from "../../projects/gitVersions.ts";
import { splitUri } from "../../projects/projectUri.ts";
import { answerOf } from "../platform/answerOf.ts";

/** One sentence when nothing can be fetched from what was typed; undefined when it may be tried. */
export function uriProblem(text: string, folder: string): string | undefined {
  try {
    const [base] = splitUri(text.trim());
    if (base === "") return "An address names a repository, such as https://github.com/mlflow/mlflow-example.";
    if (base.startsWith("-")) return "An address does not begin with a -.";
    // Else `https:/x` would be the path /x of a host called https.
    if (/^(?:https?|ssh|git|ftps?|file):(?!\/\/)/i.test(base)) return "Behind the : of an address stand two slashes.";
    if (base.startsWith("file:") || isGitUri(base) || existsSync(resolve(folder, base))) return undefined;
    return "This is no folder of this machine and no address of a repository (https://, ssh://, user@host:path).";
  } catch (error) {
    return asMlflowError(error).message;
  }
}

interface UriItem extends vscode.QuickPickItem {
  uri: string;
  problem?: string;
}

/** In a browser, where reading the clipboard asks the person, or fails with words of its own: so it is read when this is chosen. */
const PASTE: UriItem = { label: "$(clippy) Paste", description: "the address that is in the clipboard", uri: "" };

/** Asks for the address of a project: typed, an earlier one, or that of the clipboard. Undefined: the person went away. */
export async function askUri(recent: readonly string[], folder: string): Promise<string | undefined> {
  const isBrowser = vscode.env.uiKind === vscode.UIKind.Web;
  let copied = "";
  const offered = (): UriItem[] => {
    const isAddress = /^\S{1,500}$/.test(copied) && isGitUri(copied.split("#")[0] ?? "");
    return [
      ...(isBrowser ? [PASTE] : []),
      ...(isAddress && uriProblem(copied, folder) === undefined
        ? [{ label: `$(clippy) ${shownAddress(copied)}`, description: "in the clipboard", uri: copied }]
        : []),
      ...recent
        .filter((uri) => uri !== copied)
        .map((uri) => ({ label: `$(history) ${shownAddress(uri)}`, description: "fetched before", uri })),
    ];
  };
  const list = vscode.window.createQuickPick<UriItem>();
  list.title = "Run Project from Git";
  list.placeholder = "https://host/repository.git, user@host:repository, or a folder; #sub/folder may follow";
  list.ignoreFocusOut = true;
  const show = (): void => {
    const uri = list.value.trim();
    const problem = uriProblem(uri, folder);
    const typed: UriItem = {
      label: `$(${problem === undefined ? "repo-clone" : "warning"}) ${uri}`,
      description: problem ?? "fetch it and show its entry points",
      alwaysShow: true,
      uri,
      ...(problem === undefined ? {} : { problem }),
    };
    list.items = uri === "" ? offered() : [typed, ...offered()];
  };
  const read = (take: (text: string) => void): void => {
    vscode.env.clipboard.readText().then(
      (text) => {
        take(text.trim());
        show();
      },
      () => undefined,
    );
  };
  show();
  list.onDidChangeValue(show);
  if (!isBrowser) read((text) => (copied = text));
  return answerOf(list, (item) => {
    if (item !== PASTE) return item.problem === undefined ? item.uri : undefined;
    read((text) => (list.value = text));
    return undefined;
  });
}

interface VersionItem extends vscode.QuickPickItem {
  version: string | undefined;
}

/** What is known of a repository when its version is asked for. */
export interface VersionSubject {
  versions: GitVersions;
  /** Of a repository of this machine. */
  commits: readonly GitCommit[];
  /** The version that is offered first, if the repository has it. */
  before?: string | undefined;
  /** What the first row says runs when no version is named; absent: one must be. */
  unnamed?: { label: string; description: string };
}

/** Asks for a branch, tag or commit; `{}`: none is named. Undefined: the person went away. */
export async function askVersion(subject: VersionSubject): Promise<{ version?: string } | undefined> {
  const { versions, commits, before, unnamed } = subject;
  const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, version: undefined });
  const branches = versions.branches.map((version) => ({
    label: `$(git-branch) ${version}`,
    description: version === versions.defaultBranch ? "default branch" : "",
    version,
  }));
  const tags = versions.tags.map((version) => ({ label: `$(tag) ${version}`, version }));
  const latest = commits.map(({ hash, subject: says, age }) => ({
    label: `$(git-commit) ${hash.slice(0, 8)}`,
    description: `${says}, ${age}`,
    version: hash,
  }));
  const known = [...branches, ...tags, ...latest];
  const again = known.find(({ version }) => version === before);
  const items: VersionItem[] = [
    ...(unnamed === undefined ? [] : [{ ...unnamed, version: undefined }]),
    ...(again === undefined ? [] : [{ ...again, description: "chosen the last time" }]),
    ...(branches.length === 0 ? [] : [heading("Branches"), ...branches.filter((one) => one !== again)]),
    ...(tags.length === 0 ? [] : [heading("Tags"), ...tags.filter((one) => one !== again)]),
    ...(latest.length === 0 ? [] : [heading("Commits"), ...latest.filter((one) => one !== again)]),
  ];
  const list = vscode.window.createQuickPick<VersionItem>();
  list.title = "Version to Run";
  list.placeholder = "Choose a branch or tag, or type the id of a commit";
  list.matchOnDescription = true;
  list.ignoreFocusOut = true;
  const show = (): void => {
    const typed = list.value.trim();
    const isOther =
      typed !== "" && !typed.startsWith("-") && ![...branches, ...tags].some((one) => one.version === typed);
    const isCommit = /^[0-9a-f]{7,40}$/i.test(typed);
    const commit = commits.find(({ hash }) => hash.startsWith(typed));
    const row: VersionItem = {
      label: `$(git-commit) ${typed}`,
      description: isCommit ? (commit?.subject ?? "this commit") : "this name, though the repository did not tell it",
      alwaysShow: true,
      version: typed,
    };
    list.items = isOther ? (isCommit ? [row, ...items] : [...items, row]) : items;
  };
  show();
  list.onDidChangeValue(show);
  return answerOf(list, ({ version }) => (version === undefined ? {} : { version }));
}
