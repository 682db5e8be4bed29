// What our statements read of traces, with the stand-in for a column that an older mlflow did not have yet.

const tag = (key: string) =>
  `(SELECT value FROM main.trace_tags k WHERE k.request_id = trace_info.request_id AND k.key = '${key}')`;
const metadata = (key: string) =>
  `(SELECT value FROM main.trace_request_metadata k WHERE k.request_id = trace_info.request_id AND k.key = '${key}')`;
const isNumber = "(json_valid(value) AND json_type(value) IN ('integer', 'real'))";

export const TRACE_TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  trace_info: {
    request_id: "",
    experiment_id: "",
    timestamp_ms: "",
    execution_time_ms: "",
    status: "",
    client_request_id: "NULL",
    request_preview: "NULL",
    response_preview: "NULL",
    trace_name: tag("mlflow.traceName"),
    session_id: metadata("mlflow.trace.session"),
    input_tokens: "NULL",
    output_tokens: "NULL",
    total_tokens: "NULL",
    cache_read_input_tokens: "NULL",
    cache_creation_input_tokens: "NULL",
    cache_creation_input_tokens_above_1hr: "NULL",
    input_cost: "NULL",
    output_cost: "NULL",
    total_cost: "NULL",
  },
  trace_tags: { request_id: "", key: "", value: "" },
  trace_request_metadata: { request_id: "", key: "", value: "" },
  spans: {
    trace_id: "",
    experiment_id: "",
    parent_span_id: "",
    name: "",
    type: "",
    status: "",
    start_time_unix_nano: "",
    content: "",
  },
  assessments: {
    assessment_id: "",
    trace_id: "",
    name: "",
    assessment_type: "",
    value: "",
    error: "",
    created_timestamp: "",
    last_updated_timestamp: "",
    source_type: "",
    source_id: "",
    run_id: "",
    span_id: "",
    rationale: "",
    overrides: "",
    valid: "",
    assessment_metadata: "",
    aggregate_value: `CASE WHEN ${isNumber} THEN json_extract(value, '$') END`,
    is_numeric_value: isNumber,
  },
  entity_associations: { source_type: "", source_id: "", destination_type: "", destination_id: "" },
};
