import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { childLocation } from "../locations.ts";
import { randomName } from "../runName.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkLoggedModelName, checkParam, checkTagKey } from "../validation.ts";
import { checkExperimentActive } from "./experiments.ts";
import { findLoggedModel, statusNumber } from "./loggedModelFolder.ts";
import { valueOf } from "./searchRuns.ts";
import { MODELS, type StoreFolder } from "./storeFolder.ts";

type Methods =
  | "createLoggedModel"
  | "getLoggedModel"
  | "finalizeLoggedModel"
  | "deleteLoggedModel"
  | "setLoggedModelTags"
  | "deleteLoggedModelTag"
  | "logLoggedModelParams";

export function loggedModelMethods(store: StoreFolder): Pick<TrackingStore, Methods> {
  const read = (model_id: string, deletedToo = false) => findLoggedModel(store, model_id, deletedToo).stored.model;
  return {
    createLoggedModel: async ({ experiment_id, name, model_type, source_run_id, params, tags }) => {
      if (name !== undefined) checkLoggedModelName(name);
      const checked = params.map((param, index) => checkParam(param, `params[${index}]`));
      for (const { key } of tags) checkTagKey(key);
      return store.write((edit) => {
        const { experiment, folder } = store.experiment(experiment_id);
        checkExperimentActive(experiment);
        const model_id = `m-${randomUUID().replaceAll("-", "")}`;
        const now = Date.now();
        const model = edit.below(folder, join(MODELS, model_id));
        for (const inside of ["metrics", "params"]) edit.folder(join(model, inside));
        for (const { key, value } of checked) edit.text(model, join("params", key), value);
        for (const { key, value } of tags) edit.text(model, join("tags", key), value);
        edit.meta(model, {
          artifact_location: childLocation(experiment.artifact_location, MODELS, model_id, "artifacts"),
          creation_timestamp: now,
          experiment_id: experiment.experiment_id,
          last_updated_timestamp: now,
          lifecycle_stage: "active",
          model_id,
          model_type: model_type ?? null,
          name: name ?? randomName(),
          source_run_id: source_run_id ?? null,
          status: statusNumber("LOGGED_MODEL_PENDING"),
          status_message: null,
        });
        return read(model_id);
      });
    },
    getLoggedModel: async ({ model_id }) => read(model_id),
    finalizeLoggedModel: async ({ model_id, status }) =>
      store.write((edit) => {
        const { folder, shelf } = findLoggedModel(store, model_id, true);
        edit.rewrite(folder, { status: statusNumber(status), last_updated_timestamp: Date.now() });
        shelf.touch(model_id);
        return read(model_id, true);
      }),
    deleteLoggedModel: async ({ model_id }) =>
      store.write((edit) => {
        const { folder, shelf } = findLoggedModel(store, model_id, true);
        edit.rewrite(folder, { lifecycle_stage: "deleted", last_updated_timestamp: Date.now() });
        shelf.touch(model_id);
      }),
    setLoggedModelTags: async ({ model_id, tags }) => {
      for (const { key } of tags) checkTagKey(key);
      store.write((edit) => {
        const { folder, shelf } = findLoggedModel(store, model_id, true);
        for (const { key, value } of tags) edit.text(folder, join("tags", key), value);
        shelf.touch(model_id);
      });
    },
    deleteLoggedModelTag: async ({ model_id, tag_key }) =>
      store.write((edit) => {
        const { stored, folder, shelf } = findLoggedModel(store, model_id, true);
        if (valueOf(stored.model.info.tags, tag_key) === undefined) {
          const message = `No tag with key ${pythonText(tag_key)} found for model with ID ${pythonText(model_id)}.`;
          throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
        }
        edit.remove(folder, join("tags", tag_key));
        shelf.touch(model_id);
      }),
    logLoggedModelParams: async ({ model_id, params }) => {
      const checked = params.map((param, index) => checkParam(param, `params[${index}]`));
      store.write((edit) => {
        const { folder, shelf } = findLoggedModel(store, model_id, true);
        for (const { key, value } of checked) edit.text(folder, join("params", key), value);
        shelf.touch(model_id);
      });
    },
  };
}
