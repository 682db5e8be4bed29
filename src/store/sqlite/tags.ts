import { RUN_TAG } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { KeyValue } from "../../mlflow/entities.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkTag } from "../validation.ts";
import type { Database } from "./database.ts";
import { checkRunActive, runFinder } from "./runRows.ts";

/** Sets tags inside a transaction; the run's name and its tag stay in step. */
export function tagWriter(db: Database): (run_id: string, tags: KeyValue[]) => void {
  const upsert = db.prepare<[string, string, string], unknown>(
    `INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)
     ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value`,
  );
  const rename = db.prepare<[string, string], unknown>("UPDATE runs SET name = ? WHERE run_uuid = ?");
  return (run_id, tags) => {
    for (const { key, value } of tags) {
      if (key === RUN_TAG.runName) {
        // An empty name changes nothing (mlflow 3.17 `update_run_info`).
        if (value === "") continue;
        rename.run(value, run_id);
      }
      upsert.run(run_id, key, value);
    }
  };
}

export function tagMethods(db: Database): Pick<TrackingStore, "setTag" | "deleteTag"> {
  const find = runFinder(db);
  const write = tagWriter(db);
  const remove = db.prepare<[string, string], unknown>("DELETE FROM tags WHERE run_uuid = ? AND key = ?");
  return {
    setTag: async ({ run_id, key, value }) => {
      const tag = checkTag({ key, value }, "", db.limits);
      await db.write(() => {
        checkRunActive(find(run_id));
        write(run_id, [tag]);
      });
    },
    deleteTag: async ({ run_id, key }) =>
      db.write(() => {
        checkRunActive(find(run_id));
        if (remove.run(run_id, key).changes > 0) return;
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No tag with name: ${key} in run with id ${run_id}`);
      }),
  };
}
