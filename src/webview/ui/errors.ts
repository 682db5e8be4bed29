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

/** What is asked about is no more: what was shown of it says nothing either. */
export function isGone(error: unknown): boolean {
  return codeOf(error) === "RESOURCE_DOES_NOT_EXIST";
}

/** Another thing has its id: the store's file was swapped. */
export function isReplaced(error: unknown): boolean {
  return codeOf(error) === "RESOURCE_CONFLICT";
}

/** Nobody answers at the moment, as while the store process starts again. */
export function isPassing(error: unknown): boolean {
  return codeOf(error) === "TEMPORARILY_UNAVAILABLE";
}
