import type { Database } from "./database.ts";
import { byRun, noteRemoval } from "./historyIndex.ts";
import { rowDeleter } from "./rowDeleter.ts";

/** Points that go in one transaction: about 20 ms of work. */
const POINTS_AT_ONCE = 5_000;

/** Tables of traces' sums, which name their experiment without a foreign key (mlflow 3.17). */
const SUMS = [
  "sql_trace_rollup_rebuild_queue",
  "sql_trace_metric_daily_rollups",
  "sql_span_cost_daily_rollups",
  "sql_assessment_daily_rollups",
];

/**
 * Removes the rows of what is deleted, each in transactions of its own. False for what is not deleted any more: it may have been restored
 * since it was chosen.
 */
export function rowRemover(db: Database) {
  const deleteRows = rowDeleter(db);
  const there = (rows: string) => db.prepare<[string | number], unknown>(`SELECT 1 FROM ${rows} LIMIT 1`);
  const deletedRun = there("runs WHERE run_uuid = ? AND lifecycle_stage = 'deleted'");
  const deletedModel = there("logged_models WHERE model_id = ? AND lifecycle_stage = 'deleted'");
  const deletedExperiment = there("experiments WHERE experiment_id = ? AND lifecycle_stage = 'deleted'");
  const activeRun = there("runs WHERE experiment_id = ? AND lifecycle_stage <> 'deleted'");

  /** Some points of a run; whether there may be more. */
  const deletePoints = (run_uuid: string): boolean => {
    const some = `SELECT rowid FROM metrics ${byRun(db)} WHERE run_uuid = ? LIMIT ${POINTS_AT_ONCE}`;
    const { changes } = db.prepare<[string], unknown>(`DELETE FROM metrics WHERE rowid IN (${some})`).run(run_uuid);
    return changes === POINTS_AT_ONCE;
  };

  return {
    removeRun: async (run_uuid: string): Promise<boolean> => {
      for (;;) {
        const left = await db.write(() => {
          if (deletedRun.get(run_uuid) === undefined) return "restored";
          if (deletePoints(run_uuid)) return "points";
          deleteRows("runs", "run_uuid", run_uuid);
          return "nothing";
        });
        noteRemoval(db);
        if (left !== "points") return left === "nothing";
      }
    },
    /** `inside`: goes with its deleted experiment, which does not mark it. */
    removeModel: (model_id: string, inside: number | undefined): Promise<boolean> =>
      db.write(() => {
        const goesAlong = inside !== undefined && deletedExperiment.get(inside) !== undefined;
        if (!goesAlong && deletedModel.get(model_id) === undefined) return false;
        deleteRows("logged_models", "model_id", model_id);
        return true;
      }),
    removeExperiment: (experiment_id: number): Promise<boolean> =>
      db.write(() => {
        if (deletedExperiment.get(experiment_id) === undefined || activeRun.get(experiment_id) !== undefined)
          return false;
        for (const table of SUMS) {
          if (!db.has(table, "experiment_id")) continue;
          db.prepare<[number], unknown>(`DELETE FROM ${table} WHERE experiment_id = ?`).run(experiment_id);
        }
        deleteRows("experiments", "experiment_id", experiment_id);
        return true;
      }),
  };
}
