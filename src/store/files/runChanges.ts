import { existsSync } from "node:fs";
import { join } from "node:path";
import { RUN_TAG } from "../../mlflow/entities.ts";
import type { KeyValue, Metric, Run } from "../../mlflow/entities.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { invalid } from "../validation.ts";
import { findLoggedModel } from "./loggedModelFolder.ts";
import { pythonRepr } from "./metricFile.ts";
import { rewriteMeta } from "./rewrite.ts";
import type { StoreFolder } from "./storeFolder.ts";
import { appendLines, writeText } from "./write.ts";

// What is written to a run that is there already.

export function checkRunActive({ info }: Run): void {
  if (info.lifecycle_stage === "active") return;
  throw invalid(`The run ${info.run_id} must be in the 'active' state. Current state is ${info.lifecycle_stage}.`);
}

/** Sets tags of a run; its name and its tag stay in step. */
export function writeTags(folder: string, tags: KeyValue[]): void {
  for (const { key, value } of tags) {
    if (key === RUN_TAG.runName) {
      // An empty name changes nothing (mlflow 3.17 `update_run_info`).
      if (value === "") continue;
      rewriteMeta(folder, { run_name: value });
    }
    writeText(folder, join("tags", key), value);
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
export function writeMetrics(store: StoreFolder, folder: string, run_id: string, metrics: Metric[]): void {
  const lines = new Map<string, string>();
  const add = (file: string, parts: (string | number | undefined)[]) => {
    const line = parts.filter((part) => part !== undefined && part !== "").join(" ");
    lines.set(file, `${lines.get(file) ?? ""}${line}\n`);
  };
  for (const { key, value, timestamp, step, model_id, dataset_name, dataset_digest } of metrics) {
    const point = [timestamp, pythonRepr(value), step];
    const dataset = dataset_name && dataset_digest ? [dataset_name, dataset_digest] : [];
    add(join(folder, "metrics", key), [...point, ...dataset]);
    if (!model_id) continue;
    const model = findLoggedModel(store, model_id, true).folder;
    if (existsSync(model)) add(join(model, "metrics", key), [...point, run_id, ...dataset]);
  }
  for (const [file, text] of lines) appendLines(file, text);
}
