import { MlflowError } from "../../mlflow/errors.ts";
import { TRACE_STATES, TRACE_TAG, type TraceInfo } from "../../mlflow/traces.ts";
import { type AssessmentRow, ASSESSMENT_COLUMNS, toAssessment } from "./assessmentRows.ts";
import type { Database } from "./database.ts";
import { integer } from "./kinds.ts";
import { COST_COLUMNS, type ColumnValues, columnMetadata, TOKEN_COLUMNS } from "./traceColumns.ts";

export interface TraceRow extends ColumnValues {
  request_id: string;
  experiment_id: number;
  timestamp_ms: number;
  execution_time_ms: number | null;
  status: string;
  client_request_id: string | null;
  request_preview: string | null;
  response_preview: string | null;
  trace_name: string | null;
}

interface KeyRow {
  request_id: string;
  key: string;
  value: string | null;
}

const NAMES = [
  "request_id",
  "experiment_id",
  "status",
  "client_request_id",
  "request_preview",
  "response_preview",
  "trace_name",
  "session_id",
  ...TOKEN_COLUMNS,
  ...COST_COLUMNS,
];
const TIMES = ["timestamp_ms", "execution_time_ms"];
export const TRACE_COLUMNS = [...NAMES.map((name) => `t.${name}`), ...TIMES.map((name) => integer(`t.${name}`))].join(
  ", ",
);

/** Finds one trace inside a transaction. Throws RESOURCE_DOES_NOT_EXIST. */
export function traceFinder(db: Database): (trace_id: string) => TraceRow {
  const byId = db.prepare<[string], TraceRow>(`SELECT ${TRACE_COLUMNS} FROM trace_info t WHERE t.request_id = ?`);
  return (trace_id) => {
    const found = byId.get(trace_id);
    if (found !== undefined) return found;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Trace with ID '${trace_id}' not found.`);
  };
}

/** Completes rows with their tags, metadata and assessments: three statements, however many traces. */
export function traceAssembler(db: Database): (rows: TraceRow[]) => TraceInfo[] {
  const wanted = "IN (SELECT value FROM json_each(?))";
  const tagsOf = db.prepare<[string], KeyRow>(
    `SELECT x.request_id, x.key, x.value FROM trace_tags x WHERE x.request_id ${wanted} ORDER BY x.rowid`,
  );
  const metadataOf = db.prepare<[string], KeyRow>(
    `SELECT x.request_id, x.key, x.value FROM trace_request_metadata x WHERE x.request_id ${wanted} ORDER BY x.rowid`,
  );
  const assessmentsOf = db.prepare<[string], AssessmentRow>(
    `SELECT ${ASSESSMENT_COLUMNS} FROM assessments x WHERE x.trace_id ${wanted}
     ORDER BY x.created_timestamp, x.rowid`,
  );
  return (rows) => {
    if (rows.length === 0) return [];
    const ids = JSON.stringify(rows.map(({ request_id }) => request_id));
    const tags = Map.groupBy(tagsOf.all(ids), ({ request_id }) => request_id);
    const metadata = Map.groupBy(metadataOf.all(ids), ({ request_id }) => request_id);
    const assessments = Map.groupBy(assessmentsOf.all(ids), ({ trace_id }) => trace_id);
    return rows.map((row) => {
      const { request_id, trace_name } = row;
      const named: [string, string][] = trace_name === null ? [] : [[TRACE_TAG.name, trace_name]];
      return {
        ...toTraceInfo(row),
        trace_metadata: recordOf(metadata.get(request_id), columnMetadata(row)),
        tags: recordOf(tags.get(request_id), named),
        assessments: (assessments.get(request_id) ?? []).map(toAssessment),
      };
    });
  };
}

function recordOf(rows: KeyRow[] | undefined, more: [string, string][]): Record<string, string> {
  return Object.fromEntries([...(rows ?? []).map(({ key, value }) => [key, value ?? ""] as const), ...more]);
}

function toTraceInfo(row: TraceRow): Omit<TraceInfo, "trace_metadata" | "tags" | "assessments"> {
  return {
    trace_id: row.request_id,
    experiment_id: String(row.experiment_id),
    request_time: row.timestamp_ms,
    ...(row.execution_time_ms === null ? {} : { execution_duration: row.execution_time_ms }),
    state: TRACE_STATES.find((state) => state === row.status) ?? "STATE_UNSPECIFIED",
    ...(row.client_request_id === null ? {} : { client_request_id: row.client_request_id }),
    ...(row.request_preview === null ? {} : { request_preview: row.request_preview }),
    ...(row.response_preview === null ? {} : { response_preview: row.response_preview }),
  };
}
