import type { StoreStatus } from "../../protocol/stores.ts";
import { storeListeners } from "../listeners.ts";
import type { OpenStoreOptions, Store } from "../store.ts";
import { runsOfLoggedModelBySearch } from "../runsOfLoggedModel.ts";
import { versionRowMethods } from "../versionRows.ts";
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
  const status = (): StoreStatus => ({ uri, kind: "files", path, ...store.status() });
  const listeners = storeListeners(status, (listener) => watchFolder(store, listener));

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
  const modelRuns = runsOfLoggedModelBySearch(tracking, 10);
  const registry = {
    ...registeredModelMethods(store),
    ...modelVersionMethods(store),
    ...modelSearches(store),
  };
  return {
    ...tracking,
    ...modelRuns,
    ...registry,
    ...versionRowMethods({ ...tracking, ...registry }),
    ...fileArtifactStore(store, tracking),
    status,
    onChange: listeners.onChange,
    onStatus: listeners.onStatus,
    close: () => {
      listeners.close();
      store.close();
    },
  };
}
