import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Run } from "../../src/mlflow/entities.ts";
import type { RunState } from "../../src/projects/request.ts";
import type { WorkflowRequest } from "../../src/projects/workflow/request.ts";
import { runWorkflow } from "../../src/projects/workflow/runWorkflow.ts";
import { readWorkflowState, type WorkflowState } from "../../src/projects/workflow/state.ts";
import { realpathSync } from "node:fs";
import { temporaryFolder } from "./environment.ts";
import type { TestServer } from "./runner.ts";

export const WORKFLOW_FILE = "workflow.mlflow.yaml";

/** A project with a workflow, by name of the file; committed when asked for. */
export function workflowProject(files: Record<string, string>, committed = true): string {
  const folder = realpathSync(temporaryFolder("flowdeck-workflow-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (committed) {
    git(folder, "init", "--quiet");
    commit(folder);
  }
  return folder;
}

export function git(folder: string, ...args: string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" }).trim();
}

export function commit(folder: string): void {
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", "a change");
}

/** What one start of a workflow gave. */
export interface Started {
  state: RunState;
  /** Everything that was printed. */
  printed: string;
  /** As its run's tags tell it afterwards. */
  workflow: WorkflowState | undefined;
  run: Run | undefined;
  /** `name status`, in the file's order. */
  statuses: string[];
}

/** Runs a workflow in this process, to its end. */
export async function startWorkflow(
  { tracking_uri, token, store }: TestServer,
  folder: string,
  request: Partial<WorkflowRequest> = {},
  stop = new AbortController().signal,
): Promise<Started> {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const whole: WorkflowRequest = {
    format: 1,
    kind: "workflow",
    file: join(folder, WORKFLOW_FILE),
    parameters: [],
    tracking_uri,
    token,
    ...request,
  };
  const changed = () => Promise.resolve();
  const state = await runWorkflow(whole, { store, patientStore: store, say, changed, stop });
  const run = state.run_id === undefined ? undefined : await store.getRun({ run_id: state.run_id });
  const workflow = run === undefined ? undefined : readWorkflowState(run);
  const statuses = (workflow?.steps ?? []).map(({ name, status }) => `${name} ${status}`);
  return { state, printed: lines.join("\n"), workflow, run, statuses };
}
