/** MLflow's error codes (mlflow 3.17 `ErrorCode` of databricks.proto, those that the classic REST API answers). */
export const ERROR_CODES = [
  "INTERNAL_ERROR",
  "TEMPORARILY_UNAVAILABLE",
  "IO_ERROR",
  "BAD_REQUEST",
  "INVALID_PARAMETER_VALUE",
  "ENDPOINT_NOT_FOUND",
  "MALFORMED_REQUEST",
  "INVALID_STATE",
  "PERMISSION_DENIED",
  "UNAUTHENTICATED",
  "FEATURE_DISABLED",
  "RESOURCE_ALREADY_EXISTS",
  "RESOURCE_DOES_NOT_EXIST",
  "RESOURCE_EXHAUSTED",
  "RESOURCE_CONFLICT",
  "REQUEST_LIMIT_EXCEEDED",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "NOT_IMPLEMENTED",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The one error that crosses a boundary (a port, HTTP, a notification). `message` is a sentence for the person. */
export class MlflowError extends Error {
  readonly error_code: ErrorCode;

  constructor(error_code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MlflowError";
    this.error_code = error_code;
  }
}

/** Where in a text that was read an error lies: half-open, in UTF-16 offsets. Undefined where it lies in no text. */
export function placeOf(error: unknown): { start: number; end: number } | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause !== "object" || cause === null || !("start" in cause && "end" in cause)) return undefined;
  const { start, end } = cause;
  return typeof start === "number" && typeof end === "number" ? { start, end } : undefined;
}

/** Narrows a code that came from outside; whatever MLflow does not define counts as `INTERNAL_ERROR`. */
export function errorCodeOf(value: unknown): ErrorCode {
  return ERROR_CODES.find((code) => code === value) ?? "INTERNAL_ERROR";
}

/** `error` as an MlflowError: itself, or `INTERNAL_ERROR` with its message. */
export function asMlflowError(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new MlflowError("INTERNAL_ERROR", message, { cause: error });
}
