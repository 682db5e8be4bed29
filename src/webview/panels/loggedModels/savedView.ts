/** What the person arranged in the Logged Models panel. */
export interface LoggedModelsArrangement {
  filter: string;
  /** A field of MLflow's order: `name`, `creation_timestamp`, `metrics.rmse`. */
  order: string;
  ascending: boolean;
  /** Id of the logged model whose details are shown; empty: the first one. */
  selected: string;
  /** The logged model that the panel was opened for, once it has been shown. */
  openedFor: string;
  /** px from the top, of the list and of the details. */
  listScroll: number;
  detailsScroll: number;
  /** Rows that the list was known to have. */
  rows: number;
  /** Px of the columns whose edges were dragged. */
  sizes: Record<string, number>;
}

export const DEFAULT_ARRANGEMENT: LoggedModelsArrangement = {
  filter: "",
  order: "creation_timestamp",
  ascending: false,
  selected: "",
  openedFor: "",
  listScroll: 0,
  detailsScroll: 0,
  rows: 0,
  sizes: {},
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readLoggedModelsArrangement(saved: unknown): LoggedModelsArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(DEFAULT_ARRANGEMENT, key);
    return usual !== undefined && typeof value === typeof usual && value !== null;
  });
  return { ...DEFAULT_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<LoggedModelsArrangement>) };
}
