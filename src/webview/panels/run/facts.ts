import type { DatasetInput, KeyValue, Metric, RUN_TAG } from "../../../mlflow/entities.ts";
import type { RunOverview } from "../../../protocol/panels/run.ts";
import { isOwnTag } from "../../../protocol/tags.ts";
import { plainText } from "../../ui/viewers/plainText.ts";
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
  gitRepoUrl: "mlflow.source.git.repoURL",
  projectEntryPoint: "mlflow.project.entryPoint",
} as const satisfies Partial<typeof RUN_TAG>;

export function tagOf(overview: RunOverview, key: string): string | undefined {
  return overview.run.data.tags.find((tag) => tag.key === key)?.value;
}

/** Tags that people set; MLflow's own are shown as facts. */
export function ownTags(overview: RunOverview): KeyValue[] {
  return overview.run.data.tags.filter(({ key }) => isOwnTag(key));
}

/** When the run started and how long it took, or has taken by `now`. */
export function startedText({ run, since }: RunOverview, now: number): string | undefined {
  const { start_time, end_time, status } = run.info;
  if (start_time === undefined) return undefined;
  const end = end_time ?? (status === "RUNNING" && since === undefined ? now : undefined);
  const started = formatStart(start_time, now);
  return end === undefined ? started : `${started} · ${formatDuration(end - start_time)}`;
}

/** Tags of a working tree that was not as its commit has it (mlflow 3.17 `git_versioning`). */
const DIRTY = "mlflow.source.git.dirty";
const DIFF = "mlflow.source.git.diff";

/** `+ 2 changed files`, where a tag tells. */
export function changedText(overview: RunOverview): string | undefined {
  const diff = tagOf(overview, DIFF);
  const files = diff === undefined ? 0 : [...diff.matchAll(/^diff --git /gm)].length;
  if (files > 0) return `+ ${countOf(files, "changed file")}`;
  return tagOf(overview, DIRTY)?.toLowerCase() === "true" ? "+ uncommitted changes" : undefined;
}

/** What differs between the commit and what was run. */
export function diffOf(overview: RunOverview): string | undefined {
  return tagOf(overview, DIFF);
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

/** Name and type of each column of a dataset, as far as its schema tells; tensors have one. */
export function datasetColumns({ schema }: DatasetInput["dataset"]): { name: string; type: string }[] {
  const parsed = parsedJson(schema);
  const columns: unknown = Reflect.get(parsed, "mlflow_colspec");
  const tensors = Reflect.get(parsed, "mlflow_tensorspec");
  if (Array.isArray(columns)) return columns.map(columnOf);
  if (typeof tensors !== "object" || tensors === null) return [];
  return Object.entries(tensors).map(([name, spec]) => ({ name, type: tensorText(spec) }));
}

function columnOf(column: unknown): { name: string; type: string } {
  const { name, type } = (typeof column === "object" && column !== null ? column : {}) as Record<string, unknown>;
  return { name: plainText(name) ?? "", type: typeof type === "string" ? type : JSON.stringify(type ?? "any") };
}

/** A tensor's schema is JSON inside the JSON. */
function tensorText(spec: unknown): string {
  const parsed: unknown = typeof spec === "string" ? [Reflect.get(parsedJson(`{"s":${spec}}`), "s")].flat()[0] : spec;
  const { "tensor-spec": told } = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Record<
    string,
    unknown
  >;
  const { dtype, shape } = (typeof told === "object" && told !== null ? told : {}) as Record<string, unknown>;
  return `${plainText(dtype) || "tensor"}${Array.isArray(shape) ? ` (${shape.join(", ")})` : ""}`;
}

/** Facts of a dataset's profile that are plain values, such as `num_rows`. */
export function datasetProfile({ profile }: DatasetInput["dataset"]): { name: string; value: string }[] {
  return Object.entries(parsedJson(profile)).flatMap(([name, value]) =>
    ["number", "string", "boolean"].includes(typeof value) ? [{ name, value: String(value) }] : [],
  );
}

/** The border: JSON that the logging client wrote; anything else is an object without entries. */
function parsedJson(text: string | undefined): object {
  try {
    const parsed: unknown = JSON.parse(text ?? "null");
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function rowsOf(profile: string | undefined): number | undefined {
  const rows: unknown = Reflect.get(parsedJson(profile), "num_rows");
  return typeof rows === "number" ? rows : undefined;
}

/** The border: JSON has no NaN, so a metric that is NaN arrives as null. */
export function metricsOf(overview: RunOverview): Metric[] {
  return overview.run.data.metrics.map((metric) => {
    const value: unknown = metric.value;
    return typeof value === "number" ? metric : { ...metric, value: Number.NaN };
  });
}
