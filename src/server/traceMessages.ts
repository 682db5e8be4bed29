import type { TraceInfo as OldTraceMessage, TraceInfoV3 } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import type { TraceInfo, TraceState } from "../mlflow/traces.ts";
import type { NewTrace } from "../store/traceStore.ts";
import { assessmentMessage, readAssessment } from "./assessments.ts";
import { nonEmpty, sent, text } from "./handlers.ts";
import { printDuration, printTimestamp, readDuration, readTimestamp } from "./protobufTime.ts";

/** Code points that MLflow tells of metadata and tags (3.17); more than that is kept, and not told. */
const METADATA_LIMIT = 250;
const TAG_KEY_LIMIT = 250;
const TAG_LIMIT = 4096;

/** A trace from the wire. Throws INVALID_PARAMETER_VALUE. */
export function readTrace(message: TraceInfoV3 | undefined): NewTrace {
  const trace_id = text(message?.trace_id);
  const experiment_id = message?.trace_location?.mlflow_experiment?.experiment_id;
  if (message === undefined || trace_id === "") throw missing("trace.trace_info.trace_id");
  if (experiment_id === undefined || experiment_id === "") {
    throw missing("trace.trace_info.trace_location.mlflow_experiment.experiment_id");
  }
  const { execution_duration } = message;
  return sent({
    trace_id,
    experiment_id,
    request_time: readTimestamp(message.request_time),
    execution_duration: execution_duration === undefined ? undefined : readDuration(execution_duration),
    state: message.state ?? "STATE_UNSPECIFIED",
    client_request_id: message.client_request_id,
    request_preview: message.request_preview,
    response_preview: message.response_preview,
    trace_metadata: message.trace_metadata ?? {},
    tags: message.tags ?? {},
    assessments: (message.assessments ?? []).map(readAssessment),
  });
}

function missing(path: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", `Missing value for required parameter '${path}'.`);
}

export function traceMessage(trace: TraceInfo): TraceInfoV3 {
  const { execution_duration, assessments } = trace;
  return sent({
    trace_id: trace.trace_id,
    client_request_id: trace.client_request_id,
    trace_location: {
      type: "MLFLOW_EXPERIMENT" as const,
      mlflow_experiment: { experiment_id: trace.experiment_id },
    },
    request_time: printTimestamp(trace.request_time),
    execution_duration: execution_duration === undefined ? undefined : printDuration(execution_duration),
    state: trace.state,
    trace_metadata: cut(trace.trace_metadata, METADATA_LIMIT, METADATA_LIMIT),
    tags: cut(trace.tags, TAG_KEY_LIMIT, TAG_LIMIT),
    assessments: assessments.map(assessmentMessage),
    request_preview: trace.request_preview,
    response_preview: trace.response_preview,
  });
}

/** A trace as the API before MLflow 3 tells it. */
export function oldTraceMessage(trace: TraceInfo): OldTraceMessage {
  const { trace_id, experiment_id, request_time, execution_duration, state, trace_metadata, tags } = trace;
  return {
    request_id: trace_id,
    experiment_id,
    timestamp_ms: request_time,
    execution_time_ms: execution_duration ?? 0,
    status: state === "STATE_UNSPECIFIED" ? "TRACE_STATUS_UNSPECIFIED" : state,
    request_metadata: pairs(cut(trace_metadata, METADATA_LIMIT, METADATA_LIMIT)),
    tags: pairs(cut(tags, TAG_KEY_LIMIT, TAG_LIMIT)),
  };
}

/** The state that an older client calls status. */
export function stateOf(status: OldTraceMessage["status"]): TraceState {
  return status === undefined || status === "TRACE_STATUS_UNSPECIFIED" ? "STATE_UNSPECIFIED" : status;
}

/** The object that a list of keys and values makes. */
export function record(list: { key?: string; value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (list ?? []).flatMap(({ key, value }) => (nonEmpty(key) ? [[text(key), text(value)]] : [])),
  );
}

function pairs(map: Record<string, string> | undefined): { key: string; value: string }[] {
  return Object.entries(map ?? {}).map(([key, value]) => ({ key, value }));
}

function cut(map: Record<string, string>, keyLimit: number, limit: number): Record<string, string> | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [first(key, keyLimit), first(value, limit)]));
}

function first(text: string, limit: number): string {
  return text.length <= limit ? text : [...text].slice(0, limit).join("");
}
