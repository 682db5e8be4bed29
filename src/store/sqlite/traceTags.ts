import { MlflowError } from "../../mlflow/errors.ts";
import { TRACE_TAG } from "../../mlflow/traces.ts";
import type { TraceStore } from "../traceStore.ts";
import { checkTag, experimentNumber, invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { traceFinder } from "./traceRows.ts";
import { checkTraceName, keyWriter } from "./traces.ts";

/** Traces that one call may link to a run (mlflow 3.17). */
const MAX_LINKS = 100;

type Methods = "setTraceTag" | "deleteTraceTag" | "deleteTraces" | "linkTracesToRun" | "linkPromptsToTrace";

export function traceTagMethods(db: Database): Pick<TraceStore, Methods> {
  const find = traceFinder(db);
  const write = keyWriter(db, "trace_tags");
  const setName = db.prepare<[string | null, string], unknown>(
    "UPDATE main.trace_info SET trace_name = ? WHERE request_id = ?",
  );
  const remove = db.prepare<[string, string], unknown>("DELETE FROM main.trace_tags WHERE request_id = ? AND key = ?");
  const link = linker(db);
  // Before mlflow 3.17 a trace's name is a tag like others.
  const hasNames = () => db.has("trace_info", "trace_name");

  return {
    setTraceTag: async ({ trace_id, key, value }) => {
      const tag = checkTag({ key, value });
      if (key === TRACE_TAG.name) checkTraceName(tag.value);
      await db.write(() => {
        find(trace_id);
        if (key === TRACE_TAG.name && hasNames()) setName.run(tag.value, trace_id);
        else write(trace_id, key, tag.value);
      });
    },
    deleteTraceTag: async ({ trace_id, key }) =>
      db.write(() => {
        const missing = `No trace tag with key '${key}' for trace with ID '${trace_id}'`;
        if (key === TRACE_TAG.name && hasNames() && find(trace_id).trace_name !== null) setName.run(null, trace_id);
        else if (remove.run(trace_id, key).changes === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", missing);
      }),
    deleteTraces: async (query) => {
      const { experiment_id, max_timestamp_millis, max_traces, trace_ids } = checkDeletion(query);
      const conditions = ["experiment_id = ?"];
      const values: SqlValue[] = [experimentNumber(experiment_id)];
      if (max_timestamp_millis !== undefined) {
        conditions.push("timestamp_ms <= ?");
        values.push(max_timestamp_millis);
      }
      if (trace_ids.length > 0) {
        conditions.push("request_id IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(trace_ids));
      }
      const ids = `SELECT request_id FROM trace_info WHERE ${conditions.join(" AND ")}
        ORDER BY timestamp_ms, request_id LIMIT ?`;
      // What belongs to a trace goes with it: its tables say ON DELETE CASCADE.
      const sql = `DELETE FROM main.trace_info WHERE request_id IN (${ids})`;
      return db.write(() => ({
        traces_deleted: db.prepare<SqlValue[], unknown>(sql).run(...values, max_traces ?? -1).changes,
      }));
    },
    linkTracesToRun: async ({ trace_ids, run_id }) => {
      if (trace_ids.length > MAX_LINKS) {
        throw invalid(
          `Cannot link more than ${MAX_LINKS} traces to a run in a single request. Provided ${trace_ids.length} traces.`,
        );
      }
      if (trace_ids.length === 0) return;
      await db.write(() => {
        for (const trace_id of trace_ids) link(trace_id, "run", run_id);
      });
    },
    linkPromptsToTrace: async ({ trace_id, prompt_versions }) => {
      if (prompt_versions.length === 0) return;
      await db.write(() => {
        find(trace_id);
        for (const { name, version } of prompt_versions) link(trace_id, "prompt_version", `${name}/${version}`);
      });
    },
  };
}

/** Links a trace to something once. */
function linker(db: Database): (trace_id: string, type: "run" | "prompt_version", id: string) => void {
  const insert = db.prepare<[string, string, string, string, number], unknown>(
    `WITH wanted(association_id, trace_id, type, id, time) AS (VALUES (?, ?, ?, ?, ?))
     INSERT INTO main.entity_associations
       (association_id, source_type, source_id, destination_type, destination_id, created_time)
     SELECT association_id, 'trace', trace_id, type, id, time FROM wanted
     WHERE NOT EXISTS (SELECT 1 FROM entity_associations e
       WHERE e.source_type = 'trace' AND e.source_id = trace_id AND e.destination_type = type AND e.destination_id = id)`,
  );
  return (trace_id, type, id) => void insert.run(newId(), trace_id, type, id, Date.now());
}

/** What MLflow demands of a deletion, so that nothing is deleted by an omission. */
function checkDeletion(query: Parameters<TraceStore["deleteTraces"]>[0]) {
  const { max_timestamp_millis, max_traces, trace_ids = [] } = query;
  if (max_timestamp_millis === undefined && trace_ids.length === 0) {
    throw invalid("Either `max_timestamp_millis` or `trace_ids` must be specified.");
  }
  if (max_timestamp_millis !== undefined && trace_ids.length > 0) {
    throw invalid("Only one of `max_timestamp_millis` and `trace_ids` can be specified.");
  }
  if (trace_ids.length > 0 && max_traces !== undefined) {
    throw invalid("`max_traces` can't be specified if `trace_ids` is specified.");
  }
  if (max_traces !== undefined && max_traces <= 0) {
    throw invalid(`\`max_traces\` must be a positive integer, received ${max_traces}.`);
  }
  return { ...query, trace_ids };
}
