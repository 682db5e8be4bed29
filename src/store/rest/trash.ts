import type { Page } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Trash } from "../../protocol/trash.ts";
import type { TrackingStore } from "../trackingStore.ts";

type Searches = Pick<TrackingStore, "searchRuns" | "searchExperiments">;

const PAGE_SIZE = 1000;

/** What a server has deleted; its API removes nothing for good. */
export function trashMethods(searches: Searches): Pick<TrackingStore, "trash" | "countTrashedModels" | "purge"> {
  return {
    async trash() {
      const experiments = await everyItem((page) => searches.searchExperiments({ ...page, view_type: "ALL" }));
      const names = new Map(experiments.map(({ experiment_id, name }) => [experiment_id, name]));
      const trash: Trash = { experiments: [], runs: [], models: [], bytes: Number.NaN };
      for (const { experiment_id, name, lifecycle_stage } of experiments) {
        if (lifecycle_stage === "deleted") trash.experiments.push({ experiment_id, name, runs: 0, bytes: Number.NaN });
      }
      if (names.size === 0) return trash;
      const deleted = new Map(trash.experiments.map((each) => [each.experiment_id, each]));
      const query = { experiment_ids: [...names.keys()], run_view_type: "DELETED_ONLY" as const };
      for (const { info } of await everyItem((page) => searches.searchRuns({ ...query, ...page }))) {
        const { run_id, run_name, experiment_id } = info;
        const experiment = deleted.get(experiment_id);
        if (experiment !== undefined) experiment.runs += 1;
        else {
          const experiment_name = names.get(experiment_id) ?? "";
          trash.runs.push({ run_id, run_name, experiment_id, experiment_name, bytes: Number.NaN });
        }
      }
      return trash;
    },
    // A server lists no deleted logged models.
    countTrashedModels: async () => ({ models: 0 }),
    async purge() {
      const message = "MLflow's REST API removes nothing for good: run `mlflow gc` where the server's store is.";
      throw new MlflowError("NOT_IMPLEMENTED", message);
    },
  };
}

async function everyItem<T>(
  fetch: (page: { max_results: number; page_token?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let page = await fetch({ max_results: PAGE_SIZE });
  for (;;) {
    all.push(...page.items);
    if (page.next_page_token === undefined) return all;
    page = await fetch({ max_results: PAGE_SIZE, page_token: page.next_page_token });
  }
}
