import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { GitProblem } from "../../projects/gitProblems.ts";
import { execute, registerCommand, type GitTarget } from "../platform/commands.ts";
import type { Platform, Remedy } from "../platform/platform.ts";
import type { ProjectParts } from "./commands.ts";
import { startRemedy } from "./starting.ts";

/** Projects that are not the workspace's: of a repository elsewhere, and of another version of one here. Their code is loaded with their first use. */
export function registerGitCommands(platform: Platform, parts: ProjectParts): vscode.Disposable[] {
  return [
    registerCommand(
      platform,
      "flowdeck.projects.runFromGit",
      async (target) => (await import("./runFromGit.ts")).runFromGit(platform, parts, target),
      remedy,
    ),
    registerCommand(
      platform,
      "flowdeck.projects.runVersion",
      async (...args) => (await import("./runVersion.ts")).runVersion(platform, parts, ...args),
      startRemedy,
    ),
  ];
}

/** A failure with what was asked, so that it can be tried again. */
export class NotFetched extends MlflowError {
  readonly target: GitTarget;
  readonly kind: GitProblem["kind"];

  constructor({ message, kind }: GitProblem, target: GitTarget) {
    super("INVALID_STATE", message);
    this.target = target;
    this.kind = kind;
  }
}

function remedy(error: unknown): Remedy | undefined {
  if (!(error instanceof NotFetched)) return startRemedy(error);
  const { target } = error;
  switch (error.kind) {
    case "missing":
      return {
        title: "Get git",
        run: () => vscode.env.openExternal(vscode.Uri.parse("https://git-scm.com/downloads")),
      };
    case "credentials":
      return {
        title: "Fetch in Terminal…",
        run: () => execute("flowdeck.projects.runFromGit", { ...target, unseen: true }),
      };
    case "network":
      return { title: "Try Again", run: () => execute("flowdeck.projects.runFromGit", target) };
    case "absent":
      return { title: "Other Address…", run: () => execute("flowdeck.projects.runFromGit") };
    default:
      return error.kind satisfies never;
  }
}
