// Traces and assessments, spelled as MLflow spells them (mlflow 3.17). Times are ms since the epoch.

export const TRACE_STATES = ["STATE_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS"] as const;
export type TraceState = (typeof TRACE_STATES)[number];

export const ASSESSMENT_TYPES = ["feedback", "expectation", "issue"] as const;
export type AssessmentType = (typeof ASSESSMENT_TYPES)[number];

export interface AssessmentError {
  error_code: string;
  error_message?: string;
  stack_trace?: string;
}

/** A judgement about a trace. */
export interface Assessment {
  assessment_id: string;
  trace_id: string;
  /** Of an issue: the id. */
  assessment_name: string;
  assessment_type: AssessmentType;
  /** JSON as Python prints it, which is what searches compare with. */
  value: string;
  error?: AssessmentError;
  source_type: string;
  source_id?: string;
  run_id?: string;
  span_id?: string;
  rationale?: string;
  metadata?: Record<string, string>;
  /** Id of the assessment that this one replaces. */
  overrides?: string;
  valid: boolean;
  create_time: number;
  last_update_time: number;
}

/** An assessment before it has an id; times that are absent become the present. */
export type NewAssessment = Omit<
  Assessment,
  "assessment_id" | "trace_id" | "valid" | "create_time" | "last_update_time"
> &
  Partial<Pick<Assessment, "assessment_id" | "create_time" | "last_update_time">>;

export interface TraceInfo {
  trace_id: string;
  experiment_id: string;
  request_time: number;
  /** ms. */
  execution_duration?: number;
  state: TraceState;
  client_request_id?: string;
  request_preview?: string;
  response_preview?: string;
  trace_metadata: Record<string, string>;
  tags: Record<string, string>;
  assessments: Assessment[];
}

export const TRACE_TAG = {
  name: "mlflow.traceName",
  spansLocation: "mlflow.trace.spansLocation",
  archiveLocation: "mlflow.trace.archiveLocation",
  archivalFailure: "mlflow.trace.archivalFailure",
  linkedPrompts: "mlflow.linkedPrompts",
  artifactLocation: "mlflow.artifactLocation",
} as const;

export const TRACE_METADATA = {
  sourceRun: "mlflow.sourceRun",
  session: "mlflow.trace.session",
  tokenUsage: "mlflow.trace.tokenUsage",
  cost: "mlflow.trace.cost",
  sizeStats: "mlflow.trace.sizeStats",
  finalized: "mlflow.trace.infoFinalized",
} as const;

/** Where a trace's spans are, as its tag says; a trace without the tag has them in its artifact `traces.json`. */
export const SPANS_IN_STORE = "TRACKING_STORE";
/** The artifact that holds the spans of a trace. */
export const TRACE_DATA_FILE = "traces.json";
