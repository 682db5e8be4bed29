// Errors that came over the port are MLflow's, with a code and one sentence for the person.

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** MLflow's error code; undefined for anything else. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "error_code" in error ? error.error_code : undefined;
}

/** A wrong filter is said under the field, and the rows before it stay. */
export function isFilterError(error: unknown): boolean {
  return codeOf(error) === "INVALID_PARAMETER_VALUE";
}
