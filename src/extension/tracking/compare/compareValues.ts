import { filterByIds } from "../../../mlflow/filter/write.ts";
import type { ComparedKey, CompareValues } from "../../../protocol/panels/compare.ts";
import type { FieldColumn, RunField, RunValues } from "../../../protocol/runs.ts";
import { byStore, type KnownExperiments, type StoreSource } from "./readComparison.ts";

/** Other runs of each store that charts draw in grey. */
const MOST_OTHERS = 2000;

export interface ValuesPart {
  uri: string;
  values: RunValues;
}

/** Values of the compared runs and, if asked for, of the others of their experiments. A store that cannot be read is left out. */
export async function readValues(
  stores: StoreSource,
  wanted: ComparedKey[],
  known: KnownExperiments,
  { fields, others }: { fields: RunField[]; others: boolean },
): Promise<CompareValues> {
  const own: ValuesPart[] = [];
  const context: ValuesPart[] = [];
  await Promise.all(
    [...byStore(wanted)].map(async ([uri, runs]) => {
      const store = await stores.get(uri).catch(() => undefined);
      const experiment_ids = [...new Set(runs.flatMap(({ run_id }) => known.get(`${uri} ${run_id}`) ?? []))];
      if (store === undefined || experiment_ids.length === 0) return;
      const { remote } = store;
      const filter = filterByIds(runs.map(({ run_id }) => run_id));
      const read = { experiment_ids, fields } as const;
      const [compared, rest] = await Promise.all([
        remote.runValues({ ...read, filter, run_view_type: "ALL", limit: runs.length }),
        others ? remote.runValues({ ...read, limit: MOST_OTHERS }) : undefined,
      ]);
      own.push({ uri, values: compared });
      if (rest !== undefined) context.push({ uri, values: rest });
    }),
  );
  return joinValues(own, context, fields.length);
}

/** One table of all; a run that is compared is listed among the first only. */
export function joinValues(own: ValuesPart[], others: ValuesPart[], fields: number): CompareValues {
  const seen = new Set<string>();
  const rows: { part: RunValues; uri: string; row: number }[] = [];
  for (const { uri, values } of [...own, ...others]) {
    values.run_ids.forEach((run_id, row) => {
      const key = `${uri} ${run_id}`;
      if (seen.has(key)) return;
      seen.add(key);
      rows.push({ part: values, uri, row });
    });
  }
  const unlisted = others.reduce((sum, { values }) => sum + Math.max(0, values.runs - values.run_ids.length), 0);
  return {
    runs: rows.length + unlisted,
    keys: rows.map(({ part, uri, row }) => ({ uri, run_id: part.run_ids[row] ?? "" })),
    run_names: rows.map(({ part, row }) => part.run_names[row] ?? ""),
    ordinals: Float64Array.from(rows, ({ part, row }) => part.ordinals[row] ?? 0),
    columns: Array.from({ length: fields }, (_, field) =>
      joinColumn(rows.map(({ part, row }) => ({ column: part.columns[field], row }))),
    ),
  };
}

function joinColumn(cells: { column: FieldColumn | undefined; row: number }[]): FieldColumn {
  if (cells.some(({ column }) => column?.kind === "number")) {
    const read = (name: "values" | "logged") =>
      cells.map(({ column, row }) => (column?.kind === "number" ? (column[name][row] ?? 0) : 0));
    return { kind: "number", values: Float64Array.from(read("values")), logged: Uint8Array.from(read("logged")) };
  }
  return {
    kind: "text",
    texts: cells.map(({ column, row }) => (column?.kind === "text" ? (column.texts[row] ?? null) : null)),
  };
}
