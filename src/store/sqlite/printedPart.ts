import type { PrintedPart } from "../printedReads.ts";

/**
 * Points of rows `m` as MLflow prints them, in UTF-8, each with more fields where there are some; the statement binds what precedes the points,
 * the key, the values of the further fields, and what follows. NaN is stored as 0 with a mark. Bytes, since a text would be decoded for V8 and
 * encoded again for the wire.
 */
export function printedPoints(more = ""): string {
  return `CAST(? || group_concat(
    json_object('key', ?, 'value', CASE WHEN m.is_nan = 1 THEN 'NaN' ELSE CAST(m.value AS REAL) END,
      'timestamp', CAST(m.timestamp AS INTEGER), 'step', CAST(m.step AS INTEGER)${more})
  ) || ? AS BLOB)`;
}

/** What precedes the first point. */
export const START_OF_POINTS = '{"metrics":[';

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
