import type { Run } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import type { DatasetSummary } from "../store/datasetSummaries.ts";
import type { MoreMethods } from "../store/store.ts";
import type { TrackingStore } from "../store/trackingStore.ts";

const MAX_EXPERIMENTS = 20;
const MAX_SUMMARIES = 1000;

/** `POST /ajax-api/2.0/mlflow/experiments/search-datasets`: each dataset of the experiments' runs once (mlflow 3.17). */
export async function searchDatasets(
  store: TrackingStore & MoreMethods,
  experiment_ids: string[],
): Promise<DatasetSummary[]> {
  if (experiment_ids.length === 0) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", "SearchDatasets request must specify at least one experiment_id.");
  }
  if (experiment_ids.length > MAX_EXPERIMENTS) {
    const message = `SearchDatasets request cannot specify more than ${MAX_EXPERIMENTS} experiment_ids.`;
    const received = `Received ${experiment_ids.length} experiment_ids.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", `${message} ${received}`);
  }
  if (store.datasetSummaries) return store.datasetSummaries({ experiment_ids, max_results: MAX_SUMMARIES });
  const found = new Map<string, DatasetSummary>();
  let page_token: string | undefined;
  do {
    const query = { experiment_ids, run_view_type: "ALL", max_results: 1000 } as const;
    const page = await store.searchRuns(page_token === undefined ? query : { ...query, page_token });
    for (const summary of page.items.flatMap(summariesOf)) found.set(JSON.stringify(summary), summary);
    page_token = page.next_page_token;
  } while (page_token !== undefined && found.size < MAX_SUMMARIES);
  return [...found.values()].slice(0, MAX_SUMMARIES);
}

function summariesOf({ info: { experiment_id }, inputs }: Run): DatasetSummary[] {
  return inputs.dataset_inputs.map(({ dataset: { name, digest }, tags }) => {
    const context = tags.find(({ key }) => key === "mlflow.data.context")?.value;
    return { experiment_id, name, digest, ...(context === undefined ? {} : { context }) };
  });
}
