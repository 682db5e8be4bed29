import { existsSync } from "node:fs";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import type { Experiment } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { parseOrderBy } from "../../mlflow/filter/orderBy.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition } from "../../mlflow/filter/tree.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { childLocation } from "../locations.ts";
import type { TrackingStore } from "../trackingStore.ts";
import {
  checkArtifactLocation,
  checkExperimentName,
  checkExperimentTag,
  checkMaxResults,
  checkTagKey,
  invalid,
} from "../validation.ts";
import { sorted, type SortKey, type Test, treeTest, valueTest } from "./matching.ts";
import type { Meta } from "./metaYaml.ts";
import { isShown, valueOf } from "./searchRuns.ts";
import { experimentMeta, type Place, type StoreFolder, TRASH } from "./storeFolder.ts";
import type { Edit } from "./write.ts";

type Methods =
  | "createExperiment"
  | "getExperiment"
  | "getExperimentByName"
  | "searchExperiments"
  | "updateExperiment"
  | "deleteExperiment"
  | "restoreExperiment"
  | "setExperimentTag"
  | "deleteExperimentTag";

export function checkExperimentActive({ experiment_id, lifecycle_stage }: Experiment): void {
  if (lifecycle_stage === "active") return;
  throw invalid(`The experiment ${experiment_id} must be in the 'active' state. Current state is ${lifecycle_stage}.`);
}

export function experimentMethods(store: StoreFolder): Pick<TrackingStore, Methods> {
  const findByName = async (name: string): Promise<Experiment | undefined> => {
    const places = await store.experiments();
    return places.find(({ experiment }) => experiment.name === name)?.experiment;
  };
  const checkNameFree = async (name: string): Promise<void> => {
    if ((await findByName(name)) === undefined) return;
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Experiment(name=${name}) already exists.`);
  };
  const setRunStages = (edit: Edit, place: Place, stage: "active" | "deleted", now: number): void => {
    const runs = store.runsOf(place);
    runs.refreshNow();
    for (const { run } of runs.values()) {
      if (run.info.lifecycle_stage === stage) continue;
      const change = { lifecycle_stage: stage, deleted_time: stage === "deleted" ? now : undefined };
      edit.rewrite(join(place.folder, run.info.run_id), change);
      runs.touch(run.info.run_id);
    }
  };
  const change = (edit: Edit, place: Place, values: Meta): void => {
    edit.rewrite(place.folder, values);
    store.active.touch(place.experiment.experiment_id);
    store.deleted.touch(place.experiment.experiment_id);
  };

  return {
    createExperiment: async ({ name, artifact_location, tags = [] }) => {
      checkExperimentName(name);
      if (artifact_location !== undefined) checkArtifactLocation(artifact_location);
      for (const tag of tags) checkExperimentTag(tag);
      await checkNameFree(name);
      return store.write((edit) => {
        const experiment_id = newExperimentId(store);
        const folder = join(store.root, experiment_id);
        const location = artifact_location || childLocation(store.artifactRoot, experiment_id);
        const experiment: Experiment = {
          experiment_id,
          name,
          artifact_location: location,
          lifecycle_stage: "active",
          tags: [],
        };
        edit.folder(folder);
        for (const { key, value } of tags) edit.text(folder, join("tags", key), value);
        edit.meta(folder, experimentMeta(experiment, Date.now()));
        return { experiment_id };
      });
    },
    getExperiment: async ({ experiment_id }) => store.experiment(experiment_id).experiment,
    getExperimentByName: async ({ experiment_name }) => {
      const found = await findByName(experiment_name);
      if (found !== undefined) return found;
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Could not find experiment with name '${experiment_name}'`);
    },
    searchExperiments: async (query) => {
      const { view_type = "ACTIVE_ONLY", max_results = 1_000, filter, order_by, page_token } = query;
      checkMaxResults(max_results);
      const offset = offsetOf(page_token);
      const test = treeTest(parseFilter("experiments", filter), experimentTest);
      const keys = experimentKeys(order_by);
      const places = await store.experiments();
      const found = places
        .map(({ experiment }) => experiment)
        .filter((experiment) => isShown(experiment.lifecycle_stage, view_type) && test(experiment));
      const page = sorted(found, keys).slice(offset, offset + max_results + 1);
      return pageOf(page, offset, max_results, (rows) => rows);
    },
    updateExperiment: async ({ experiment_id, new_name }) => {
      if (new_name === undefined || new_name === "") return;
      checkExperimentName(new_name);
      const place = store.experiment(experiment_id);
      if (place.experiment.lifecycle_stage !== "active") {
        throw new MlflowError("INVALID_STATE", "Cannot rename a non-active experiment.");
      }
      if (place.experiment.name !== new_name) await checkNameFree(new_name);
      store.write((edit) => change(edit, place, { name: new_name, last_update_time: Date.now() }));
    },
    deleteExperiment: async ({ experiment_id }) =>
      store.write((edit) => {
        const place = store.experiment(experiment_id);
        const { experiment_id: id, lifecycle_stage } = place.experiment;
        // Python makes experiment 0 only together with the folder, and cannot do without it.
        if (id === "0") {
          throw new MlflowError("INVALID_PARAMETER_VALUE", "Experiment 0 of an mlruns folder cannot be deleted.");
        }
        if (lifecycle_stage === "deleted") throw missing(id);
        const now = Date.now();
        setRunStages(edit, place, "deleted", now);
        change(edit, place, { lifecycle_stage: "deleted", last_update_time: now });
        edit.move(place.folder, join(edit.trash(), id));
      }),
    restoreExperiment: async ({ experiment_id }) =>
      store.write((edit) => {
        const { experiment } = store.experiment(experiment_id);
        const { experiment_id: id } = experiment;
        if (experiment.lifecycle_stage === "active") throw missing(id);
        const folder = join(store.root, id);
        if (existsSync(folder)) {
          const message = `Cannot restore experiment with ID ${id}. An experiment with same ID already exists.`;
          throw new MlflowError("RESOURCE_ALREADY_EXISTS", message);
        }
        edit.move(join(edit.trash(), id), folder);
        const place = { experiment, folder };
        change(edit, place, { lifecycle_stage: "active", last_update_time: Date.now() });
        setRunStages(edit, place, "active", Date.now());
      }),
    setExperimentTag: async ({ experiment_id, key, value }) => {
      checkExperimentTag({ key, value });
      store.write((edit) => {
        const { experiment, folder } = store.experiment(experiment_id);
        checkExperimentActive(experiment);
        edit.text(folder, join("tags", key), value);
        store.active.touch(experiment.experiment_id);
      });
    },
    deleteExperimentTag: async ({ experiment_id, key }) => {
      checkTagKey(key);
      store.write((edit) => {
        const { experiment, folder } = store.experiment(experiment_id);
        checkExperimentActive(experiment);
        if (valueOf(experiment.tags, key) === undefined) {
          const message = `No tag with name: ${key} in experiment with id ${experiment_id}`;
          throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
        }
        edit.remove(folder, join("tags", key));
        store.active.touch(experiment.experiment_id);
      });
    },
  };
}

function missing(experiment_id: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", `No Experiment with id=${experiment_id} exists`);
}

/** 18 digits that no folder has, as mlflow >= 2 makes them. */
function newExperimentId(store: StoreFolder): string {
  for (;;) {
    const id = `${randomInt(1, 10)}${String(randomInt(1e8)).padStart(8, "0")}${String(randomInt(1e9)).padStart(9, "0")}`;
    if (!existsSync(join(store.root, id)) && !existsSync(join(store.root, TRASH, id))) return id;
  }
}

function experimentTest(condition: Condition): Test<Experiment> {
  const test = valueTest(condition);
  const { entity, key } = condition;
  if (entity === "attribute") return (experiment) => test(attributeOf(experiment, key));
  return ({ tags }) => test(valueOf(tags, key));
}

function experimentKeys(order_by: string[] | undefined): SortKey<Experiment>[] {
  const wanted = order_by?.length ? order_by : ["creation_time DESC", "experiment_id ASC"];
  const orders = wanted.map((clause) => parseOrderBy("experiments", clause));
  const keys = orders.map(({ key, ascending }) => ({
    ascending,
    of: (experiment: Experiment) => attributeOf(experiment, key),
  }));
  // The tie-breaker of mlflow 3.17; the file store compares ids as text.
  if (!orders.some(({ key }) => key === "experiment_id"))
    keys.push({ ascending: false, of: (one) => one.experiment_id });
  return keys;
}

function attributeOf(experiment: Experiment, key: string): string | number | undefined {
  switch (key) {
    case "experiment_id":
    case "name":
    case "creation_time":
    case "last_update_time":
      return experiment[key];
    default:
      throw invalid(`Invalid attribute key '${key}' specified.`);
  }
}
