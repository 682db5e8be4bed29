import type { KeyValue } from "../../../mlflow/entities.ts";

/** A param of the run, of its baseline, or of both. */
export interface ParamRow {
  key: string;
  /** Absent: only the baseline logged it. */
  value?: string;
  /** What the baseline has instead; absent: the same, or there is no baseline. */
  was?: string;
}

/** Params whose key or value holds `search`. */
export function paramRows(params: KeyValue[], baseline: KeyValue[] | undefined, search: string): ParamRow[] {
  const before = new Map(baseline?.map(({ key, value }) => [key, value]));
  const rows = params.map(({ key, value }): ParamRow => {
    const other = before.get(key);
    before.delete(key);
    if (baseline === undefined || other === value) return { key, value };
    return { key, value, was: other ?? "not logged" };
  });
  for (const [key, was] of before) rows.push({ key, was });
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return rows;
  return rows.filter(
    ({ key, value = "" }) => key.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
  );
}
