import type { TraceStore } from "../traceStore.ts";
import { assessmentMethods } from "./assessments.ts";
import type { Database } from "./database.ts";
import { traceSearch } from "./searchTraces.ts";
import { traceMethods } from "./traces.ts";
import { traceTagMethods } from "./traceTags.ts";

/** Traces over `mlflow.db`: one file of statements for each table family. */
export function sqliteTraceStore(db: Database): TraceStore {
  return { ...traceMethods(db), ...traceTagMethods(db), ...traceSearch(db), ...assessmentMethods(db) };
}
