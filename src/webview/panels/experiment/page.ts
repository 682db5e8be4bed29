import type { ShownColumns } from "../../../protocol/panels/experiment.ts";
import type { FieldColumn, KeyFacts, NumberFieldColumn, RunField, RunGroup, RunKeys } from "../../../protocol/runs.ts";
import { idOf } from "../../ui/chart/fields.ts";

/** A window of rows with its columns by id, as the table reads them. */
export interface RunPage extends Omit<ShownColumns, "columns"> {
  byId: ReadonlyMap<string, FieldColumn>;
  /** The groups by row of the window. */
  groupAt: ReadonlyMap<number, RunGroup>;
}

/** Keys that were logged. */
export interface KeyNames {
  params: string[];
  metrics: string[];
  stepped: string[];
}

/** `fields` are those that were asked for. */
export function toPage(columns: ShownColumns, fields: RunField[]): RunPage {
  const byId = new Map<string, FieldColumn>();
  for (const [i, field] of fields.entries()) {
    const column = columns.columns[i];
    if (column !== undefined) byId.set(idOf(field), column);
  }
  return { ...columns, byId, groupAt: new Map(columns.groups.map((group) => [group.row, group])) };
}

/** The columns as texts or numbers; undefined while they are not loaded, or for another kind. */
export function textsOf(page: RunPage, id: string): (string | null)[] | undefined {
  const column = page.byId.get(id);
  return column?.kind === "text" ? column.texts : undefined;
}
export function numbersOf(page: RunPage, id: string): NumberFieldColumn | undefined {
  const column = page.byId.get(id);
  return column?.kind === "number" ? column : undefined;
}

export function keyNames({ params, metrics, stepped }: RunKeys): KeyNames {
  return { params: params.map(({ key }) => key), metrics: metrics.map(({ key }) => key), stepped };
}

export const NO_RUN_KEYS: RunKeys = { runs: 0, params: [], metrics: [], tags: [], datasets: [], stepped: [] };

/** What is known of each column by id: how many runs have it, whether it varies. */
export function factsById({ params, metrics, tags }: RunKeys): Map<string, KeyFacts> {
  const found = new Map<string, KeyFacts>();
  for (const facts of params) found.set(`params.${facts.key}`, facts);
  for (const facts of metrics) found.set(`metrics.${facts.key}`, facts);
  for (const facts of tags) found.set(`tags.${facts.key}`, facts);
  return found;
}
