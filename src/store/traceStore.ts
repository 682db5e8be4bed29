import type { Page } from "../mlflow/entities.ts";
import type { Assessment, NewAssessment, TraceInfo, TraceState } from "../mlflow/traces.ts";

export interface SearchTraces {
  experiment_ids: string[];
  filter?: string;
  max_results: number;
  order_by?: string[];
  page_token?: string;
}

export interface DeleteTraces {
  experiment_id: string;
  max_timestamp_millis?: number;
  max_traces?: number;
  trace_ids?: string[];
}

/** A span as MLflow stores it: one JSON object. */
export interface StoredSpan {
  trace_id: string;
  content: string;
}

export interface AssessmentKey {
  trace_id: string;
  assessment_id: string;
}

/** What may change of an assessment; metadata is added to what is there. */
export interface AssessmentChange extends AssessmentKey {
  assessment_name?: string;
  feedback?: Pick<NewAssessment, "value" | "error">;
  expectation?: Pick<NewAssessment, "value">;
  rationale?: string;
  metadata?: Record<string, string>;
}

export interface TraceCounts {
  total: number;
  first: number;
  second: number;
  both: number;
}

/** A trace before its assessments have ids. */
export type NewTrace = Omit<TraceInfo, "assessments"> & { assessments: NewAssessment[] };

/** Traces, spans and assessments, with MLflow's meaning (mlflow 3.17 `SqlAlchemyStore`). Only databases keep them. */
export interface TraceStore {
  /** Stores a finished trace, or completes one whose spans came first. */
  startTrace(trace: NewTrace): Promise<TraceInfo>;
  /** The API before MLflow 3: a trace that is still running. */
  startRunningTrace(query: {
    experiment_id: string;
    request_time: number;
    trace_metadata: Record<string, string>;
    tags: Record<string, string>;
  }): Promise<TraceInfo>;
  endRunningTrace(query: {
    trace_id: string;
    end_time: number;
    state: TraceState;
    trace_metadata: Record<string, string>;
    tags: Record<string, string>;
  }): Promise<TraceInfo>;
  getTraceInfo(query: { trace_id: string }): Promise<TraceInfo>;
  /** Those that exist, in the order asked for. */
  getTraceInfos(query: { trace_ids: string[]; experiment_ids?: string[] }): Promise<TraceInfo[]>;
  /** Root spans first, then by start; empty for traces whose spans are an artifact. */
  storedSpans(query: { trace_ids: string[] }): Promise<StoredSpan[]>;
  searchTraces(query: SearchTraces): Promise<Page<TraceInfo>>;
  /** How many traces satisfy either filter, or both, among those that satisfy `base_filter`. */
  countTraces(query: {
    experiment_ids: string[];
    first: string;
    second: string;
    base_filter?: string;
  }): Promise<TraceCounts>;
  setTraceTag(query: { trace_id: string; key: string; value: string }): Promise<void>;
  deleteTraceTag(query: { trace_id: string; key: string }): Promise<void>;
  deleteTraces(query: DeleteTraces): Promise<{ traces_deleted: number }>;
  linkTracesToRun(query: { trace_ids: string[]; run_id: string }): Promise<void>;
  linkPromptsToTrace(query: { trace_id: string; prompt_versions: { name: string; version: string }[] }): Promise<void>;

  createAssessment(query: NewAssessment & { trace_id: string }): Promise<Assessment>;
  getAssessment(query: AssessmentKey): Promise<Assessment>;
  updateAssessment(query: AssessmentChange): Promise<Assessment>;
  deleteAssessment(query: AssessmentKey): Promise<void>;
}
