import { RUN_TAG } from "../mlflow/entities.ts";
import { dumpsPlain } from "../mlflow/pythonJson.ts";
import type { TrackingStore } from "../store/trackingStore.ts";
import { invalid } from "../store/validation.ts";
import { type Handlers, text } from "./handlers.ts";

const REQUIRED = ["artifact_path", "flavors", "utc_time_created", "run_id"];

/** What of a model is kept, in the order in which mlflow 3.17's `Model.get_tags_dict` has it. */
const KEPT = ["run_id", "artifact_path", "utc_time_created", "model_uuid"];

/** `runs/log-model` of clients before 3.0: models of a run are listed in a tag of it. */
export function logModelHandlers(store: TrackingStore): Handlers {
  // One after the other: each reads the list that the one before it wrote.
  let last: Promise<unknown> = Promise.resolve();
  const record = async (run_id: string, model: object) => {
    const { data } = await store.getRun({ run_id });
    const before = data.tags.find(({ key }) => key === RUN_TAG.loggedModels)?.value;
    const value = dumpsPlain([...listOf(before), model]);
    await store.setTag({ run_id, key: RUN_TAG.loggedModels, value });
  };
  return {
    logModel: async ({ run_id, model_json }) => {
      const model = readModel(text(model_json));
      const recorded = last.then(() => record(text(run_id), model));
      // Told to its own caller, not to the next.
      last = recorded.catch(() => undefined);
      await recorded;
      return {};
    },
  };
}

function readModel(json: string): object {
  const model = parse(json);
  if (typeof model !== "object" || model === null || Array.isArray(model)) {
    throw invalid(`Malformed model info. \n ${json} \n is not a valid JSON.`);
  }
  const missing = REQUIRED.filter((key) => !(key in model));
  if (missing.length > 0) {
    throw invalid(`Model json is missing mandatory fields: {${missing.map((key) => `'${key}'`).join(", ")}}`);
  }
  const { model_uuid = null, flavors, ...rest }: Record<string, unknown> = { ...model };
  const all: Record<string, unknown> = { ...rest, model_uuid };
  const kept = KEPT.map((key) => [key, all[key]]);
  const slim = Object.entries(Object(flavors)).map(([name, flavor]) => [name, withoutConfig(flavor)]);
  return { ...Object.fromEntries(kept), flavors: Object.fromEntries(slim) };
}

/** A flavor's `config` can be of any size. */
function withoutConfig(flavor: unknown): unknown {
  if (typeof flavor !== "object" || flavor === null || Array.isArray(flavor)) return flavor;
  return Object.fromEntries(Object.entries(flavor).filter(([key]) => key !== "config"));
}

function listOf(tag: string | undefined): unknown[] {
  if (tag === undefined) return [];
  const list = parse(tag);
  if (!Array.isArray(list)) throw invalid(`The run's tag ${RUN_TAG.loggedModels} is no list of models.`);
  return list;
}

/** Undefined for a text that is no JSON. */
function parse(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    // The caller says what was expected.
    return undefined;
  }
}
