import { join } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkTag } from "../validation.ts";
import { checkRunActive, writeTags } from "./runChanges.ts";
import { valueOf } from "./searchRuns.ts";
import type { StoreFolder } from "./storeFolder.ts";

export function tagMethods(store: StoreFolder): Pick<TrackingStore, "setTag" | "deleteTag"> {
  return {
    setTag: async ({ run_id, key, value }) => {
      const tag = checkTag({ key, value });
      store.write((edit) => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        writeTags(edit, folder, [tag]);
        store.runsOf(place).touch(run_id);
      });
    },
    deleteTag: async ({ run_id, key }) =>
      store.write((edit) => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        if (valueOf(stored.run.data.tags, key) === undefined) {
          throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No tag with name: ${key} in run with id ${run_id}`);
        }
        edit.remove(folder, join("tags", key));
        store.runsOf(place).touch(run_id);
      }),
  };
}
