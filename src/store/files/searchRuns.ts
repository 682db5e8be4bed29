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
    { ascending: false, of: ({ run }) => run.info.start_time ?? 0 },
    { ascending: true, of: ({ run }) => run.info.run_id },
  );
  return (stored: readonly StoredRun[], view: ViewType): Run[] => {
    const found = stored.filter((one) => isShown(one.run.info.lifecycle_stage, view) && test(one));
    return sorted(found, keys).map(({ run }) => run);
  };
}

export function isShown(stage: LifecycleStage, view: ViewType): boolean {
  return view === "ALL" || (view === "ACTIVE_ONLY") === (stage === "active");
}

function runTest(condition: Condition): Test<StoredRun> {
  const { entity, key } = condition;
  const test = valueTest(condition);
  switch (entity) {
    case "attribute":
      return ({ run }) => test(attributeOf(run, key));
    case "tag":
      return ({ run }) => test(valueOf(run.data.tags, key));
    case "parameter":
      return ({ run }) => test(valueOf(run.data.params, key));
    case "metric":
      return ({ curves }) => test(curves.get(key)?.latest.value);
    case "dataset":
      return ({ run }) =>
        run.inputs.dataset_inputs.some(({ dataset, tags }) => {
          if (key === "context") return test(valueOf(tags, DATASET_CONTEXT));
          return test(key === "name" ? dataset.name : dataset.digest);
        });
    default:
      return entity satisfies never;
  }
}

function runKey({ entity, key, ascending }: OrderBy): SortKey<StoredRun> {
  switch (entity) {
    case "attribute":
      return { ascending, of: ({ run }) => attributeOf(run, key) };
    case "tag":
      return { ascending, of: ({ run }) => valueOf(run.data.tags, key) };
    case "parameter":
      return { ascending, of: ({ run }) => valueOf(run.data.params, key) };
    case "metric":
      return { ascending, of: ({ curves }) => curves.get(key)?.latest.value };
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
