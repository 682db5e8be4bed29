import { RUN_TAG } from "../../mlflow/entities.ts";
import type { DatasetCell, ModelCell } from "../../protocol/runs.ts";
import { DATASET_CONTEXT, modelsOfHistory } from "../runs/cellsOfRun.ts";
import type { Database } from "./database.ts";

interface DatasetRow {
  run_uuid: string;
  name: string;
  digest: string;
  context: string | null;
}

interface ModelRow {
  run_uuid: string;
  model_id: string | null;
  name: string;
  version: string | null;
}

/** Datasets and models by run; of some runs, or of all of them. */
export function linkCells(db: Database) {
  const datasets = (some: string) => `SELECT i.destination_id AS run_uuid, d.name, d.digest, t.value AS context
    FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
    LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = '${DATASET_CONTEXT}'
    WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' ${some} ORDER BY d.name, d.digest`;
  const models = (logged: string, registered: string) => `SELECT * FROM (
      SELECT i.source_id AS run_uuid, m.model_id, m.name, NULL AS version, 1 AS place
      FROM inputs i JOIN logged_models m ON m.model_id = i.destination_id
      WHERE i.source_type = 'RUN_OUTPUT' AND i.destination_type = 'MODEL_OUTPUT' ${logged}
      UNION ALL
      SELECT v.run_id, NULL, v.name, v.version, 2 FROM model_versions v
      WHERE v.run_id IS NOT NULL AND v.current_stage IS NOT 'Deleted_Internal' ${registered}
    ) ORDER BY place, name, version`;
  const among = "IN (SELECT value FROM json_each(?))";
  const sql = {
    datasets: datasets(""),
    datasetsOf: datasets(`AND i.destination_id ${among}`),
    models: models("", ""),
    modelsOf: models(`AND i.source_id ${among}`, `AND v.run_id ${among}`),
    older: `SELECT run_uuid, value FROM tags WHERE key = '${RUN_TAG.loggedModels}'`,
  };

  return {
    datasets(run_ids?: string): ReadonlyMap<string, DatasetCell[]> {
      const rows =
        run_ids === undefined
          ? db.prepare<[], DatasetRow>(sql.datasets).all()
          : db.prepare<[string], DatasetRow>(sql.datasetsOf).all(run_ids);
      return byRun(rows, ({ name, digest, context }) => ({ name, digest, ...(context === null ? {} : { context }) }));
    },
    models(run_ids?: string): ReadonlyMap<string, ModelCell[]> {
      const rows =
        run_ids === undefined
          ? db.prepare<[], ModelRow>(sql.models).all()
          : db.prepare<[string, string], ModelRow>(sql.modelsOf).all(run_ids, run_ids);
      const cells = byRun(rows, ({ name, model_id, version }): ModelCell => {
        if (version !== null) return { name, version: String(version) };
        return { name, ...(model_id === null ? {} : { model_id }) };
      });
      const older =
        run_ids === undefined
          ? db.prepare<[], { run_uuid: string; value: string | null }>(sql.older).all()
          : db
              .prepare<[string], { run_uuid: string; value: string | null }>(`${sql.older} AND run_uuid ${among}`)
              .all(run_ids);
      for (const { run_uuid, value } of older) {
        const known = cells.get(run_uuid) ?? [];
        if (known.some(({ model_id }) => model_id !== undefined)) continue;
        cells.set(run_uuid, [...modelsOfHistory(value ?? undefined), ...known]);
      }
      return cells;
    },
    /** By id as text. */
    experimentNames(): ReadonlyMap<string, string> {
      const rows = db.prepare<[], { experiment_id: number; name: string }>(
        "SELECT experiment_id, name FROM experiments",
      );
      return new Map(rows.all().map(({ experiment_id, name }) => [String(experiment_id), name]));
    },
  };
}

function byRun<R extends { run_uuid: string }, T>(rows: readonly R[], toCell: (row: R) => T): Map<string, T[]> {
  const cells = new Map<string, T[]>();
  for (const row of rows) {
    const known = cells.get(row.run_uuid);
    if (known === undefined) cells.set(row.run_uuid, [toCell(row)]);
    else known.push(toCell(row));
  }
  return cells;
}
