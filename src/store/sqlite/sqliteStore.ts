import { dirname, join } from "node:path";
import type { StoreChange } from "../../protocol/changes.ts";
import type { StoreStatus } from "../../protocol/stores.ts";
import type { OpenStoreOptions, Store } from "../store.ts";
import { watchDatabase } from "../watch.ts";
import { sqliteArtifactStore } from "./artifacts.ts";
import { Database } from "./database.ts";
import type { DatabaseOptions } from "./opening.ts";
import { sqliteRegistryStore } from "./registryStore.ts";
import { sqliteTraceStore } from "./traceStore.ts";
import { sqliteTrackingStore } from "./trackingStore.ts";

export interface SqliteStoreOptions extends OpenStoreOptions, Pick<DatabaseOptions, "connect"> {
  /** Absolute path of the database file, there or not. */
  path: string;
  uri: string;
}

/** ms that a write waits for another program's lock, as MLflow's clients wait. */
const LOCK_WAIT = 20_000;

/** Opens `mlflow.db` for reading and, unless `readonly`, writing. Never throws: `status()` says what is wrong. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { path, uri, readonly, artifactRoot, lockWait, connect } = options;
  const db = new Database(path, {
    readonly: readonly ?? false,
    artifactRoot: artifactRoot ?? join(dirname(path), "mlruns").replaceAll("\\", "/"),
    lockWait: lockWait ?? LOCK_WAIT,
    ...(connect === undefined ? {} : { connect }),
  });
  const changeListeners = new Set<(change: StoreChange) => void>();
  const statusListeners = new Set<(status: StoreStatus) => void>();
  let stopWatching: (() => void) | undefined;
  let told = "";

  const status = (): StoreStatus => ({ uri, kind: "sqlite", path, ...db.status() });
  const tellStatus = () => {
    const current = status();
    const text = JSON.stringify(current);
    if (text === told) return;
    told = text;
    for (const listener of statusListeners) listener(current);
  };
  const listen = <T>(listeners: Set<T>, listener: T) => {
    if (stopWatching === undefined) {
      told = JSON.stringify(status());
      stopWatching = watchDatabase(path, {
        changed: (change) => {
          for (const tell of changeListeners) tell(change);
        },
        looked: tellStatus,
      });
    }
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const tracking = sqliteTrackingStore(db);
  return {
    ...tracking,
    ...sqliteRegistryStore(db),
    ...sqliteArtifactStore(db, tracking),
    ...sqliteTraceStore(db),
    status,
    onChange: (listener) => listen(changeListeners, listener),
    onStatus: (listener) => listen(statusListeners, listener),
    close: () => {
      stopWatching?.();
      db.close();
    },
  };
}
