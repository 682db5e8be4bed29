// What stands in the Models view. Rows of models and versions name what they are: commands take them as they are.
import type { ModelVersion, RegisteredModel } from "../../mlflow/entities.ts";
import type { MlflowError } from "../../mlflow/errors.ts";
import type { StoreHandle } from "../stores/stores.ts";
import type { Listing } from "../tracking/rows.ts";

export interface StoreRow {
  kind: "store";
  uri: string;
  store: StoreHandle;
  models: Listing<ModelRow>;
  /** Why its models could not be read; absent: they were. */
  failure?: MlflowError;
}

export interface ModelRow {
  kind: "model";
  uri: string;
  name: string;
  model: RegisteredModel;
  parent: StoreRow;
  versions: Listing<VersionRow>;
  /** Why its versions could not be read; absent: they were. */
  failure?: MlflowError;
  /** How many versions it has; absent: not counted yet. */
  count?: number;
  /** Its versions are on screen. */
  unfolded: boolean;
}

export interface VersionRow {
  kind: "version";
  uri: string;
  name: string;
  version: string;
  /** Of the run it came from; "" where it came from none. */
  run_id: string;
  found: ModelVersion;
  /** As its model tells them: a search for versions tells none before mlflow 3. */
  aliases: string[];
  parent: ModelRow;
}

export interface MoreRow {
  kind: "more";
  uri: string;
  parent: StoreRow | ModelRow;
}

/** What may help where the rows of a store or a model cannot be read. */
export interface RemedyRow {
  kind: "remedy";
  uri: string;
  failure: MlflowError;
  parent: StoreRow | ModelRow;
}

export type ModelsRow = StoreRow | ModelRow | VersionRow | MoreRow | RemedyRow;

/** By which VS Code knows a row again after reading the tree anew. */
export function idOf(row: ModelsRow): string {
  switch (row.kind) {
    case "store":
      return row.uri;
    case "model":
      return `${row.uri}#${row.name}`;
    case "version":
      // No model has a slash in its name.
      return `${row.uri}#${row.name}/${row.version}`;
    case "more":
    case "remedy":
      return `${idOf(row.parent)}/${row.kind}`;
    default:
      return row satisfies never;
  }
}

export function storeOf(row: ModelsRow): StoreHandle {
  return row.kind === "store" ? row.store : storeOf(row.parent);
}
