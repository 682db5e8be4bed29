import type { StoreChange } from "./changes.ts";

export type StoreKind = "sqlite" | "files";

/** What became of opening a store. A store that cannot be read says so in one sentence and stays listed. */
export interface StoreStatus {
  uri: string;
  kind: StoreKind;
  /** Absolute path of `mlflow.db` or `mlruns`. */
  path: string;
  /** "absent": no file yet (read as empty, created at the first write by the tracking server). */
  state: "open" | "absent" | "unreadable";
  /** Writing is refused: a read-only folder, or a schema revision that is not known. */
  read_only: boolean;
  /** One sentence, when unreadable or read-only. */
  problem?: string;
  /** Unreadable only because another program has locked it just now. */
  locked?: true;
}

/** What the host asks the store process; each open store's own methods are served on a channel named by its uri. */
export interface StoreProcessHost {
  open(query: { uri: string }): Promise<StoreStatus>;
  status(query: { uri: string }): Promise<StoreStatus>;
  close(query: { uri: string }): Promise<void>;
}

/** What the store process tells the host. */
export interface StoreProcessView {
  storeChanged(event: { uri: string; change: StoreChange }): Promise<void>;
  statusChanged(status: StoreStatus): Promise<void>;
}
