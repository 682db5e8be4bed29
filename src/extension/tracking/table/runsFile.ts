import type { Remote } from "../../../protocol/rpc.ts";
import {
  type FieldColumn,
  MOST_ROWS,
  type RunColumns,
  type RunField,
  type RunRowsQuery,
} from "../../../protocol/runs.ts";
import type { StoreMethods } from "../../../store/store.ts";

// A file of runs in the columns of `mlflow.search_runs`, made piece by piece from windows of the table.

export type RunsStore = Pick<Remote<StoreMethods>, "runColumns" | "runKeys">;

export interface RunsFileQuery {
  rows: RunRowsQuery;
  /** Absent: every metric, param and tag. */
  fields?: RunField[];
  format: "csv" | "json";
}

/** Columns that come first, as in `mlflow.search_runs`. */
const FACTS = ["run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time"] as const;
const ARTIFACT_URI: RunField = { kind: "attribute", key: "artifact_uri" };
/** Cells of one window. */
const MOST_CELLS = 200_000;

type Cell = string | number | null;

/** The text of the file; the last piece comes with how many runs there were. */
export async function* runsFile(
  store: RunsStore,
  { rows, fields, format }: RunsFileQuery,
  signal?: AbortSignal,
): AsyncGenerator<{ text: string; runs: number }> {
  const wanted = fields ?? (await allFields(store, rows, signal));
  const asked = [ARTIFACT_URI, ...wanted];
  const names = [...FACTS, ...wanted.map(columnName)];
  const limit = Math.max(10, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / asked.length)));
  let runs = 0;
  if (format === "csv") yield { text: csvLine(names), runs };
  for (let offset = 0; ; offset += limit) {
    const window = await store.runColumns({ ...rows, fields: asked, offset, limit }, signal);
    const lines = window.run_ids.map((_, row) => cellsOf(window, row));
    const first = runs === 0;
    runs += lines.length;
    if (format === "csv") yield { text: lines.map(csvLine).join(""), runs };
    else {
      const objects = lines.map((cells) => jsonLine(names, cells));
      yield { text: `${first ? "[\n" : objects.length > 0 ? ",\n" : ""}${objects.join(",\n")}`, runs };
    }
    if (lines.length < limit) break;
  }
  if (format === "json") yield { text: "\n]\n", runs };
}

async function allFields(store: RunsStore, rows: RunRowsQuery, signal?: AbortSignal): Promise<RunField[]> {
  const { experiment_ids, filter, run_view_type } = rows;
  const query = {
    experiment_ids,
    ...(filter === undefined ? {} : { filter }),
    ...(run_view_type === undefined ? {} : { run_view_type }),
  };
  const { metrics, params, tags } = await store.runKeys(query, signal);
  return [
    ...metrics.map(({ key }): RunField => ({ kind: "metric", key })),
    ...params.map(({ key }): RunField => ({ kind: "param", key })),
    ...tags.map(({ key }): RunField => ({ kind: "tag", key })),
  ];
}

/** As `mlflow.search_runs` names it; what that does not know is told by its own name. */
export function columnName(field: RunField): string {
  switch (field.kind) {
    case "param":
    case "tag":
      return `${field.kind}s.${field.key}`;
    case "metric": {
      const { of = "last" } = field;
      if (of === "last") return `metrics.${field.key}`;
      return `metrics.${field.key} (${typeof of === "string" ? of : `step ${of.step}`})`;
    }
    case "attribute":
      return field.key;
    case "datasets":
    case "models":
      return field.kind;
    default:
      return field satisfies never;
  }
}

function cellsOf(window: RunColumns, row: number): Cell[] {
  const [artifacts, ...columns] = window.columns;
  return [
    window.run_ids[row] ?? null,
    window.experiment_ids[row] ?? null,
    window.statuses[row] ?? null,
    artifacts === undefined ? null : cellOf(artifacts, row),
    timeOf(window.start_times[row]),
    timeOf(window.end_times[row]),
    ...columns.map((column) => cellOf(column, row)),
  ];
}

function timeOf(time: number | undefined): string | null {
  return time === undefined || Number.isNaN(time) ? null : new Date(time).toISOString();
}

function cellOf(column: FieldColumn, row: number): Cell {
  switch (column.kind) {
    case "text":
      return column.texts[row] ?? null;
    case "number":
      return column.logged[row] === 1 ? (column.values[row] ?? null) : null;
    case "datasets":
      return (column.cells[row] ?? []).map(({ name, digest }) => `${name} (${digest})`).join("; ");
    case "models":
      return (column.cells[row] ?? [])
        .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
        .join("; ");
    default:
      return column satisfies never;
  }
}

/** RFC 4180, with the line ends that pandas writes. */
function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(value: Cell): string {
  if (value === null) return "";
  const text = typeof value === "number" ? numberText(value) : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

/** JSON has no NaN and no infinity: they are texts, as in MLflow's REST answers. */
function jsonLine(names: readonly string[], cells: readonly Cell[]): string {
  const values = cells.map((cell) => (typeof cell === "number" && !Number.isFinite(cell) ? String(cell) : cell));
  return JSON.stringify(Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])));
}
