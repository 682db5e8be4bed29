import type { LifecycleStage, ModelStage, ModelVersionStatus } from "../../mlflow/entities.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import { loggedModelOf } from "../../mlflow/modelVersions.ts";
import {
  METRIC_VERSIONS,
  type VersionMetrics,
  type VersionOrder,
  type VersionRow,
  type VersionRows,
} from "../../protocol/versions.ts";
import type { ModelRegistryStore } from "../registryStore.ts";
import { checkRowsQuery, NEWEST } from "../versionRows.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { integer } from "./kinds.ts";
import { DELETED_STAGE, registeredModelFinder } from "./modelRows.ts";
import { versionsWhere } from "./searchModels.ts";

interface Row {
  version: number;
  creation_time: number | null;
  user_id: string | null;
  description: string | null;
  current_stage: ModelStage;
  source: string | null;
  status: ModelVersionStatus | null;
  status_message: string | null;
  run_id: string | null;
  run_name: string | null;
  experiment_id: number | null;
  lifecycle_stage: LifecycleStage | null;
  ordinal: number | null;
  metric: number | null;
  is_nan: number;
  logged: number;
}

const MODEL_ID = "CASE WHEN v.source LIKE 'models:/m-%' THEN substr(v.source, 9) END";

/** Both that a version may have: what its run logged last, and what its logged model was measured with last. Binds the key twice. */
const METRIC_JOINS = `LEFT JOIN latest_metrics l ON l.run_uuid = v.run_id AND l.key = ?
  LEFT JOIN logged_model_metrics g ON g.rowid = (SELECT x.rowid FROM logged_model_metrics x
    WHERE x.model_id = ${MODEL_ID} AND x.metric_name = ? ORDER BY x.metric_step DESC, x.metric_timestamp_ms DESC LIMIT 1)`;
// As mlflow/versionMetrics.ts has it.
const OF_MODEL = "(g.model_id IS NOT NULL AND (l.run_uuid IS NULL OR l.step <> g.metric_step))";
const LOGGED = "(g.model_id IS NOT NULL OR l.run_uuid IS NOT NULL)";
const IS_NAN = `CASE WHEN ${OF_MODEL} THEN 0 ELSE coalesce(l.is_nan, 0) END`;
const VALUE = `CASE WHEN ${OF_MODEL} THEN g.metric_value ELSE l.value END`;

const OWN = `v.workspace = 'default' AND v.name = ? AND v.current_stage <> '${DELETED_STAGE}'`;

/** The table of a model's versions over `mlflow.db`. */
export function versionRowMethods(db: Database): Pick<ModelRegistryStore, "versionRows" | "versionMetrics"> {
  const find = registeredModelFinder(db);
  const count = (where: string) =>
    db.prepare<SqlValue[], { versions: number }>(`SELECT count(*) AS versions FROM model_versions v WHERE ${where}`);
  const everyone = versionsWhere(parseFilter("modelVersions", undefined));
  const all = count(`${OWN} AND ${everyone.sql}`);
  const read = db.prepare<[string, string, string], Row>(
    `SELECT ${integer("v.version")}, ${integer("v.creation_time")}, v.user_id, v.description, v.current_stage, v.source, v.status,
       v.status_message, r.run_uuid AS run_id, coalesce(r.name, n.value) AS run_name, r.experiment_id, r.lifecycle_stage,
       r.rowid AS ordinal, CAST(${VALUE} AS REAL) AS metric, ${IS_NAN} AS is_nan, ${LOGGED} AS logged
     FROM json_each(?) k JOIN model_versions v ON v.rowid = k.value
     LEFT JOIN runs r ON r.run_uuid = v.run_id
     LEFT JOIN tags n ON n.run_uuid = v.run_id AND n.key = 'mlflow.runName'
     ${METRIC_JOINS} ORDER BY k.key`,
  );
  const aliasesOf = db.prepare<[string], { alias: string; version: number }>(
    "SELECT alias, version FROM registered_model_aliases WHERE workspace = 'default' AND name = ? ORDER BY alias",
  );
  const newest = `FROM (SELECT v.run_id, ${MODEL_ID} AS model_id, v.version FROM model_versions v WHERE ${OWN}
    ORDER BY v.version DESC LIMIT ${METRIC_VERSIONS}) w`;
  const keys = db.prepare<[string, string], { key: string; versions: number }>(
    `SELECT key, count(DISTINCT version) AS versions FROM (
       SELECT l.key, w.version ${newest} JOIN latest_metrics l ON l.run_uuid = w.run_id
       UNION SELECT g.metric_name, w.version ${newest} JOIN logged_model_metrics g ON g.model_id = w.model_id
     ) GROUP BY key ORDER BY key`,
  );
  const first = db.prepare<[string], { key: string }>(
    `SELECT l.key FROM (SELECT v.run_id, v.version FROM model_versions v WHERE ${OWN}) w JOIN latest_metrics l ON l.run_uuid = w.run_id
     ORDER BY w.version DESC, l.rowid LIMIT 1`,
  );
  return {
    async versionRows(query): Promise<VersionRows> {
      const { name, filter, metric = "", offset, limit } = query;
      checkRowsQuery(query);
      const where = versionsWhere(parseFilter("modelVersions", filter));
      const { joins, values, orderBy } = orderOf(query.order ?? NEWEST, name, metric);
      return db.read(() => {
        find(name);
        const bound = [name, ...where.values];
        const condition = `${OWN} AND ${where.sql}`;
        const select = db.prepare<SqlValue[], { id: number }>(
          `SELECT v.rowid AS id FROM model_versions v ${joins} WHERE ${condition} ORDER BY ${orderBy} LIMIT ? OFFSET ?`,
        );
        const ids = select.all(...values, ...bound, limit, offset).map(({ id }) => id);
        const rows = read.all(JSON.stringify(ids), metric, metric);
        const aliases = Map.groupBy(aliasesOf.all(name), ({ version }) => version);
        const versions = all.get(name, ...everyone.values)?.versions ?? 0;
        return {
          total: filter ? (count(condition).get(...bound)?.versions ?? 0) : versions,
          versions,
          rows: rows.map((row) => toRow(row, aliases.get(row.version)?.map(({ alias }) => alias) ?? [])),
          metrics: Float64Array.from(rows, ({ metric: value, is_nan }) => (is_nan === 1 ? Number.NaN : (value ?? 0))),
          logged: Uint8Array.from(rows, ({ logged }) => logged),
        };
      });
    },
    versionMetrics: async ({ name }): Promise<VersionMetrics> =>
      db.read(() => {
        find(name);
        const key = first.get(name)?.key;
        return { keys: keys.all(name, name), ...(key === undefined ? {} : { first: key }) };
      }),
  };
}

/** ORDER BY of versions, and the joins that it needs, with what their question marks stand for. */
interface OrderSql {
  joins: string;
  values: SqlValue[];
  orderBy: string;
}

function orderOf({ by, ascending }: VersionOrder, name: string, metric: string): OrderSql {
  const way = ascending ? "ASC" : "DESC";
  const plain = { joins: "", values: [] };
  const lacking = (term: string) => `${term} IS NULL, ${term} ${way}, v.version DESC`;
  switch (by) {
    case "version_number":
      return { ...plain, orderBy: `v.version ${way}` };
    case "creation_timestamp":
      return { ...plain, orderBy: `v.creation_time ${way}, v.version ${way}` };
    case "stage": {
      const rank =
        "CASE v.current_stage WHEN 'Production' THEN 0 WHEN 'Staging' THEN 1 WHEN 'Archived' THEN 3 ELSE 2 END";
      return { ...plain, orderBy: `${rank} ${way}, v.version DESC` };
    }
    case "alias": {
      const joins = `LEFT JOIN (SELECT version, min(alias) AS alias FROM registered_model_aliases
        WHERE workspace = 'default' AND name = ? GROUP BY version) a ON a.version = v.version`;
      return { joins, values: [name], orderBy: lacking("a.alias") };
    }
    case "run_name":
      return { ...plain, joins: "LEFT JOIN runs r ON r.run_uuid = v.run_id", orderBy: lacking("r.name") };
    case "metric": {
      const orderBy = `CASE WHEN NOT ${LOGGED} THEN 2 WHEN ${IS_NAN} THEN 1 ELSE 0 END, ${VALUE} ${way}, v.version DESC`;
      return { joins: METRIC_JOINS, values: [metric, metric], orderBy };
    }
    default:
      return by satisfies never;
  }
}

function toRow(row: Row, aliases: string[]): VersionRow {
  const { run_id, run_name, experiment_id, lifecycle_stage, ordinal } = row;
  const model_id = loggedModelOf({ source: row.source ?? "" });
  return {
    version: String(row.version),
    aliases,
    current_stage: row.current_stage,
    status: row.status ?? "READY",
    ...(row.status_message === null ? {} : { status_message: row.status_message }),
    creation_timestamp: row.creation_time ?? 0,
    ...(row.user_id === null ? {} : { user_id: row.user_id }),
    ...(row.description === null ? {} : { description: row.description }),
    ...(model_id === undefined ? {} : { model_id }),
    ...(run_id === null
      ? {}
      : {
          run: {
            run_id,
            run_name: run_name ?? "",
            experiment_id: String(experiment_id ?? ""),
            lifecycle_stage: lifecycle_stage ?? "active",
            ordinal: ordinal ?? 0,
          },
        }),
  };
}
