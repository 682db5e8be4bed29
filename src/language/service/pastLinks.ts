// What a person may do next with the values that a parameter had: run with one of them, or see them against what came of them.
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import type { PastRun } from "../../protocol/language.ts";
import { commandLink } from "./markdown.ts";
import { valueOf } from "./pastRuns.ts";

/** Longest value that a link names. */
const LONGEST = 24;

/** Links of a hover; `uri` is that of the MLproject file. Undefined when there is nothing to offer. */
export function pastLinks(
  { uri, mayRun }: { uri: string; mayRun: boolean },
  { name: entryPoint, command }: EntryPoint,
  parameter: Parameter,
  runs: readonly PastRun[],
): string | undefined {
  const run = mayRun && command !== undefined ? runLink(uri, entryPoint, parameter, runs) : [];
  const links = [...run, ...chartLink(parameter, runs)];
  return links.length === 0 ? undefined : links.join(" · ");
}

/** Runs with the value of the best run, else with the latest one, where that is not the default anyway. */
function runLink(uri: string, entryPoint: string, { name, ...own }: Parameter, runs: readonly PastRun[]): string[] {
  const finished = runs.filter((run) => run.status === "FINISHED" && valueOf(run, name) !== undefined);
  const values = finished.toSorted((a, b) => Number(b.best === true) - Number(a.best === true));
  const value = values.map((run) => valueOf(run, name)).find((one) => one !== own.default);
  if (value === undefined) return [];
  const label = value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value || "''";
  return [commandLink(`Run with ${label}`, "flowdeck.projects.run", uri, entryPoint, { [name]: value })];
}

/** Charts the parameter against the metric that the runs are known by, where two of them had another value. */
function chartLink({ name }: Parameter, runs: readonly PastRun[]): string[] {
  const newest = runs.find(({ metric }) => metric !== undefined);
  const metric = newest?.metric?.key;
  if (newest === undefined || metric === undefined) return [];
  const values = runs.filter((run) => run.metric?.key === metric).map((run) => valueOf(run, name));
  if (new Set(values.filter((value) => value !== undefined)).size < 2) return [];
  const target = { experiment_id: newest.experiment_id, chart: { param: name, metric } };
  return [commandLink(`Chart ${name} against ${metric}`, "flowdeck.tracking.openExperiment", target)];
}
