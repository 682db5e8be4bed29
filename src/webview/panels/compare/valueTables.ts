import type { CompareValues } from "../../../protocol/panels/compare.ts";
import type { RunField } from "../../../protocol/runs.ts";
import type { Brush } from "../../ui/chart/brush.ts";
import type { ValueTable } from "../../ui/chart/values.ts";
import { brushFilter } from "../../ui/chart/brushFilter.ts";
import { fieldOf } from "../../ui/chart/fields.ts";
import { valueTable } from "../../ui/chart/valueTable.ts";

/** What is asked of the host for a chart; as text it is a key of the cache. */
export interface ValuesQuestion {
  ids: string[];
  fields: RunField[];
  others: boolean;
}

export function questionOf(ids: readonly string[], others: boolean): string {
  const known = [...new Set(ids)].flatMap((id) => {
    const field = fieldOf(id);
    return field === undefined ? [] : [{ id, field }];
  });
  const question: ValuesQuestion = {
    ids: known.map(({ id }) => id),
    fields: known.map(({ field }) => field),
    others,
  };
  return JSON.stringify(question);
}

export const NO_TABLE: ValueTable = { run_ids: [], run_names: [], ordinals: [], columns: [] };

/** Values as charts take them; runs are named by store and id. */
export function tableOf(values: CompareValues | undefined, ids: readonly string[]): ValueTable {
  if (values === undefined) return NO_TABLE;
  const { keys, run_names, ordinals, columns, runs } = values;
  const run_ids = keys.map(({ uri, run_id }) => `${run_id} ${uri}`);
  const none = { statuses: [], group_of: new Uint32Array(), groups: [] };
  return valueTable({ runs, run_ids, run_names, ordinals, columns, ...none }, [...new Set(ids)]);
}

/** The search that finds the brushed runs in the table of an experiment. */
export function brushFilterOf(table: ValueTable, brush: Brush): string {
  const run_ids = table.run_ids.map((key) => key.slice(0, key.indexOf(" ")));
  const texts = (id: string) => table.columns.find((column) => column.id === id)?.texts;
  return brushFilter({ table: { ...table, run_ids }, brush, texts, mayOr: true });
}
