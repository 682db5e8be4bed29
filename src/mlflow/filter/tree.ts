// What a filter means: conditions joined by AND, and by OR where the extended grammar is allowed.

/** What a search is about; each has its own keys and comparators. */
export type FilterSubject = "runs" | "experiments" | "registeredModels" | "modelVersions" | "loggedModels";

export type EntityType = "attribute" | "metric" | "parameter" | "tag" | "dataset";

export const COMPARATORS = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "LIKE",
  "ILIKE",
  "IN",
  "NOT IN",
  "IS NULL",
  "IS NOT NULL",
] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** Half-open range of UTF-16 offsets in the text it was read from. */
export interface TextRange {
  start: number;
  end: number;
}

export interface Condition extends TextRange {
  kind: "condition";
  entity: EntityType;
  /** Key without quotes; aliases are resolved (`Created` is `start_time`, `Run name` is `run_name`). */
  key: string;
  comparator: Comparator;
  /** A number for metrics and numeric attributes, a list for IN and NOT IN, null for IS (NOT) NULL. */
  value: string | number | string[] | null;
}

export interface FilterGroup {
  kind: "and" | "or";
  /** Never empty below the root; an empty root matches everything. */
  terms: FilterTree[];
}

export type FilterTree = Condition | FilterGroup;

export interface OrderBy {
  entity: EntityType;
  key: string;
  ascending: boolean;
}
