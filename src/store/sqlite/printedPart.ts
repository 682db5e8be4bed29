import type { PrintedPart } from "../printedReads.ts";

/** One point as MLflow prints it; the statement binds the key. NaN is stored as 0 with a mark. */
export const PRINTED_POINT =
  "json_object('key', ?, 'value', CASE WHEN is_nan = 1 THEN 'NaN' ELSE value END, 'timestamp', timestamp, 'step', step)";

export function toPart(text: string): PrintedPart {
  return { bytes: new TextEncoder().encode(text) };
}

/** The border: what SQLite printed as a JSON list. */
export function readIds(text: string | undefined): number[] {
  return JSON.parse(text ?? "[]");
}
