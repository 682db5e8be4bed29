import type { PrintedPart } from "../printedReads.ts";

/**
 * Points as MLflow prints them, in UTF-8; the statement binds what precedes them, the key, and what follows. NaN is stored as 0 with a mark.
 * Bytes, since a text would be decoded for V8 and encoded again for the wire.
 */
export const PRINTED_POINTS = `CAST(? || group_concat(
  json_object('key', ?, 'value', CASE WHEN is_nan = 1 THEN 'NaN' ELSE CAST(value AS REAL) END,
    'timestamp', CAST(timestamp AS INTEGER), 'step', CAST(step AS INTEGER))
) || ? AS BLOB)`;

export function toPart(text: string): PrintedPart {
  return { bytes: bytesOf(text) };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The border: what SQLite printed as a JSON list. */
export function readIds(text: string | undefined): number[] {
  return JSON.parse(text ?? "[]");
}
