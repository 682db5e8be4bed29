// Errors that came over the port are MLflow's, with a code and one sentence for the person.

/** Without the backticks that mark names: they are shown as they are. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll("`", "");
}

/** MLflow's error code; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "error_code" in error ? String(error.error_code) : undefined;
}

/** A wrong filter is said under the field, and the rows before it stay. */
export function isFilterError(error: unknown): boolean {
  return codeOf(error) === "INVALID_PARAMETER_VALUE";
}
