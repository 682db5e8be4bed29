import type { ViewType } from "../../mlflow/entities.ts";
import { parseOrderBy } from "../../mlflow/filter/orderBy.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition, OrderBy } from "../../mlflow/filter/tree.ts";
import type { KeyValue, LifecycleStage, Run } from "../../mlflow/entities.ts";
import { invalid } from "../validation.ts";
import { sorted, type SortKey, type Test, treeTest, valueTest } from "./matching.ts";
import type { StoredRun } from "./runFolder.ts";

const DATASET_CONTEXT = "mlflow.data.context";

/** The runs a filter finds, in the order asked for. `extended` allows OR and parentheses, which REST does not have. */
export function runFinder(filter: string | undefined, order_by: string[] | undefined, extended = false) {
  const test = treeTest(parseFilter("runs", filter, { extended }), runTest);
  const keys = (order_by ?? []).map((clause) => runKey(parseOrderBy("runs", clause)));
  keys.push(
    { ascending: false, of: ({ info }) => info.start_time ?? 0 },
    { ascending: true, of: ({ info }) => info.run_id },
  );
  return (stored: readonly StoredRun[], view: ViewType): Run[] => {
    const found: Run[] = [];
    for (const { run } of stored) if (isShown(run.info.lifecycle_stage, view) && test(run)) found.push(run);
    return sorted(found, keys);
  };
}

export function isShown(stage: LifecycleStage, view: ViewType): boolean {
  return view === "ALL" || (view === "ACTIVE_ONLY") === (stage === "active");
}

function runTest(condition: Condition): Test<Run> {
  const { entity, key } = condition;
  const test = valueTest(condition);
  switch (entity) {
    case "attribute":
      return (run) => test(attributeOf(run, key));
    case "tag":
      return ({ data }) => test(valueOf(data.tags, key));
    case "parameter":
      return ({ data }) => test(valueOf(data.params, key));
    case "metric":
      return ({ data }) => test(metricOf(data, key));
    case "dataset":
      return ({ inputs }) =>
        inputs.dataset_inputs.some(({ dataset, tags }) => {
          if (key === "context") return test(valueOf(tags, DATASET_CONTEXT));
          return test(key === "name" ? dataset.name : dataset.digest);
        });
    default:
      return entity satisfies never;
  }
}

function runKey({ entity, key, ascending }: OrderBy): SortKey<Run> {
  switch (entity) {
    case "attribute":
      return { ascending, of: (run) => attributeOf(run, key) };
    case "tag":
      return { ascending, of: ({ data }) => valueOf(data.tags, key) };
    case "parameter":
      return { ascending, of: ({ data }) => valueOf(data.params, key) };
    case "metric":
      return { ascending, of: ({ data }) => metricOf(data, key) };
    case "dataset":
      throw invalid("Invalid identifier type 'dataset'");
    default:
      return entity satisfies never;
  }
}

function attributeOf({ info }: Run, key: string): string | number | undefined {
  switch (key) {
    case "run_id":
    case "run_name":
    case "user_id":
    case "status":
    case "artifact_uri":
    case "start_time":
    case "end_time":
      return info[key];
    default:
      throw invalid(`Invalid attribute key '${key}' specified.`);
  }
}

export function valueOf(pairs: readonly KeyValue[], key: string): string | undefined {
  for (const pair of pairs) if (pair.key === key) return pair.value;
  return undefined;
}

export function metricOf({ metrics }: Run["data"], key: string): number | undefined {
  for (const metric of metrics) if (metric.key === key) return metric.value;
  return undefined;
}
