import { dirname, isAbsolute, join } from "node:path";
import type { StoreStatus } from "../../protocol/stores.ts";
import { storeListeners } from "../listeners.ts";
import type { OpenStoreOptions, Store } from "../store.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { locator, relocated } from "../relocated.ts";
import { watchDatabase } from "../watch.ts";
import { sqliteArtifactStore } from "./artifacts.ts";
import { Database } from "./database.ts";
import { headOfRelease } from "./heads.ts";
import type { DatabaseOptions } from "./opening.ts";
import { sqliteRegistryStore } from "./registryStore.ts";
import { printModels, printVersions } from "./printedModels.ts";
import { printRuns } from "./printedRuns.ts";
import { RunChanges } from "./runChanges.ts";
import { sqliteTraceStore } from "./traceStore.ts";
import { sqliteTrackingStore } from "./trackingStore.ts";

export interface SqliteStoreOptions extends OpenStoreOptions, Pick<DatabaseOptions, "connect" | "longestGroup"> {
  /** Absolute path of the database file, there or not. */
  path: string;
  uri: string;
}

/** ms that a write waits for another program's lock, as MLflow's clients wait. */
const LOCK_WAIT = 20_000;

/** Opens `mlflow.db` for reading and, unless `readonly`, writing. Never throws: `status()` says what is wrong. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { path, uri, readonly, artifactRoot, lockWait, connect, longestGroup, schemaRelease } = options;
  const head = schemaRelease === undefined ? undefined : headOfRelease(schemaRelease);
  const db = new Database(path, {
    readonly: readonly ?? false,
    artifactRoot: artifactRoot ?? join(dirname(path), "mlruns").replaceAll("\\", "/"),
    lockWait: lockWait ?? LOCK_WAIT,
    // Who reads before the watch has looked again must not take the rows of this file for those of the one before.
    reopened: () => listeners.replaced(),
    ...(connect === undefined ? {} : { connect }),
    ...(longestGroup === undefined ? {} : { longestGroup }),
    ...(head === undefined ? {} : { head }),
  });
  const status = (): StoreStatus => ({ uri, kind: "sqlite", path, ...db.status() });
  const listeners = storeListeners(status, (listener) => watchDatabase(path, listener));

  const changes = new RunChanges(db);
  const folders = artifactFolders(path, artifactRoot);
  const locate = locator(folders, () => someLocations(db, stored));
  const stored = {
    ...sqliteTrackingStore(db, changes, locate),
    ...sqliteRegistryStore(db, changes),
    ...sqliteTraceStore(db),
  };
  const methods = relocated(stored, folders, () => someLocations(db, stored));
  return {
    ...methods,
    printedRuns: async (query) => printRuns(await methods.runTexts(query)),
    printedRegisteredModels: async (query) => printModels(await methods.textsOfModels(query)),
    printedModelVersions: async (query) => printVersions(await methods.textsOfVersions(query)),
    printedRest: async (query) => {
      if (query.drop === true) await methods.dropVersions(query);
      const versions = query.drop === true ? undefined : await methods.moreOfVersions(query);
      return versions === undefined ? methods.printedRest(query) : printVersions(versions);
    },
    ...sqliteArtifactStore(db, methods),
    noteChanges: (told) => changes.tell(told),
    changedByOthers: () => changes.byOthers(),
    status,
    onChange: listeners.onChange,
    onStatus: listeners.onStatus,
    close: () => {
      listeners.close();
      db.close();
    },
  };
}

/** Where artifacts may have been copied to with the database; a root that is a URI is no such folder. */
function artifactFolders(path: string, artifactRoot: string | undefined): string[] {
  const usual = [dirname(path), join(dirname(path), "mlruns")];
  return artifactRoot !== undefined && isAbsolute(artifactRoot) ? [...usual, artifactRoot] : usual;
}

/** Artifact locations as they are stored: of the newest runs, then of the experiments. */
async function someLocations(db: Database, stored: TrackingStore): Promise<string[]> {
  const { items: experiments } = await stored.searchExperiments({ view_type: "ALL" });
  const newest = db.prepare<[], { artifact_uri: string | null }>(
    "SELECT artifact_uri FROM runs ORDER BY rowid DESC LIMIT 100",
  );
  return [
    ...db.read(() => newest.all()).map(({ artifact_uri }) => artifact_uri ?? ""),
    ...experiments.map(({ artifact_location }) => artifact_location),
  ];
}
