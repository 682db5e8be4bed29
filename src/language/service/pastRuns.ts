// The values a parameter had in earlier runs.
import type { PastRun } from "../../protocol/language.ts";
import { commandLink, escapeMarkdown } from "./markdown.ts";
import { age, metric } from "./times.ts";

/** Runs that a hover shows. */
const SHOWN = 3;

/** Each value once, the latest first. */
export function pastValues(runs: readonly PastRun[], name: string): string[] {
  return [...new Set(runs.flatMap((run) => valueOf(run, name) ?? []))];
}

/** `Used in 3 runs: 0.6, 0.65, 0.7`; undefined when it was never. */
export function pastSentence(runs: readonly PastRun[], name: string): string | undefined {
  const count = runs.filter((run) => valueOf(run, name) !== undefined).length;
  const values = pastValues(runs, name).slice(0, 5).join(", ");
  return count === 0 ? undefined : `Used in ${count === 1 ? "1 run" : `${count} runs`}: ${values}`;
}

/** A table of the latest values and the best one, each with its run and what it came to; undefined when there is none. */
export function pastTable(runs: readonly PastRun[], name: string, now: number): string | undefined {
  const known = runs.filter((run) => valueOf(run, name) !== undefined);
  const shown = known.filter((run, index) => index < SHOWN || run.best === true);
  if (shown.length === 0) return undefined;
  const rows = shown.map((run) => rowOf(run, valueOf(run, name) ?? "", now));
  return ["| | | | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function rowOf(run: PastRun, value: string, now: number): string {
  const link = commandLink(run.run_name, "flowdeck.tracking.openRun", { run_id: run.run_id });
  const when = run.status === "RUNNING" ? "running" : age(run.end_time ?? run.start_time, now);
  const what = run.status === "FINISHED" || run.status === "RUNNING" ? when : `${run.status.toLowerCase()} ${when}`;
  const result = run.metric === undefined ? "" : resultOf(run.metric, run.best === true);
  // Editors put cells close together. A line end would end the row.
  const cells = [...[escapeMarkdown(value), link, what].map((cell) => `${cell}&nbsp;&nbsp;`), result];
  return `| ${cells.map((cell) => cell.replaceAll(/[^\S\n]*(?:\r?\n|\r)\s*/g, " ↵ ")).join(" | ")} |`;
}

function resultOf({ key, value }: { key: string; value: number }, isBest: boolean): string {
  return isBest ? `${escapeMarkdown(key)} **${metric(value)}** best` : `${escapeMarkdown(key)} ${metric(value)}`;
}

export function valueOf(run: PastRun, name: string): string | undefined {
  return run.params.find(({ key }) => key === name)?.value;
}
