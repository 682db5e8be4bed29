import { MlflowError } from "../../mlflow/errors.ts";
import { dumpsPlain } from "../../mlflow/pythonJson.ts";
import { type Assessment, ASSESSMENT_TYPES, type AssessmentError, type NewAssessment } from "../../mlflow/traces.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { integer } from "./kinds.ts";

export interface AssessmentRow {
  assessment_id: string;
  trace_id: string;
  name: string;
  assessment_type: string;
  value: string;
  error: string | null;
  created_timestamp: number;
  last_updated_timestamp: number;
  source_type: string;
  source_id: string | null;
  run_id: string | null;
  span_id: string | null;
  rationale: string | null;
  overrides: string | null;
  valid: number;
  assessment_metadata: string | null;
}

const NAMES = [
  "assessment_id",
  "trace_id",
  "name",
  "assessment_type",
  "value",
  "error",
  "created_timestamp",
  "last_updated_timestamp",
  "source_type",
  "source_id",
  "run_id",
  "span_id",
  "rationale",
  "overrides",
  "valid",
  "assessment_metadata",
];
export const ASSESSMENT_COLUMNS = NAMES.map((name) =>
  name.endsWith("_timestamp") ? integer(`x.${name}`) : `x.${name}`,
).join(", ");

/** What an assessment copies from its trace. */
export interface AssessedTrace {
  trace_id: string;
  experiment_id: number;
  request_time: number;
}

/** Writes an assessment inside a transaction and gives its id; one that the trace has already is written over if it may. */
export function assessmentWriter(
  db: Database,
): (assessment: NewAssessment, trace: AssessedTrace, mayReplace: boolean) => string {
  const owner = db.prepare<[string], { trace_id: string }>("SELECT trace_id FROM assessments WHERE assessment_id = ?");
  const more = ["experiment_id", "trace_timestamp_ms", "aggregate_value", "is_numeric_value"];
  const inserting = (columns: string[]) =>
    db.prepare<SqlValue[], unknown>(
      `INSERT OR REPLACE INTO main.assessments (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
  const insert = inserting([...NAMES, ...more]);
  const insertBare = inserting(NAMES);
  return (assessment, { trace_id, experiment_id, request_time }, mayReplace) => {
    const { assessment_id = `a-${newId()}`, create_time, last_update_time, value, error, metadata } = assessment;
    const found = owner.get(assessment_id);
    if (found !== undefined && !(mayReplace && found.trace_id === trace_id)) {
      const message = `Failed to create assessment for trace '${trace_id}' due to a constraint violation.`;
      throw new MlflowError("RESOURCE_ALREADY_EXISTS", message);
    }
    const now = Date.now();
    const { aggregate, numeric } = aggregateOf(value);
    const values = [
      assessment_id,
      trace_id,
      assessment.assessment_name,
      assessment.assessment_type,
      value,
      error === undefined ? null : errorText(error),
      create_time || now,
      last_update_time || now,
      assessment.source_type,
      assessment.source_id ?? null,
      assessment.run_id ?? null,
      assessment.span_id ?? null,
      assessment.rationale ?? null,
      assessment.overrides ?? null,
      1,
      metadataText(metadata),
    ];
    if (hasAggregates(db)) insert.run(...values, experiment_id, request_time, aggregate, numeric);
    else insertBare.run(...values);
    return assessment_id;
  };
}

/** Since mlflow 3.17 an assessment also keeps what it counts as, and its trace's experiment and time. */
export function hasAggregates(db: Database): boolean {
  return db.has("assessments", "aggregate_value");
}

/** What a value counts as in an average: numbers as they are, yes and no as 1 and 0. */
export function aggregateOf(json: string): { aggregate: number | null; numeric: 0 | 1 } {
  const value = parse(json);
  if (typeof value === "boolean") return { aggregate: value ? 1 : 0, numeric: 0 };
  if (typeof value === "number" && Number.isFinite(value)) return { aggregate: value, numeric: 1 };
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  return { aggregate: word === "yes" ? 1 : word === "no" ? 0 : null, numeric: 0 };
}

export function errorText({ error_code, error_message, stack_trace }: AssessmentError): string {
  return dumpsPlain({ error_code, error_message: error_message ?? null, stack_trace: stack_trace ?? null });
}

export function metadataText(metadata: Record<string, string> | undefined): string | null {
  return metadata === undefined || Object.keys(metadata).length === 0 ? null : dumpsPlain(metadata);
}

export function toAssessment(row: AssessmentRow): Assessment {
  const error = toError(row.error);
  const metadata = toMetadata(row.assessment_metadata);
  return {
    assessment_id: row.assessment_id,
    trace_id: row.trace_id,
    assessment_name: row.name,
    assessment_type: ASSESSMENT_TYPES.find((type) => type === row.assessment_type) ?? "feedback",
    value: row.value,
    ...(error === undefined ? {} : { error }),
    source_type: row.source_type,
    ...(row.source_id === null ? {} : { source_id: row.source_id }),
    ...(row.run_id === null ? {} : { run_id: row.run_id }),
    ...(row.span_id === null ? {} : { span_id: row.span_id }),
    ...(row.rationale === null ? {} : { rationale: row.rationale }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(row.overrides === null ? {} : { overrides: row.overrides }),
    valid: row.valid === 1,
    create_time: row.created_timestamp,
    last_update_time: row.last_updated_timestamp,
  };
}

function toError(text: string | null): AssessmentError | undefined {
  const error = new Map(entriesOf(text));
  const [code, message, stack] = [error.get("error_code"), error.get("error_message"), error.get("stack_trace")];
  if (typeof code !== "string") return undefined;
  return {
    error_code: code,
    ...(typeof message === "string" ? { error_message: message } : {}),
    ...(typeof stack === "string" ? { stack_trace: stack } : {}),
  };
}

function toMetadata(text: string | null): Record<string, string> | undefined {
  if (text === null) return undefined;
  return Object.fromEntries(
    entriesOf(text).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function entriesOf(text: string | null): [string, unknown][] {
  const value = parse(text ?? "null");
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    // Python writes NaN, which is no JSON; it counts as no value.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
