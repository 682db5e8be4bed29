import { existsSync } from "node:fs";
import { join } from "node:path";
import { RUN_TAG } from "../../mlflow/entities.ts";
import type { KeyValue, Metric, Run } from "../../mlflow/entities.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { invalid } from "../validation.ts";
import { findLoggedModel } from "./loggedModelFolder.ts";
import { pythonRepr } from "./metricFile.ts";
import type { StoreFolder } from "./storeFolder.ts";
import type { Edit } from "./write.ts";

// What is written to a run that is there already.

export function checkRunActive({ info }: Run): void {
  if (info.lifecycle_stage === "active") return;
  throw invalid(`The run ${info.run_id} must be in the 'active' state. Current state is ${info.lifecycle_stage}.`);
}

/** Sets tags of a run; its name and its tag stay in step. */
export function writeTags(edit: Edit, folder: string, tags: KeyValue[]): void {
  for (const { key, value } of tags) {
    if (key === RUN_TAG.runName) {
      // An empty name changes nothing (mlflow 3.17 `update_run_info`).
      if (value === "") continue;
      edit.rewrite(folder, { run_name: value });
    }
    edit.text(folder, join("tags", key), value);
  }
}

/** The params to write. A param keeps its first value: another one is refused, and with it the batch. */
export function newParams({ info, data }: Run, params: KeyValue[]): KeyValue[] {
  const known = new Map(data.params.map(({ key, value }) => [key, value]));
  const conflicts = params.flatMap(({ key, value }) => {
    const old = known.get(key);
    if (old === undefined || old === value) return [];
    return [`{'key': ${pythonText(key)}, 'old_value': ${pythonText(old)}, 'new_value': ${pythonText(value)}}`];
  });
  if (conflicts.length > 0) {
    throw invalid(
      `Changing param values is not allowed. Params were already logged='[${conflicts.join(", ")}]' for run ID='${info.run_id}'.`,
    );
  }
  return params.filter(({ key }) => !known.has(key));
}

/** All points of a metric go into its file in one write. */
export function writeMetrics(
  edit: Edit,
  store: StoreFolder,
  { folder, run_id }: { folder: string; run_id: string },
  metrics: Metric[],
): void {
  const lines = new Map<string, { owner: string; path: string; text: string }>();
  const add = (owner: string, path: string, parts: (string | number | undefined)[]) => {
    const file = join(owner, path);
    const line = parts.filter((part) => part !== undefined && part !== "").join(" ");
    lines.set(file, { owner, path, text: `${lines.get(file)?.text ?? ""}${line}\n` });
  };
  for (const { key, value, timestamp, step, model_id, dataset_name, dataset_digest } of metrics) {
    const point = [timestamp, pythonRepr(value), step];
    const dataset = dataset_name && dataset_digest ? [dataset_name, dataset_digest] : [];
    add(folder, join("metrics", key), [...point, ...dataset]);
    if (!model_id) continue;
    const model = findLoggedModel(store, model_id, true).folder;
    if (existsSync(model)) add(model, join("metrics", key), [...point, run_id, ...dataset]);
  }
  for (const { owner, path, text } of lines.values()) edit.append(owner, path, text);
}
