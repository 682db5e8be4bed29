import type { RunStatus } from "../../../mlflow/entities.ts";
import { FIRST_DRAWN } from "./charts/specs.ts";
import type { RunPage } from "./page.ts";

// Which runs the charts draw: the first of the table, and what the person chose by its dot.

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

/** Ids of the drawn runs, in the table's order where it is known: `rows` are its first. `chosen` overrides a run's place. */
export function drawnRuns(rows: string[], chosen: Record<string, boolean>, first = FIRST_DRAWN): string[] {
  // A row without an id is that of a group.
  const runs = rows.filter((id) => id !== "");
  const drawn = runs.filter((id, i) => chosen[id] ?? i < first);
  const known = new Set(runs);
  const elsewhere = Object.keys(chosen).filter((id) => chosen[id] === true && !known.has(id));
  return [...drawn, ...elsewhere];
}
