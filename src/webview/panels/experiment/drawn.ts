import type { RunStatus } from "../../../mlflow/entities.ts";
import type { RunPage } from "./page.ts";

// Which runs the charts draw: the first of the table, and what the person chose by its dot.

/** Drawn without being asked for. */
export const FIRST_DRAWN = 10;

/** What a chart has to know of a run. */
export interface RunFacts {
  run_id: string;
  name: string;
  ordinal: number;
  status: RunStatus;
}

export function factsAt(columns: RunPage, at: number): RunFacts | undefined {
  const run_id = columns.run_ids[at];
  const status = columns.statuses[at];
  if (run_id === undefined || status === undefined) return undefined;
  return { run_id, name: columns.run_names[at] ?? run_id, ordinal: columns.ordinals[at] ?? 0, status };
}

export function sameFacts(a: RunFacts[], b: RunFacts[]): boolean {
  const told = ({ run_id, name, ordinal, status }: RunFacts) => `${run_id} ${ordinal} ${status} ${name}`;
  return a.length === b.length && a.every((facts, i) => told(facts) === told(b[i] ?? facts));
}

/** Ids of the drawn runs, in the table's order where it is known. `chosen` overrides a run's place. */
export function drawnRuns(firstPage: RunPage | undefined, chosen: Record<string, boolean>): string[] {
  const rows = firstPage?.run_ids ?? [];
  const drawn = rows.filter((id, i) => chosen[id] ?? i < FIRST_DRAWN);
  const known = new Set(rows);
  const elsewhere = Object.keys(chosen).filter((id) => chosen[id] === true && !known.has(id));
  return [...drawn, ...elsewhere];
}

/** The search that finds runs by id, wherever they stand (MLflow allows `IN` on `run_id`). */
export function filterByIds(ids: string[]): string {
  return `attributes.run_id IN (${ids.map((id) => `'${id.replaceAll("'", "")}'`).join(", ")})`;
}

/** Last values of a metric by run; runs that did not log it are left out. */
export function valuesByRun({ run_ids, metrics }: RunPage, metricKey: string): ReadonlyMap<string, number> {
  const column = metrics[metricKey];
  return new Map(
    run_ids.flatMap((id, at) => (column?.logged[at] === 1 ? [[id, column.values[at] ?? Number.NaN] as const] : [])),
  );
}
