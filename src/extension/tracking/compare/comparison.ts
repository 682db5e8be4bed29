import { RUN_TAG } from "../../../mlflow/entities.ts";
import type { ComparedKey, ComparedRun, Comparison, NumberRow, TextRow } from "../../../protocol/panels/compare.ts";
import type { FieldColumn, NumberFieldColumn, RunColumns, RunField, RunKeys } from "../../../protocol/runs.ts";
import { isOwnTag } from "../../../protocol/tags.ts";

// What runs of several stores logged, as rows of one table. No vscode: tested on columns of real stores.

/** What one store told of its runs. */
export interface ComparedPart {
  uri: string;
  store_name: string;
  /** Names of experiments by id. */
  experiments: ReadonlyMap<string, string>;
  keys: RunKeys;
  /** The fields that `comparedFields(keys)` asks for. */
  columns: RunColumns;
}

/** Rows of the section "Source and environment", in their order. */
const SOURCE: readonly { key: string; field: RunField }[] = [
  { key: "status", field: { kind: "attribute", key: "status" } },
  { key: "source", field: { kind: "attribute", key: "source" } },
  { key: "entry point", field: { kind: "tag", key: RUN_TAG.projectEntryPoint } },
  { key: "git commit", field: { kind: "attribute", key: "version" } },
  { key: "git branch", field: { kind: "tag", key: RUN_TAG.gitBranch } },
  { key: "user", field: { kind: "attribute", key: "user_id" } },
];

/** Everything the table shows of runs that logged these keys. */
export function comparedFields({ params, metrics, tags }: RunKeys): RunField[] {
  return [
    ...SOURCE.map(({ field }) => field),
    ...params.map(({ key }): RunField => ({ kind: "param", key })),
    ...metrics.map(({ key }): RunField => ({ kind: "metric", key })),
    ...tags.flatMap(({ key }): RunField[] => (isOwnTag(key) ? [{ kind: "tag", key }] : [])),
  ];
}

/** Names a field of a part. */
const nameOf = (field: RunField) => ("key" in field ? `${field.kind} ${field.key}` : field.kind);

/** Where each of `wanted` stands in the parts; those that no part has are left out. */
function placesOf(wanted: ComparedKey[], parts: ComparedPart[]): { part: ComparedPart; row: number }[] {
  const places = new Map<string, { part: ComparedPart; row: number }>();
  for (const part of parts)
    part.columns.run_ids.forEach((run_id, row) => places.set(`${part.uri} ${run_id}`, { part, row }));
  return wanted.flatMap(({ uri, run_id }) => places.get(`${uri} ${run_id}`) ?? []);
}

/** The runs that were found, side by side in the order of `wanted`. */
export function comparisonOf(wanted: ComparedKey[], parts: ComparedPart[]): Omit<Comparison, "lost" | "experiments"> {
  const places = placesOf(wanted, parts);
  const columns = new Map(
    parts.map((part) => {
      const fields = comparedFields(part.keys);
      return [part, new Map(fields.map((field, i) => [nameOf(field), part.columns.columns[i]]))];
    }),
  );
  const cells = (name: string): { column: FieldColumn | undefined; row: number }[] =>
    places.map(({ part, row }) => ({ column: columns.get(part)?.get(name), row }));
  const texts = (name: string): (string | null)[] =>
    cells(name).map(({ column, row }) => (column?.kind === "text" ? (column.texts[row] ?? null) : null));
  const textRows = (kind: "param" | "tag", keys: string[]): TextRow[] =>
    keys.map((key) => ({ key, texts: texts(`${kind} ${key}`) }));
  const numberRow = (key: string): NumberRow => {
    const found = cells(`metric ${key}`);
    const logged = Uint8Array.from(found, ({ column, row }) => (isNumber(column) ? (column.logged[row] ?? 0) : 0));
    const values = Float64Array.from(found, ({ column, row }) => (isNumber(column) ? (column.values[row] ?? 0) : 0));
    return { key, values, logged };
  };
  const keysOf = (room: "params" | "metrics" | "tags") =>
    [...new Set(parts.flatMap(({ keys }) => keys[room].map(({ key }) => key)))].toSorted();
  return {
    runs: places.map(({ part, row }): ComparedRun => runAt(part, row)),
    params: textRows("param", keysOf("params")),
    metrics: keysOf("metrics").map(numberRow),
    tags: textRows("tag", keysOf("tags").filter(isOwnTag)),
    source: sourceRows(places, texts),
    stepped: [...new Set(parts.flatMap(({ keys }) => keys.stepped))].toSorted(),
  };
}

function isNumber(column: FieldColumn | undefined): column is NumberFieldColumn {
  return column?.kind === "number";
}

function runAt({ uri, columns }: ComparedPart, row: number): ComparedRun {
  const run_id = columns.run_ids[row] ?? "";
  return {
    uri,
    run_id,
    run_name: columns.run_names[row] || run_id.slice(0, 8),
    status: columns.statuses[row] ?? "FINISHED",
    lifecycle_stage: columns.lifecycle_stages[row] ?? "active",
    ordinal: columns.ordinals[row] ?? 0,
    experiment_id: columns.experiment_ids[row] ?? "",
  };
}

/** Where the runs came from; what none of them tells is left out. */
function sourceRows(
  places: { part: ComparedPart; row: number }[],
  texts: (name: string) => (string | null)[],
): TextRow[] {
  const experiment = places.map(({ part, row }) => {
    const id = part.columns.experiment_ids[row] ?? "";
    return part.experiments.get(id) ?? id;
  });
  const store = places.map(({ part }) => part.store_name);
  const several = new Set(places.map(({ part }) => part.uri)).size > 1;
  return [
    ...(several ? [{ key: "store", texts: store }] : []),
    { key: "experiment", texts: experiment },
    ...SOURCE.map(({ key, field }) => ({ key, texts: texts(nameOf(field)).map((text) => text || null) })),
  ].filter((row) => row.texts.some((text) => text !== null));
}
