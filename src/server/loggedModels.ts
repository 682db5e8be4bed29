import type { TrackingStore } from "../store/trackingStore.ts";
import { type Handlers, keyValues, nonEmpty, sent, text } from "./handlers.ts";

/** Calls about logged models (MLflow 3). Their artifacts are listed in artifacts.ts. */
export function loggedModelHandlers(store: TrackingStore): Handlers {
  return {
    createLoggedModel: async ({ experiment_id, name, model_type, source_run_id, params, tags }) => ({
      model: await store.createLoggedModel(
        sent({
          experiment_id: text(experiment_id),
          name: nonEmpty(name),
          // What was not sent is stored and answered as "" (mlflow 3.17), which filters tell from null.
          model_type: text(model_type),
          source_run_id: text(source_run_id),
          params: keyValues(params),
          tags: keyValues(tags),
        }),
      ),
    }),
    getLoggedModel: async ({ model_id }) => ({ model: await store.getLoggedModel({ model_id: text(model_id) }) }),
    finalizeLoggedModel: async ({ model_id, status }) => ({
      model: await store.finalizeLoggedModel({
        model_id: text(model_id),
        status: status ?? "LOGGED_MODEL_STATUS_UNSPECIFIED",
      }),
    }),
    deleteLoggedModel: async ({ model_id }) => {
      await store.deleteLoggedModel({ model_id: text(model_id) });
      return {};
    },
    setLoggedModelTags: async ({ model_id, tags }) => {
      await store.setLoggedModelTags({ model_id: text(model_id), tags: keyValues(tags) });
      return {};
    },
    deleteLoggedModelTag: async ({ model_id, tag_key }) => {
      await store.deleteLoggedModelTag({ model_id: text(model_id), tag_key: text(tag_key) });
      return {};
    },
    logLoggedModelParams: async ({ model_id, params }) => {
      await store.logLoggedModelParams({ model_id: text(model_id), params: keyValues(params) });
      return {};
    },
    searchLoggedModels: async ({ experiment_ids, filter, datasets, max_results, order_by, page_token }) => {
      const { items, next_page_token } = await store.searchLoggedModels(
        sent({
          experiment_ids: experiment_ids ?? [],
          filter: nonEmpty(filter),
          datasets: datasets?.map(({ dataset_name, dataset_digest }) =>
            sent({ dataset_name: text(dataset_name), dataset_digest: nonEmpty(dataset_digest) }),
          ),
          order_by: order_by?.map(({ field_name, ascending, dataset_name, dataset_digest }) =>
            sent({
              field_name: text(field_name),
              ascending: ascending ?? true,
              dataset_name: nonEmpty(dataset_name),
              dataset_digest: nonEmpty(dataset_digest),
            }),
          ),
          max_results: max_results === 0 ? undefined : max_results,
          page_token: nonEmpty(page_token),
        }),
      );
      return sent({ models: items, next_page_token });
    },
  };
}
