import { MlflowError } from "../../mlflow/errors.ts";
import { SPANS_IN_STORE, TRACE_METADATA, TRACE_TAG, type TraceInfo } from "../../mlflow/traces.ts";
import type { NewTrace, StoredSpan, TraceStore } from "../traceStore.ts";
import { checkLength, experimentNumber } from "../validation.ts";
import { assessmentWriter } from "./assessmentRows.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { checkExperimentActive, experimentFinder } from "./experiments.ts";
import { newId } from "./ids.ts";
import { childLocation } from "../locations.ts";
import { splitMetadata } from "./traceColumns.ts";
import { TRACE_COLUMNS, traceAssembler, traceFinder, type TraceRow } from "./traceRows.ts";

type Methods =
  | "startTrace"
  | "startRunningTrace"
  | "endRunningTrace"
  | "getTraceInfo"
  | "getTraceInfos"
  | "storedSpans";

export function traceMethods(db: Database): Pick<TraceStore, Methods> {
  const find = traceFinder(db);
  const assemble = traceAssembler(db);
  const { insert, complete } = traceWriter(db);
  const some = db.prepare<[string], TraceRow>(
    `SELECT ${TRACE_COLUMNS} FROM trace_info t WHERE t.request_id IN (SELECT value FROM json_each(?))`,
  );
  const spansOf = db.prepare<[string], StoredSpan>(
    `SELECT trace_id, content FROM spans WHERE trace_id IN (SELECT value FROM json_each(?)) AND content <> ''
     ORDER BY trace_id, parent_span_id IS NOT NULL, start_time_unix_nano`,
  );
  const end = db.prepare<[number, string, string], unknown>(
    "UPDATE main.trace_info SET execution_time_ms = ? - timestamp_ms, status = ? WHERE request_id = ?",
  );
  const read = (trace_id: string): TraceInfo => one(assemble([find(trace_id)]), trace_id);

  return {
    startTrace: async (trace) =>
      db.write(() => {
        const marked = { ...trace.trace_metadata, [TRACE_METADATA.finalized]: "true" };
        insert({ ...trace, trace_metadata: marked });
        return read(trace.trace_id);
      }),
    startRunningTrace: async (query) =>
      db.write(() => {
        const trace_id = newId();
        insert({ ...query, trace_id, state: "IN_PROGRESS", assessments: [] });
        return read(trace_id);
      }),
    endRunningTrace: async ({ trace_id, end_time, state, trace_metadata, tags }) =>
      db.write(() => {
        find(trace_id);
        end.run(end_time, state, trace_id);
        complete(trace_id, trace_metadata, tags);
        return read(trace_id);
      }),
    getTraceInfo: async ({ trace_id }) => db.read(() => read(trace_id)),
    getTraceInfos: async ({ trace_ids, experiment_ids }) => {
      const experiments = experiment_ids?.map(experimentNumber);
      return db.read(() => {
        const rows = new Map(some.all(JSON.stringify(trace_ids)).map((row) => [row.request_id, row]));
        const wanted = [...new Set(trace_ids)].flatMap((id) => rows.get(id) ?? []);
        return assemble(wanted.filter((row) => experiments?.includes(row.experiment_id) ?? true));
      });
    },
    storedSpans: async ({ trace_ids }) => db.read(() => spansOf.all(JSON.stringify(trace_ids))),
  };
}

function one(traces: TraceInfo[], trace_id: string): TraceInfo {
  const [trace] = traces;
  if (trace === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Trace with ID '${trace_id}' not found.`);
  return trace;
}

interface TraceWriter {
  /** Stores a trace, or brings one that is there up to date. */
  insert(trace: NewTrace): void;
  /** Adds metadata and tags to a trace that is there. */
  complete(trace_id: string, metadata: Record<string, string>, tags: Record<string, string>): void;
}

/** Writes traces inside a transaction. */
function traceWriter(db: Database): TraceWriter {
  const findExperiment = experimentFinder(db);
  const writeAssessment = assessmentWriter(db);
  const exists = db.prepare<[string], { spans: string | null }>(
    `SELECT (SELECT value FROM trace_tags WHERE request_id = t.request_id AND key = '${TRACE_TAG.spansLocation}') AS spans
     FROM trace_info t WHERE t.request_id = ?`,
  );
  const create = db.prepare<[string, number, number, string], unknown>(
    "INSERT INTO main.trace_info (request_id, experiment_id, timestamp_ms, status) VALUES (?, ?, ?, ?)",
  );
  const update = db.prepare<SqlValue[], unknown>(
    `UPDATE main.trace_info SET experiment_id = ?, timestamp_ms = ?, execution_time_ms = ?, status = ?, client_request_id = ?,
       request_preview = coalesce(?, request_preview), response_preview = coalesce(?, response_preview)
     WHERE request_id = ?`,
  );
  // Tells a Python server that archives payloads that this one has changed meanwhile.
  const nextGeneration = db.prepare<[string], unknown>(
    "UPDATE main.trace_info SET db_payload_generation = db_payload_generation + 1 WHERE request_id = ?",
  );
  const moveSpans = db.prepare<[number, string], unknown>("UPDATE main.spans SET experiment_id = ? WHERE trace_id = ?");
  const moveAssessments = db.prepare<[number, number, string], unknown>(
    "UPDATE main.assessments SET experiment_id = ?, trace_timestamp_ms = ? WHERE trace_id = ?",
  );
  const setTag = keyWriter(db, "trace_tags");
  const setMetadata = keyWriter(db, "trace_request_metadata");
  const setName = db.prepare<[string, string], unknown>(
    "UPDATE main.trace_info SET trace_name = ? WHERE request_id = ?",
  );
  // Before mlflow 3.17 names, sessions and counts are tags and metadata like others.
  const hasColumns = () => db.has("trace_info", "trace_name");

  const complete: TraceWriter["complete"] = (trace_id, metadata, tags) => {
    const split = splitMetadata(metadata);
    const { columns, rest } = hasColumns() ? split : { columns: new Map(), rest: Object.entries(metadata) };
    if (columns.size > 0) {
      // Names of columns come from our own list.
      const set = [...columns.keys()].map((column) => `${column} = ?`).join(", ");
      db.prepare<SqlValue[], unknown>(`UPDATE main.trace_info SET ${set} WHERE request_id = ?`).run(
        ...columns.values(),
        trace_id,
      );
    }
    for (const [key, value] of rest) setMetadata(trace_id, key, value);
    for (const [key, value] of Object.entries(tags)) {
      if (key === TRACE_TAG.name) checkTraceName(value);
      if (key !== TRACE_TAG.name || !hasColumns()) {
        setTag(trace_id, key, value);
        continue;
      }
      setName.run(value, trace_id);
    }
  };

  return {
    complete,
    insert: (trace) => {
      // Traces of mlflow 2.14 to 3.1 have no room for what clients of today send.
      if (!db.has("trace_info", "request_preview")) throw db.tooOld("traces");
      const { trace_id, experiment_id, request_time, state, assessments } = trace;
      const experiment = findExperiment(experiment_id, "ALL");
      checkExperimentActive(experiment);
      const number = experiment.experiment_id;
      const found = exists.get(trace_id);
      if (found === undefined) create.run(trace_id, number, request_time, state);
      else if (found.spans !== null && found.spans !== SPANS_IN_STORE) {
        const message = `Cannot update traces that are no longer DB-backed: '${trace_id}'.`;
        throw new MlflowError("RESOURCE_CONFLICT", message);
      } else if (hasColumns()) nextGeneration.run(trace_id);
      const previews = [trace.request_preview ?? null, trace.response_preview ?? null];
      const duration = trace.execution_duration ?? null;
      update.run(number, request_time, duration, state, trace.client_request_id ?? null, ...previews, trace_id);
      const location = childLocation(experiment.artifact_location ?? "", "traces", trace_id, "artifacts");
      complete(trace_id, trace.trace_metadata, { ...trace.tags, [TRACE_TAG.artifactLocation]: location });
      const assessed = { trace_id, experiment_id: number, request_time };
      for (const assessment of assessments) writeAssessment(assessment, assessed, true);
      if (found === undefined) return;
      moveSpans.run(number, trace_id);
      if (hasColumns()) moveAssessments.run(number, request_time, trace_id);
    },
  };
}

/** MLflow's own limit on the tag that is kept as a column. */
export function checkTraceName(name: string): void {
  checkLength("Trace name", 4096, name);
}

/** Sets one row of a table of keys and values. */
export function keyWriter(
  db: Database,
  table: "trace_tags" | "trace_request_metadata",
): (trace_id: string, key: string, value: string) => void {
  const upsert = db.prepare<[string, string, string], unknown>(
    `INSERT INTO main.${table} (request_id, key, value) VALUES (?, ?, ?)
     ON CONFLICT (key, request_id) DO UPDATE SET value = excluded.value`,
  );
  return (trace_id, key, value) => void upsert.run(trace_id, key, value);
}
