import * as vscode from "vscode";
import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { registerCommand, type RunTarget } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { findOrPickRun, writable } from "./find.ts";
import { agoText, statusText } from "./format.ts";
import { lastSignOf } from "./lastSign.ts";
import type { TrackingPanels } from "./panels/panels.ts";
import type { StuckRuns } from "./stuckRuns.ts";

/** What marking a run as failed or killed works with. */
export interface MarkEndedParts {
  stores: Stores;
  panels: TrackingPanels;
  stuck: StuckRuns;
}

/** Ends a run that nobody ends, FAILED or KILLED, at the time when it was last heard of. One that may have a process is asked about. */
export function registerMarkEnded(platform: Platform, parts: MarkEndedParts): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(platform, "flowdeck.tracking.markFailed", (target) => markEnded(parts, "FAILED", target)),
    registerCommand(platform, "flowdeck.tracking.markKilled", (target) => markEnded(parts, "KILLED", target)),
  );
}

async function markEnded(
  { stores, panels, stuck }: MarkEndedParts,
  status: "FAILED" | "KILLED",
  target: RunTarget | undefined,
): Promise<void> {
  const word = statusText(status);
  const asked = { placeHolder: `Run to mark as ${word}`, writable: true, running: true };
  const one = await findOrPickRun(stores, target ?? panels.activeTarget, asked);
  if (one === undefined) return;
  const { remote, uri } = writable(one.store);
  const { run_id, run_name, start_time } = one.run.info;
  refuseUnlessRunning(one.run);
  const now = Date.now();
  const heard = await lastSignOf(remote, one.run, now);
  if (!(await stuck.isStuck({ uri, ...one.run.info }))) {
    const answer = status === "FAILED" ? "Mark as Failed" : "Mark as Killed";
    const last = heard === 0 ? "" : `: it was last heard of ${agoText(heard, now)}`;
    const question = `${run_name} may still be running${last}. Mark it as ${word} all the same?`;
    const chosen = await vscode.window.showWarningMessage(question, { modal: true }, answer);
    if (chosen !== answer) return;
    // It may have ended while it was asked about.
    refuseUnlessRunning(await remote.getRun({ run_id }));
  }
  const end_time = heard === 0 ? now : Math.max(Math.round(heard), start_time ?? 0);
  await remote.updateRun({ run_id, status, end_time });
}

function refuseUnlessRunning({ info: { run_name, status, lifecycle_stage } }: Run): void {
  if (lifecycle_stage !== "active") throw new MlflowError("INVALID_STATE", `${run_name} is deleted; restore it first.`);
  if (status !== "RUNNING")
    throw new MlflowError("INVALID_STATE", `${run_name} is not running: it is ${statusText(status)}.`);
}
