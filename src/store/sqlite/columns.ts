import { RUN_TAG } from "../../mlflow/entities.ts";
import type { LifecycleStage, RunStatus } from "../../mlflow/entities.ts";
import {
  type FieldColumn,
  MOST_ROWS,
  MOST_VALUES,
  type RunColumns,
  type RunColumnsQuery,
  type RunField,
  type RunKeys,
  type RunKeysQuery,
  type RunRowsQuery,
  type RunValues,
  type RunValuesQuery,
} from "../../protocol/runs.ts";
import { pause } from "../chain.ts";
import { plainRows } from "../runs/columnsOfRuns.ts";
import { orderClauses } from "../runs/runOrder.ts";
import { experimentNumber } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { stagesOf } from "./experiments.ts";
import { runOrder, runWhere } from "./filterToSql.ts";

interface WindowRow {
  ordinal: number;
  run_uuid: string;
  experiment_id: number;
  name: string | null;
  status: RunStatus;
  lifecycle_stage: LifecycleStage;
  start_time: number | null;
  end_time: number | null;
  parent: string | null;
  name_tag: string | null;
}

/** A window of the runs table, read in short statements: one for the rows, one for each column. */
export function runColumnsReader(db: Database) {
  const params = db.prepare<[string, string], { run_uuid: string; value: string }>(
    "SELECT run_uuid, value FROM params WHERE key = ? AND run_uuid IN (SELECT value FROM json_each(?))",
  );
  const metrics = db.prepare<[string, string], { run_uuid: string; value: number; is_nan: number }>(
    "SELECT run_uuid, value, is_nan FROM latest_metrics WHERE key = ? AND run_uuid IN (SELECT value FROM json_each(?))",
  );

  const tags = db.prepare<[string, string], { run_uuid: string; value: string }>(
    "SELECT run_uuid, value FROM tags WHERE key = ? AND run_uuid IN (SELECT value FROM json_each(?))",
  );

  const readWindow = (query: RunRowsQuery, limit: number, offset: number) => {
    const where = runWhere(query.filter, true);
    const order = runOrder(orderClauses(query.order));
    const experiments = JSON.stringify(query.experiment_ids.map(experimentNumber));
    const wanted = `r.experiment_id IN (SELECT value FROM json_each(?))
      AND r.lifecycle_stage IN (SELECT value FROM json_each(?)) AND ${where.sql}`;
    const bound = [experiments, stagesOf(query.run_view_type ?? "ACTIVE_ONLY"), ...where.values];
    return db.read(() => {
      const counts = db
        .prepare<SqlValue[], { total: number; running: number }>(
          `SELECT count(*) AS total, count(*) FILTER (WHERE r.status = 'RUNNING') AS running FROM runs r WHERE ${wanted}`,
        )
        .get(...bound) ?? { total: 0, running: 0 };
      const rows = db
        .prepare<SqlValue[], WindowRow>(
          `SELECT w.*, p.value AS parent, n.value AS name_tag FROM (
             SELECT r.rowid AS ordinal, r.run_uuid, r.experiment_id, r.name, r.status, r.lifecycle_stage, r.start_time, r.end_time,
                    row_number() OVER (ORDER BY ${order.orderBy}) AS position
             FROM runs r ${order.joins} WHERE ${wanted} ORDER BY position LIMIT ? OFFSET ?
           ) w
           LEFT JOIN tags p ON p.key = '${RUN_TAG.parentRunId}' AND p.run_uuid = w.run_uuid
           LEFT JOIN tags n ON n.key = '${RUN_TAG.runName}' AND n.run_uuid = w.run_uuid
           ORDER BY w.position`,
        )
        .all(...order.values, ...bound, limit, offset);
      return { counts, rows };
    });
  };

  const readField = (rows: WindowRow[], index: Map<string, number>, ids: string, field: RunField): FieldColumn => {
    const texts = (read: (key: string, ids: string) => { run_uuid: string; value: string }[], key: string) => {
      const column = rows.map((): string | null => null);
      for (const { run_uuid, value } of db.read(() => read(key, ids))) column[index.get(run_uuid) ?? 0] = value;
      return { kind: "text" as const, texts: column };
    };
    const numbers = () => ({
      kind: "number" as const,
      values: new Float64Array(rows.length),
      logged: new Uint8Array(rows.length),
    });
    switch (field.kind) {
      case "param":
        return texts((key, run_ids) => params.all(key, run_ids), field.key);
      case "tag":
        return texts((key, run_ids) => tags.all(key, run_ids), field.key);
      case "metric": {
        const column = numbers();
        for (const { run_uuid, value, is_nan } of db.read(() => metrics.all(field.key, ids))) {
          const at = index.get(run_uuid) ?? 0;
          column.values[at] = is_nan === 1 ? Number.NaN : value;
          column.logged[at] = 1;
        }
        return column;
      }
      default:
        return { kind: "text", texts: rows.map(() => null) };
    }
  };

  const readFields = async (rows: WindowRow[], fields: RunField[], signal: AbortSignal | undefined) => {
    const index = new Map(rows.map((row, at) => [row.run_uuid, at]));
    const ids = JSON.stringify([...index.keys()]);
    const columns: FieldColumn[] = [];
    await inTurns(fields, signal, (field) => void columns.push(readField(rows, index, ids, field)));
    return columns;
  };

  return {
    runColumns: async (query: RunColumnsQuery, signal?: AbortSignal): Promise<RunColumns> => {
      const { counts, rows } = readWindow(query, Math.min(query.limit, MOST_ROWS), query.offset);
      return {
        ...counts,
        runs: counts.total,
        run_ids: rows.map((row) => row.run_uuid),
        run_names: rows.map((row) => row.name || row.name_tag || ""),
        statuses: rows.map((row) => row.status),
        lifecycle_stages: rows.map((row) => row.lifecycle_stage),
        experiment_ids: rows.map((row) => String(row.experiment_id)),
        parent_run_ids: rows.map((row) => row.parent),
        ordinals: Float64Array.from(rows, (row) => row.ordinal),
        start_times: Float64Array.from(rows, (row) => row.start_time ?? Number.NaN),
        end_times: Float64Array.from(rows, (row) => row.end_time ?? Number.NaN),
        ...plainRows(rows.length),
        columns: await readFields(rows, query.fields, signal),
      };
    },
    runIds: async (query: RunRowsQuery): Promise<{ run_ids: string[] }> => ({
      run_ids: readWindow(query, -1, 0).rows.map((row) => row.run_uuid),
    }),
    runValues: async (query: RunValuesQuery, signal?: AbortSignal): Promise<RunValues> => {
      const { counts, rows } = readWindow(query, Math.min(query.limit, MOST_VALUES), 0);
      return {
        runs: counts.total,
        run_ids: rows.map((row) => row.run_uuid),
        run_names: rows.map((row) => row.name || row.name_tag || ""),
        statuses: rows.map((row) => row.status),
        ordinals: Float64Array.from(rows, (row) => row.ordinal),
        group_of: new Uint32Array(0),
        groups: [],
        columns: await readFields(rows, query.fields, signal),
      };
    },
  };
}

/** The keys logged in experiments. Each key is found by one seek in the primary key, not by reading every row. */
export function runKeysReader(db: Database) {
  const allKeys = (table: "params" | "latest_metrics") =>
    db.prepare<[], { key: string }>(
      `WITH RECURSIVE found(key) AS (
         SELECT min(key) FROM ${table} UNION ALL
         SELECT (SELECT min(key) FROM ${table} WHERE key > found.key) FROM found WHERE found.key IS NOT NULL
       ) SELECT key FROM found WHERE key IS NOT NULL`,
    );
  const loggedIn = (table: "params" | "latest_metrics") =>
    db.prepare<[string, string], { found: number }>(
      `SELECT EXISTS (SELECT 1 FROM ${table} x JOIN runs r ON r.run_uuid = x.run_uuid
       WHERE x.key = ? AND r.experiment_id IN (SELECT value FROM json_each(?))) AS found`,
    );
  const paramKeys = allKeys("params");
  const metricKeys = allKeys("latest_metrics");
  const paramLogged = loggedIn("params");
  const metricLogged = loggedIn("latest_metrics");
  // The latest value has the greatest step: an earlier row is a second step.
  const hasSteps = db.prepare<[string, string], { found: number }>(
    `SELECT EXISTS (SELECT 1 FROM latest_metrics x JOIN runs r ON r.run_uuid = x.run_uuid
     WHERE x.key = ? AND r.experiment_id IN (SELECT value FROM json_each(?)) AND EXISTS (
       SELECT 1 FROM metrics m WHERE m.run_uuid = x.run_uuid AND m.key = x.key AND m.step < x.step)) AS found`,
  );

  return async ({ experiment_ids }: RunKeysQuery, signal?: AbortSignal): Promise<RunKeys> => {
    const experiments = JSON.stringify(experiment_ids.map(experimentNumber));
    const keys: RunKeys = { runs: 0, params: [], metrics: [], tags: [], datasets: [], stepped: [] };
    await inTurns(
      db.read(() => paramKeys.all()),
      signal,
      ({ key }) => {
        if (db.read(() => paramLogged.get(key, experiments))?.found === 1)
          keys.params.push({ key, runs: 1, varies: true });
      },
    );
    await inTurns(
      db.read(() => metricKeys.all()),
      signal,
      ({ key }) => {
        if (db.read(() => metricLogged.get(key, experiments))?.found === 1)
          keys.metrics.push({ key, runs: 1, varies: true });
      },
    );
    await inTurns(keys.metrics, signal, ({ key }) => {
      if (db.read(() => hasSteps.get(key, experiments))?.found === 1) keys.stepped.push(key);
    });
    return keys;
  };
}

/** Does `work` for each item, letting other requests pass every 20 ms. */
async function inTurns<T>(items: T[], signal: AbortSignal | undefined, work: (item: T) => void): Promise<void> {
  let pausedAt = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - pausedAt < 20) continue;
    await pause(signal);
    pausedAt = performance.now();
  }
}
