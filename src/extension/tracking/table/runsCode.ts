import { parseFilter } from "../../../mlflow/filter/parse.ts";
import type { RunField, RunOrder, RunRowsQuery } from "../../../protocol/runs.ts";
import { columnName } from "./runsFile.ts";

// The rows of the table as Python that finds the same ones.

export interface RunsCodeQuery {
  tracking_uri: string;
  rows: RunRowsQuery;
  fields: RunField[];
  as: "searchRuns" | "pandas";
  /** All that match, in order; needed where MLflow's own grammar cannot say which. */
  run_ids: string[];
}

/** Attributes that MLflow sorts by. */
const SORTED = ["run_name", "run_id", "status", "start_time", "end_time", "user_id", "artifact_uri"];
/** `max_results` of `mlflow.search_runs` where it is not given. */
const USUAL_MOST = 100_000;

export function runsCode(query: RunsCodeQuery): string {
  const { tracking_uri, rows, fields, as, run_ids } = query;
  const order = orderTexts(rows.order ?? []);
  const plain = isPlain(rows) && order !== undefined;
  const filter = plain ? rows.filter : undefined;
  const view = { ALL: "ALL", DELETED_ONLY: "DELETED_ONLY", ACTIVE_ONLY: undefined }[
    rows.run_view_type ?? "ACTIVE_ONLY"
  ];
  const args = [
    `experiment_ids=${python(rows.experiment_ids)}`,
    ...(filter === undefined || filter === "" ? [] : [`filter_string=${python(filter)}`]),
    ...(view === undefined ? [] : [`run_view_type=mlflow.entities.ViewType.${view}`]),
    ...(run_ids.length > USUAL_MOST ? [`max_results=${run_ids.length}`] : []),
    ...(plain && order.length > 0 ? [`order_by=${python(order)}`] : []),
  ];
  const lines = [...storeLines(tracking_uri), "runs = mlflow.search_runs(", ...args.map((arg) => `    ${arg},`), ")"];
  // What MLflow's grammar cannot say is said by the ids.
  if (!plain) lines.push(`run_ids = ${python(run_ids)}`, 'runs = runs.set_index("run_id").loc[run_ids].reset_index()');
  if (as === "pandas") lines.push(...pandasLines(rows.group_by ?? [], fields));
  return `${lines.join("\n")}\n`;
}

/** Names the store so that any mlflow opens it. */
function storeLines(uri: string): string[] {
  const [, path] = /^sqlite:\/\/\/(.*)$/s.exec(uri) ?? [];
  // SQLAlchemy 2.1 decodes what stands after a percent sign, 2.0 does not: each writes such a path as it reads it. A question mark
  // ends the path for those before 2.1.
  if (path !== undefined && /[%?]/.test(path)) {
    return [
      "import mlflow",
      "import sqlalchemy.engine",
      "",
      `uri = sqlalchemy.engine.URL.create("sqlite", database=${python(path)})`,
      "mlflow.set_tracking_uri(uri.render_as_string())",
    ];
  }
  const set = `mlflow.set_tracking_uri(${python(uri)})`;
  if (!uri.startsWith("file:")) return ["import mlflow", "", set];
  // Without that mlflow 3.17 refuses folders; older releases do not know it.
  return ["import os", "", "import mlflow", "", 'os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"', set];
}

function isPlain({ filter, hidden, pinned, group_by }: RunRowsQuery): boolean {
  if ((hidden ?? []).length > 0 || ((pinned ?? []).length > 0 && group_by === undefined)) return false;
  try {
    parseFilter("runs", filter);
    return true;
  } catch {
    // It has an OR or parentheses.
    return false;
  }
}

/** Undefined where MLflow cannot sort so. */
function orderTexts(order: RunOrder[]): string[] | undefined {
  const texts = order.map(({ field, ascending }) => {
    const direction = ascending ? "ASC" : "DESC";
    if (field.kind === "attribute")
      return SORTED.includes(field.key) ? `attributes.${field.key} ${direction}` : undefined;
    if (field.kind === "datasets" || field.kind === "models") return undefined;
    if ((field.kind === "metric" && field.of !== undefined) || field.key.includes("`")) return undefined;
    return `${field.kind}s.\`${field.key}\` ${direction}`;
  });
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** The columns of the table that a data frame of runs has, and what groups come to. */
function pandasLines(groups: RunField[], fields: RunField[]): string[] {
  const shown = fields.filter(isInFrame).map(frameName);
  const by = groups.filter(isInFrame).map(frameName);
  const columns = [...new Set(["run_id", "tags.mlflow.runName", ...by, ...shown])];
  const lines = [`table = runs.reindex(columns=${python(columns)})`];
  const metrics = shown.filter((name) => name.startsWith("metrics."));
  if (by.length === 0) return lines;
  const sums = metrics.length === 0 ? ".size()" : `[${python(metrics)}].agg(["mean", "std", "min", "max", "count"])`;
  return [...lines, `groups = table.groupby(${python(by)}, dropna=False, sort=False)${sums}`];
}

function isInFrame(field: RunField): boolean {
  if (field.kind === "attribute") return field.key in FRAME_ATTRIBUTES;
  if (field.kind === "datasets" || field.kind === "models") return false;
  return field.kind !== "metric" || field.of === undefined;
}

const FRAME_ATTRIBUTES: Readonly<Record<string, string>> = {
  ...{
    run_id: "run_id",
    status: "status",
    artifact_uri: "artifact_uri",
    start_time: "start_time",
    end_time: "end_time",
  },
  ...{ run_name: "tags.mlflow.runName", user_id: "tags.mlflow.user", source: "tags.mlflow.source.name" },
  version: "tags.mlflow.source.git.commit",
};

function frameName(field: RunField): string {
  return field.kind === "attribute" ? (FRAME_ATTRIBUTES[field.key] ?? field.key) : columnName(field);
}

/** A text or a list of texts as Python writes it: JSON's texts are Python's too, but for lone surrogates. */
function python(value: string | readonly string[]): string {
  if (typeof value === "string") return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  return `[${value.map(python).join(", ")}]`;
}
