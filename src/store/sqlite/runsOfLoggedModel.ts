import type { LoggedModelRun, TrackingStore } from "../trackingStore.ts";
import type { Database } from "./database.ts";
import { loggedModelFinder } from "./loggedModels.ts";

/** The runs of a logged model, from what links them. */
export function runsOfLoggedModel(db: Database): Pick<TrackingStore, "runsOfLoggedModel"> {
  const find = loggedModelFinder(db);
  const linked = db.prepare<[string], LoggedModelRun>(
    `SELECT source_id AS run_id, CASE destination_type WHEN 'MODEL_OUTPUT' THEN 'output' ELSE 'input' END AS link
     FROM inputs WHERE destination_type IN ('MODEL_INPUT', 'MODEL_OUTPUT') AND destination_id = ?
     AND source_type IN ('RUN_INPUT', 'RUN_OUTPUT') ORDER BY rowid`,
  );
  return {
    runsOfLoggedModel: async ({ model_id }) =>
      db.read(() => {
        const { source_run_id } = find(model_id);
        const runs = linked.all(model_id);
        const isKnown = runs.some(({ run_id, link }) => link === "output" && run_id === source_run_id);
        // The client of mlflow 3 links a model with its run after it is made; until then only the model tells it.
        if (source_run_id && !isKnown) runs.unshift({ run_id: source_run_id, link: "output" });
        return { runs };
      }),
  };
}
