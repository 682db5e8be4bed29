import type { Assessment as AssessmentMessage } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { dumpsWithFloats, reprint } from "../mlflow/pythonJson.ts";
import type { Assessment, AssessmentError, NewAssessment } from "../mlflow/traces.ts";
import type { AssessmentChange, TraceStore } from "../store/traceStore.ts";
import { type Handlers, nonEmpty, sent, text } from "./handlers.ts";
import { printTimestamp, readTimestamp } from "./protobufTime.ts";

/** The metadata that names the run an assessment was made in. */
const SOURCE_RUN = "mlflow.assessment.sourceRunId";
const JSON_FORMAT = "JSON_FORMAT";
/** Code points of a stack trace that MLflow tells (3.17). */
const STACK_TRACE_LIMIT = 10_000;
const CUT = "[Stack trace is truncated]\n...\n";

/** Calls about the judgements on a trace. */
export function assessmentHandlers(store: TraceStore): Handlers {
  return {
    createAssessment: async ({ assessment = {} }) => {
      const trace_id = text(assessment.trace_id);
      const created = await store.createAssessment({ ...readAssessment(assessment), trace_id });
      return { assessment: assessmentMessage(created) };
    },
    getAssessment: async ({ trace_id, assessment_id }) => ({
      assessment: assessmentMessage(
        await store.getAssessment({ trace_id: text(trace_id), assessment_id: text(assessment_id) }),
      ),
    }),
    updateAssessment: async ({ assessment = {}, update_mask }) => {
      const change = readChange(assessment, update_mask?.paths ?? []);
      const { trace_id = "", assessment_id = "" } = assessment;
      const updated = await store.updateAssessment({ ...change, trace_id, assessment_id });
      return { assessment: assessmentMessage(updated) };
    },
    deleteAssessment: async ({ trace_id, assessment_id }) => {
      await store.deleteAssessment({ trace_id: text(trace_id), assessment_id: text(assessment_id) });
      return {};
    },
  };
}

/** An assessment from the wire. Throws INVALID_PARAMETER_VALUE when it says neither of the three. */
export function readAssessment(message: AssessmentMessage): NewAssessment {
  const { source, metadata, feedback, expectation, issue } = message;
  const rationale = nonEmpty(message.rationale);
  const common = sent({
    assessment_id: nonEmpty(message.assessment_id),
    assessment_name: text(message.assessment_name),
    source_type: source?.source_type ?? "SOURCE_TYPE_UNSPECIFIED",
    source_id: nonEmpty(source?.source_id),
    run_id: metadata !== undefined && Object.hasOwn(metadata, SOURCE_RUN) ? metadata[SOURCE_RUN] : undefined,
    span_id: nonEmpty(message.span_id),
    metadata,
    create_time: readTimestamp(message.create_time),
    last_update_time: readTimestamp(message.last_update_time),
  });
  const more = sent({ rationale, overrides: nonEmpty(message.overrides) });
  if (expectation) return { ...common, assessment_type: "expectation", ...expectationValue(message) };
  if (feedback) return { ...common, ...more, assessment_type: "feedback", ...feedbackValue(message) };
  if (issue) {
    const value = dumpsWithFloats({ issue_name: text(issue.issue_name) });
    return { ...common, ...sent({ rationale }), assessment_type: "issue", value };
  }
  throw new MlflowError("INVALID_PARAMETER_VALUE", "Unknown assessment type: None");
}

function feedbackValue({ feedback }: AssessmentMessage): Pick<NewAssessment, "value" | "error"> {
  const error = feedback?.error;
  return {
    value: dumpsWithFloats(feedback?.value ?? null),
    ...(error === undefined ? {} : { error: readError(error) }),
  };
}

function readError(message: NonNullable<AssessmentMessage["error"]>): AssessmentError {
  return sent({
    error_code: text(message.error_code),
    error_message: nonEmpty(message.error_message),
    stack_trace: nonEmpty(message.stack_trace),
  });
}

/** Lists and objects come as a JSON text, so that their numbers stay what they are. */
function expectationValue({ expectation }: AssessmentMessage): Pick<NewAssessment, "value"> {
  const serialized = expectation?.serialized_value;
  if (serialized === undefined) {
    if (expectation?.value === undefined || expectation.value === null) {
      throw new MlflowError("INVALID_PARAMETER_VALUE", "The `value` field must be specified.");
    }
    return { value: dumpsWithFloats(expectation.value) };
  }
  if (serialized.serialization_format !== JSON_FORMAT) {
    const message = `Unknown serialization format: ${text(serialized.serialization_format)}. Only JSON_FORMAT is supported.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  const value = reprint(text(serialized.value));
  if (value !== undefined) return { value };
  throw new MlflowError("INVALID_PARAMETER_VALUE", "The serialized value of the expectation is not JSON.");
}

function readChange(message: AssessmentMessage, paths: string[]): Omit<AssessmentChange, "trace_id" | "assessment_id"> {
  const has = (path: string) => paths.includes(path);
  if (has("valid")) {
    // MLflow 3.17 takes this path and then fails on it.
    throw new MlflowError("INVALID_PARAMETER_VALUE", "`valid` cannot be updated: override the assessment instead.");
  }
  return {
    ...(has("assessment_name") ? { assessment_name: text(message.assessment_name) } : {}),
    ...(has("expectation") ? { expectation: expectationValue(message) } : {}),
    ...(has("feedback") ? { feedback: feedbackValue(message) } : {}),
    ...(has("rationale") ? { rationale: text(message.rationale) } : {}),
    ...(has("metadata") ? { metadata: message.metadata ?? {} } : {}),
  };
}

export function assessmentMessage(assessment: Assessment): AssessmentMessage {
  const { create_time, last_update_time, metadata, source_id } = assessment;
  const source_type = SOURCE_TYPES.find((type) => type === assessment.source_type) ?? "SOURCE_TYPE_UNSPECIFIED";
  return sent({
    assessment_id: assessment.assessment_id,
    assessment_name: assessment.assessment_name,
    trace_id: assessment.trace_id,
    span_id: assessment.span_id,
    source: sent({ source_type, source_id }),
    create_time: printTimestamp(create_time),
    last_update_time: printTimestamp(last_update_time),
    rationale: assessment.rationale,
    metadata,
    overrides: nonEmpty(assessment.overrides),
    valid: assessment.valid,
    ...valueMessage(assessment),
  });
}

const SOURCE_TYPES = ["SOURCE_TYPE_UNSPECIFIED", "HUMAN", "LLM_JUDGE", "CODE"] as const;

function valueMessage({ assessment_type, value, error }: Assessment): AssessmentMessage {
  const parsed = parseStored(value);
  switch (assessment_type) {
    case "feedback":
      return { feedback: sent({ value: parsed, error: error === undefined ? undefined : errorMessage(error) }) };
    case "expectation":
      return typeof parsed === "object"
        ? { expectation: { serialized_value: { serialization_format: JSON_FORMAT, value } } }
        : { expectation: { value: parsed } };
    case "issue": {
      const name: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "issue_name") : "";
      return { issue: { issue_name: typeof name === "string" ? name : "" } };
    }
    default:
      return assessment_type satisfies never;
  }
}

function errorMessage({ error_code, error_message, stack_trace }: AssessmentError): AssessmentError {
  if (stack_trace === undefined || stack_trace.length <= STACK_TRACE_LIMIT) {
    return sent({ error_code, error_message, stack_trace });
  }
  const end = stack_trace.slice(CUT.length - STACK_TRACE_LIMIT);
  return sent({ error_code, error_message, stack_trace: `${CUT}${end}` });
}

function parseStored(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Python's JSON knows NaN and Infinity, which protobuf's values do not.
    return json;
  }
}
