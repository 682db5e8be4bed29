import type { DatasetInput, KeyValue, Metric, RUN_TAG, RunStatus } from "../../../mlflow/entities.ts";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { countOf, formatDuration, formatStart } from "../../ui/format.ts";

// What the Run panel says of a run, in words.

/** Run tags of MLflow that the panel shows as facts. */
export const TAG = {
  user: "mlflow.user",
  note: "mlflow.note.content",
  sourceName: "mlflow.source.name",
  sourceType: "mlflow.source.type",
  gitCommit: "mlflow.source.git.commit",
  gitBranch: "mlflow.source.git.branch",
  projectEntryPoint: "mlflow.project.entryPoint",
} as const satisfies Partial<typeof RUN_TAG>;

export function tagOf(overview: RunOverview, key: string): string | undefined {
  return overview.run.data.tags.find((tag) => tag.key === key)?.value;
}

/** Tags that people set; MLflow's own are shown as facts. */
export function ownTags(overview: RunOverview): KeyValue[] {
  return overview.run.data.tags.filter(({ key }) => !key.startsWith("mlflow."));
}

/** When the run started and how long it took, or has taken by `now`. */
export function startedText({ run }: RunOverview, now: number): string | undefined {
  const { start_time, end_time, status } = run.info;
  if (start_time === undefined) return undefined;
  const end = end_time ?? (status === "RUNNING" ? now : undefined);
  const started = formatStart(start_time, now);
  return end === undefined ? started : `${started} · ${formatDuration(end - start_time)}`;
}

export interface SourceFacts {
  name: string;
  entryPoint?: string;
  isProject: boolean;
}

export function sourceOf(overview: RunOverview): SourceFacts | undefined {
  const name = tagOf(overview, TAG.sourceName);
  if (name === undefined || name === "") return undefined;
  const entryPoint = tagOf(overview, TAG.projectEntryPoint);
  const isProject = tagOf(overview, TAG.sourceType) === "PROJECT";
  return { name: name.split(/[/\\]/).at(-1) ?? name, isProject, ...(entryPoint === undefined ? {} : { entryPoint }) };
}

/** A dataset's name, and what it was used for and its size as far as they are known. */
export function datasetText({ dataset, tags }: DatasetInput): { name: string; about: string } {
  const context = tags.find(({ key }) => key === "mlflow.data.context")?.value;
  const rows = rowsOf(dataset.profile);
  const about = [context, rows === undefined ? undefined : countOf(rows, "row")].filter((part) => part !== undefined);
  return { name: dataset.name, about: about.join(" · ") };
}

/** The border: a profile is JSON that the logging client wrote. */
function rowsOf(profile: string | undefined): number | undefined {
  try {
    const parsed: unknown = JSON.parse(profile ?? "null");
    const rows: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "num_rows") : undefined;
    return typeof rows === "number" ? rows : undefined;
  } catch {
    return undefined;
  }
}

/** The border: JSON has no NaN, so a metric that is NaN arrives as null. */
export function metricsOf(overview: RunOverview): Metric[] {
  return overview.run.data.metrics.map((metric) => {
    const value: unknown = metric.value;
    return typeof value === "number" ? metric : { ...metric, value: Number.NaN };
  });
}

const STATUSES: RunStatus[] = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

/** The border: a status from the store, or FINISHED, which has no sign. */
export function statusOf(status: string): RunStatus {
  return STATUSES.find((known) => known === status) ?? "FINISHED";
}
