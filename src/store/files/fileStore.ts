import type { StoreChange } from "../../protocol/changes.ts";
import type { StoreStatus } from "../../protocol/stores.ts";
import type { OpenStoreOptions, Store } from "../store.ts";
import { fileArtifactStore } from "./artifacts.ts";
import { columnMethods } from "./columns.ts";
import { purgeMethods } from "./purge.ts";
import { datasetMethods } from "./datasets.ts";
import { experimentMethods } from "./experiments.ts";
import { loggedModelMethods } from "./loggedModels.ts";
import { metricMethods } from "./metrics.ts";
import { modelVersionMethods } from "./modelVersions.ts";
import { registeredModelMethods } from "./registeredModels.ts";
import { runMethods } from "./runs.ts";
import { loggedModelSearch } from "./searchLoggedModels.ts";
import { modelSearches } from "./searchModels.ts";
import { StoreFolder } from "./storeFolder.ts";
import { tagMethods } from "./tags.ts";
import { watchFolder } from "./watch.ts";

export interface FileStoreOptions extends OpenStoreOptions {
  /** Absolute path of the `mlruns` folder, there or not. */
  path: string;
  uri: string;
}

/** Opens an `mlruns` folder as mlflow 1.x–3.17 writes it. Never throws: `status()` says what is wrong. */
export function openFileStore({ path, uri, readonly, artifactRoot, cacheFolder }: FileStoreOptions): Store {
  const store = new StoreFolder(path, {
    readonly: readonly ?? false,
    ...(artifactRoot === undefined ? {} : { artifactRoot }),
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
  });
  const changeListeners = new Set<(change: StoreChange) => void>();
  const statusListeners = new Set<(status: StoreStatus) => void>();
  let stopWatching: (() => void) | undefined;
  let told = "";

  const status = (): StoreStatus => ({ uri, kind: "files", path, ...store.status() });
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
      stopWatching = watchFolder(store, {
        changed: (change) => {
          for (const tell of changeListeners) tell(change);
        },
        looked: tellStatus,
      });
    }
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const tracking = {
    ...experimentMethods(store),
    ...runMethods(store),
    ...tagMethods(store),
    ...metricMethods(store),
    ...datasetMethods(store),
    ...loggedModelMethods(store),
    ...loggedModelSearch(store),
    ...columnMethods(store),
    ...purgeMethods(store),
  };
  return {
    ...tracking,
    ...registeredModelMethods(store),
    ...modelVersionMethods(store),
    ...modelSearches(store),
    ...fileArtifactStore(store, tracking),
    status,
    onChange: (listener) => listen(changeListeners, listener),
    onStatus: (listener) => listen(statusListeners, listener),
    close: () => {
      stopWatching?.();
      store.close();
    },
  };
}
