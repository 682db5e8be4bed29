import type { OlderStore } from "../store.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { runColumnsReader, runKeysReader } from "./columns.ts";
import type { Database } from "./database.ts";
import { datasetMethods } from "./datasets.ts";
import { experimentMethods } from "./experiments.ts";
import { loggedModelMethods } from "./loggedModels.ts";
import { metricMethods } from "./metrics.ts";
import { metricSeriesReader } from "./metricSeries.ts";
import { runNodesReader } from "./nodes.ts";
import { runMethods } from "./runs.ts";
import { loggedModelSearch } from "./searchLoggedModels.ts";
import { tagMethods } from "./tags.ts";

/** The tracking store over `mlflow.db`: one file of statements for each table family. */
export function sqliteTrackingStore(db: Database): TrackingStore & OlderStore {
  return {
    isBefore: async ({ release }) => db.isBefore(release),
    ...experimentMethods(db),
    ...runMethods(db),
    ...tagMethods(db),
    ...metricMethods(db),
    ...datasetMethods(db),
    ...loggedModelMethods(db),
    ...loggedModelSearch(db),
    runColumns: runColumnsReader(db),
    runKeys: runKeysReader(db),
    runNodes: runNodesReader(db),
    metricSeries: metricSeriesReader(db),
  };
}
