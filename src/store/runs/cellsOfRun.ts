import { RUN_TAG, type Run } from "../../mlflow/entities.ts";
import type { AttributeKey, DatasetCell, ModelCell, RunField } from "../../protocol/runs.ts";

/** Undefined where the run has none. */
export type CellValue = string | number | undefined;

/** The tag that an input's dataset is marked with. */
export const DATASET_CONTEXT = "mlflow.data.context";

/** What a run that was read whole has of a field. `experiments` has names by id. */
export function cellValue(run: Run, field: RunField, experiments: ReadonlyMap<string, string>): CellValue {
  switch (field.kind) {
    case "param":
      return valueOf(run.data.params, field.key);
    case "tag":
      return valueOf(run.data.tags, field.key);
    case "metric":
      return run.data.metrics.find(({ key }) => key === field.key)?.value;
    case "attribute":
      return attributeOf(run, field.key, experiments);
    case "datasets":
      return datasetsText(datasetCells(run));
    case "models":
      return modelsText(modelCells(run));
    default:
      return field satisfies never;
  }
}

function attributeOf(run: Run, key: AttributeKey, experiments: ReadonlyMap<string, string>): CellValue {
  const { info, data } = run;
  switch (key) {
    case "duration":
      return info.start_time === undefined || info.end_time === undefined ? undefined : info.end_time - info.start_time;
    case "source":
      return valueOf(data.tags, RUN_TAG.sourceName);
    case "version":
      return valueOf(data.tags, RUN_TAG.gitCommit);
    case "experiment":
      return experiments.get(info.experiment_id) ?? info.experiment_id;
    default:
      return info[key];
  }
}

export function datasetCells({ inputs }: Pick<Run, "inputs">): DatasetCell[] {
  return inputs.dataset_inputs.map(({ dataset: { name, digest }, tags }) => {
    const context = valueOf(tags, DATASET_CONTEXT);
    return { name, digest, ...(context === undefined ? {} : { context }) };
  });
}

/** Models of mlflow 3 by their ids, which stand for their names where these are not known; older ones are told by a tag. */
export function modelCells({ outputs, data }: Pick<Run, "outputs" | "data">): ModelCell[] {
  const logged = outputs.model_outputs.map(({ model_id }) => ({ name: model_id, model_id }));
  return logged.length > 0 ? logged : modelsOfHistory(valueOf(data.tags, RUN_TAG.loggedModels));
}

/** The tag's JSON: a list with an `artifact_path` for each model. */
export function modelsOfHistory(text: string | undefined): ModelCell[] {
  const parsed = text === undefined ? undefined : parseJson(text);
  if (!Array.isArray(parsed)) return [];
  const names = parsed.flatMap((model: unknown) => {
    const isModel = typeof model === "object" && model !== null && "artifact_path" in model;
    return isModel && typeof model.artifact_path === "string" ? [model.artifact_path] : [];
  });
  return [...new Set(names)].map((name) => ({ name }));
}

/** What datasets are sorted and grouped by; undefined without any. */
export function datasetsText(cells: readonly DatasetCell[]): string | undefined {
  return cells.length === 0 ? undefined : cells.map(({ name, digest }) => `${name} (${digest})`).join(", ");
}

export function modelsText(cells: readonly ModelCell[]): string | undefined {
  return cells.length === 0 ? undefined : cells.map(({ name }) => name).join(", ");
}

function valueOf(pairs: readonly { key: string; value: string }[], key: string): string | undefined {
  for (const pair of pairs) if (pair.key === key) return pair.value;
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Anybody may have written the tag.
    return undefined;
  }
}
