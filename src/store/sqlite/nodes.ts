import { RUN_TAG } from "../../mlflow/entities.ts";
import type { LifecycleStage, Page, RunStatus } from "../../mlflow/entities.ts";
import type { RunNode, RunNodesQuery } from "../../protocol/runs.ts";
import { hasGraph, SWEEP_OWNER_TAG, WORKFLOW_FILE_TAG } from "../../protocol/tags.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { checkMaxResults, experimentNumber } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { stagesOf } from "./experiments.ts";
import { integer } from "./kinds.ts";

interface NodeRow {
  ordinal: number;
  run_uuid: string;
  name: string | null;
  name_tag: string | null;
  experiment_id: number;
  status: RunStatus;
  lifecycle_stage: LifecycleStage;
  start_time: number | null;
  end_time: number | null;
  metric_key: string | null;
  metric_value: number | null;
  is_nan: number | null;
}

interface ChildCount {
  parent: string;
  children: number;
  running: number;
  /** Children that are entry points of projects. */
  entry_points: number;
}

/** A tag that tells what kind of run it is. */
interface KindTag {
  run_uuid: string;
  key: string;
}

const PARENT = `'${RUN_TAG.parentRunId}'`;
const SHOWN = "lifecycle_stage IN (SELECT value FROM json_each(?))";

/** Rows of the tree, newest first. A run whose parent the view does not show stands at the top, so that none is lost. */
export function runNodesReader(db: Database) {
  const select = (where: string) =>
    db.prepare<SqlValue[], NodeRow>(
      `SELECT w.*, n.value AS name_tag, m.key AS metric_key, CAST(m.value AS REAL) AS metric_value, m.is_nan FROM (
         SELECT r.rowid AS ordinal, r.run_uuid, r.name, r.experiment_id, r.status, r.lifecycle_stage,
           ${integer("r.start_time")}, ${integer("r.end_time")}
         FROM runs r LEFT JOIN tags t ON t.key = ${PARENT} AND t.run_uuid = r.run_uuid
         WHERE r.experiment_id = ? AND r.${SHOWN} AND ${where}
         ORDER BY r.start_time DESC, r.run_uuid LIMIT ? OFFSET ?
       ) w
       LEFT JOIN tags n ON n.key = '${RUN_TAG.runName}' AND n.run_uuid = w.run_uuid
       LEFT JOIN latest_metrics m ON m.rowid =
         (SELECT min(l.rowid) FROM latest_metrics l WHERE l.run_uuid = w.run_uuid)
       ORDER BY w.start_time DESC, w.run_uuid`,
    );
  const roots = select(
    `(t.value IS NULL OR NOT EXISTS (SELECT 1 FROM runs p WHERE p.run_uuid = t.value
       AND p.run_uuid <> r.run_uuid AND p.experiment_id = r.experiment_id AND p.${SHOWN}))`,
  );
  const childrenOf = select("t.value = ? AND t.value <> r.run_uuid");
  const countChildren = db.prepare<[string, number, string], ChildCount>(
    `SELECT t.value AS parent, count(*) AS children, count(*) FILTER (WHERE r.status = 'RUNNING') AS running,
       count(e.key) AS entry_points
     FROM tags t JOIN runs r ON r.run_uuid = t.run_uuid
     LEFT JOIN tags e ON e.run_uuid = t.run_uuid AND e.key = '${RUN_TAG.projectEntryPoint}'
     WHERE t.key = ${PARENT} AND t.value IN (SELECT value FROM json_each(?)) AND t.value <> r.run_uuid
     AND r.experiment_id = ? AND r.${SHOWN} GROUP BY t.value`,
  );

  const kindTags = db.prepare<[string], KindTag>(
    `SELECT run_uuid, key FROM tags WHERE run_uuid IN (SELECT value FROM json_each(?))
     AND key IN ('${WORKFLOW_FILE_TAG}', '${SWEEP_OWNER_TAG}')`,
  );

  return async (query: RunNodesQuery): Promise<Page<RunNode>> => {
    const { parent_run_id, max_results, run_view_type = "ACTIVE_ONLY" } = query;
    checkMaxResults(max_results);
    const experiment = experimentNumber(query.experiment_id);
    const offset = offsetOf(query.page_token);
    const stages = stagesOf(run_view_type);
    return db.read(() => {
      const rows =
        parent_run_id === undefined
          ? roots.all(experiment, stages, stages, max_results + 1, offset)
          : childrenOf.all(experiment, stages, parent_run_id, max_results + 1, offset);
      return pageOf(rows, offset, max_results, (page) => {
        const ids = JSON.stringify(page.map(({ run_uuid }) => run_uuid));
        const counts = new Map(countChildren.all(ids, experiment, stages).map((count) => [count.parent, count]));
        const kinds = Map.groupBy(kindTags.all(ids), ({ run_uuid }) => run_uuid);
        return page.map((row) => toNode(row, counts.get(row.run_uuid), kinds.get(row.run_uuid) ?? []));
      });
    });
  };
}

function toNode(row: NodeRow, count: ChildCount | undefined, kinds: readonly KindTag[]): RunNode {
  const { metric_key: key, metric_value } = row;
  return {
    run_id: row.run_uuid,
    run_name: row.name || row.name_tag || "",
    experiment_id: String(row.experiment_id),
    status: row.status,
    lifecycle_stage: row.lifecycle_stage,
    ordinal: row.ordinal,
    ...(row.start_time === null ? {} : { start_time: row.start_time }),
    ...(row.end_time === null ? {} : { end_time: row.end_time }),
    children: count?.children ?? 0,
    children_running: count?.running ?? 0,
    ...(hasGraph(kinds, count?.entry_points ?? 0) ? { graph: true } : {}),
    ...(key === null ? {} : { metric: { key, value: row.is_nan === 1 ? Number.NaN : (metric_value ?? 0) } }),
  };
}
