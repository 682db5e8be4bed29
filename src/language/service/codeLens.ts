import type { CodeLens, Command } from "vscode-languageserver";
import type { MlprojectDocument } from "../../projects/document.ts";
import { callsPython } from "../../projects/command.ts";
import type { LastRunResult, PastRun } from "../../protocol/language.ts";
import { rangeIn } from "./positions.ts";
import { age, duration, metric } from "./times.ts";

export interface LensQuestion {
  document: MlprojectDocument;
  /** Of the MLproject file. */
  uri: string;
  /** Whether running is offered. */
  mayRun: boolean;
  /** What the client told of the last run of an entry point. */
  lastRun(entryPoint: string): LastRunResult | undefined;
  /** ms since the epoch. */
  now: number;
}

/** Above every entry point that has a command: Run, Debug where it is Python of this machine, Run with other values where it takes some, its last run and its best one. */
export function codeLenses({ document, uri, mayRun, lastRun, now }: LensQuestion): CodeLens[] {
  // What runs in a container cannot be debugged from here.
  const isHere = document.environment?.kind !== "docker";
  return document.entryPoints.flatMap((entryPoint) => {
    if (entryPoint.command === undefined) return [];
    const range = rangeIn(document, entryPoint.nameRange);
    const run = { title: "▷ Run", command: "flowdeck.projects.run", arguments: [uri, entryPoint.name] };
    const debug = { ...run, title: "Debug", command: "flowdeck.projects.debug" };
    const runWith = { ...run, title: "Run with…", command: "flowdeck.projects.runWith" };
    const last = lastRun(entryPoint.name);
    const commands = [
      ...(mayRun ? [run] : []),
      ...(mayRun && isHere && callsPython(entryPoint.command) ? [debug] : []),
      ...(mayRun && entryPoint.parameters.length > 0 ? [runWith] : []),
      ...(last === undefined ? [] : runsToOpen(last, now)),
    ];
    return commands.map((command) => ({ range, command }));
  });
}

/** The last run, the one that ended before it while it is running, and the best of all. */
function runsToOpen(last: LastRunResult, now: number): Command[] {
  const before = last.status === "RUNNING" ? last.latest?.find(({ status }) => status !== "RUNNING") : undefined;
  const best = last.latest?.find((one) => one.best === true);
  return [
    openRun(last, now),
    ...(before === undefined ? [] : [openRun(before, now)]),
    ...(best === undefined ? [] : [openBest(best)]),
  ];
}

function openRun(run: LastRunResult, now: number): Command {
  // VS Code drops a plain space behind an icon.
  const title = lastRunText(run, now).replace(") ", ")\u00A0");
  return { title, command: "flowdeck.tracking.openRun", arguments: [{ run_id: run.run_id }] };
}

/** `best 0.5571`. */
function openBest({ run_id, metric: best }: PastRun): Command {
  const title = `best ${metric(best?.value ?? Number.NaN)}`;
  return { title, command: "flowdeck.tracking.openRun", arguments: [{ run_id }] };
}

/** `$(pass) 2 h ago · val_rmse 0.5612`. */
export function lastRunText(run: LastRunResult, now: number): string {
  const when = age(run.end_time ?? run.start_time, now);
  switch (run.status) {
    case "FINISHED":
      return run.metric === undefined
        ? `$(pass) ${when} · ${duration((run.end_time ?? now) - run.start_time)}`
        : `$(pass) ${when} · ${run.metric.key} ${metric(run.metric.value)}`;
    case "FAILED":
      return `$(error) failed ${when}`;
    case "KILLED":
      return `$(circle-slash) killed ${when}`;
    case "RUNNING":
      return `$(loading~spin) running ${duration(Math.max(0, now - run.start_time))}`;
    default:
      return `$(clock) ${run.status.toLowerCase()} ${when}`;
  }
}
