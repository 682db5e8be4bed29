import type { PrintedReads } from "../printedReads.ts";
import type { DatasetSummaries } from "../datasetSummaries.ts";
import type { OlderStore } from "../store.ts";
import type { Locate } from "../relocated.ts";
import type { TrackingStore } from "../trackingStore.ts";
import type { Database } from "./database.ts";
import { datasetMethods } from "./datasets.ts";
import { datasetSummaryMethods } from "./datasetSummaries.ts";
import { experimentMethods } from "./experiments.ts";
import { loggedModelMethods } from "./loggedModels.ts";
import { metricMethods } from "./metrics.ts";
import { metricSeriesReader } from "./metricSeries.ts";
import { printedHistory } from "./printedHistory.ts";
import { runTexts } from "./printedRuns.ts";
import { printedSamples } from "./printedSamples.ts";
import { runNodesReader } from "./nodes.ts";
import { purgeMethods } from "./purge.ts";
import { runKeysReader } from "./runKeys.ts";
import { runTableRows } from "./runTableRows.ts";
import type { RunChanges } from "./runChanges.ts";
import { runMethods } from "./runs.ts";
import { RunSearch } from "./runSearch.ts";
import { runsOfLoggedModel } from "./runsOfLoggedModel.ts";
import { loggedModelSearch } from "./searchLoggedModels.ts";
import { tagMethods } from "./tags.ts";

export type SqliteTrackingStore = TrackingStore &
  OlderStore &
  DatasetSummaries &
  Omit<PrintedReads, "printedRuns" | "printedRegisteredModels" | "printedModelVersions"> & {
    runTexts: ReturnType<typeof runTexts>;
  };

/** The tracking store over `mlflow.db`: one file of statements for each table family. */
export function sqliteTrackingStore(db: Database, changes: RunChanges, locate: Locate): SqliteTrackingStore {
  const search = new RunSearch(db, changes);
  const rows = runTableRows(db, search);
  return {
    isBefore: async ({ release }) => db.isBefore(release),
    ...experimentMethods(db),
    ...runMethods(db, search),
    ...tagMethods(db),
    ...metricMethods(db),
    ...datasetMethods(db),
    ...datasetSummaryMethods(db),
    ...loggedModelMethods(db),
    ...loggedModelSearch(db),
    ...runsOfLoggedModel(db),
    ...rows,
    ...purgeMethods(db, locate),
    runKeys: runKeysReader(db, rows.runIds),
    runNodes: runNodesReader(db),
    metricSeries: metricSeriesReader(db),
    runTexts: runTexts(db, search),
    printedSamples: printedSamples(db),
    ...printedHistory(db),
  };
}
