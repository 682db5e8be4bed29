import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { predictHost } from "../../../src/extension/serving/predict/predictHost.ts";
import type { Kept } from "../../../src/extension/serving/predict/sentRequests.ts";
import type { PredictHost } from "../../../src/protocol/panels/predict.ts";
import type { ScoringServer } from "../../../src/protocol/serving.ts";
import type { Store } from "../../../src/store/store.ts";
import { replyJson, standInScorer, type StandInScorer } from "../../support/standInScorer.ts";

export const NAMES = [
  ...["fixed_acidity", "volatile_acidity", "citric_acid", "residual_sugar", "chlorides", "free_so2", "total_so2"],
  ...["density", "pH", "sulphates", "alcohol"],
];
const ROWS = [
  [7.4, 0.7, 0, 1.9, 0.076, 11, 34, 0.9978, 3.51, 0.56, 9.4],
  [7.8, 0.88, 0, 2.6, 0.098, 25, 67, 0.9968, 3.2, 0.68, 9.8],
  [7.8, 0.76, 0.04, 2.3, 0.092, 15, 54, 0.997, 3.26, 0.65, 9.8],
  [11.2, 0.28, 0.56, 1.9, 0.075, 17, 60, 0.998, 3.16, 0.58, 12.8],
];

const columns = (types: [string, object][]) =>
  JSON.stringify(types.map(([name, rest]) => ({ name, required: true, ...rest })));
const WINE = columns(NAMES.map((name) => [name, { type: name.endsWith("so2") ? "long" : "double" }]));
const ORDERS = columns([
  ["id", { type: "long" }],
  ["ordered", { type: "datetime" }],
  ["gift", { type: "boolean" }],
  ["note", { type: "string", required: false }],
  [
    "items",
    { type: "array", items: { type: "object", properties: { name: { type: "string" }, price: { type: "double" } } } },
  ],
]);
const PICTURES = JSON.stringify([{ type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, 2, 2] } }]);
const PARAMS = JSON.stringify([
  { name: "digits", type: "long", default: 2, shape: null },
  { name: "weights", type: "double", default: [1.0, 0.5], shape: [-1] },
]);

export const MODELS = { "wine-quality": WINE, orders: ORDERS, pictures: PICTURES } as const;
export type ModelName = keyof typeof MODELS | "bare";

/** Registers models with real MLmodel files; `bare` has no signature. */
export async function seedModels(store: Store): Promise<void> {
  const { experiment_id } = await store.createExperiment({ name: "asked", tags: [] });
  for (const name of [...Object.keys(MODELS), "bare"]) {
    const { info } = await store.createRun({ experiment_id, run_name: name, start_time: 1, tags: [] });
    const folder = join(info.artifact_uri, "model");
    mkdirSync(folder, { recursive: true });
    const inputs = Reflect.get(MODELS, name) as string | undefined;
    const params = name === "wine-quality" ? `  params: '${PARAMS}'\n` : "";
    const outputs = name === "wine-quality" ? `  outputs: '[{"name": "quality", "type": "double"}]'\n` : "";
    const example =
      name === "wine-quality"
        ? "saved_input_example_info:\n  artifact_path: input_example.json\n  type: dataframe\n"
        : "";
    const signature = inputs === undefined ? "" : `signature:\n  inputs: '${inputs}'\n${outputs}${params}`;
    writeFileSync(
      join(folder, "MLmodel"),
      `flavors:\n  python_function:\n    loader_module: x\n${example}${signature}`,
    );
    writeFileSync(join(folder, "input_example.json"), JSON.stringify({ columns: NAMES, data: ROWS }));
    await store.createRegisteredModel({ name });
    await store.createModelVersion({ name, source: `runs:/${info.run_id}/model`, run_id: info.run_id });
  }
}

/** Predicts a wine's quality from the acid and the alcohol of its rows, `by` more than another. */
export async function wineScorer(by: number): Promise<StandInScorer> {
  return standInScorer((body, response) => {
    const asked: unknown = body.startsWith("{") ? JSON.parse(body) : undefined;
    const split =
      typeof asked === "object" && asked !== null ? (Reflect.get(asked, "dataframe_split") as unknown) : undefined;
    if (typeof split !== "object" || split === null) {
      return replyJson(
        response,
        {
          error_code: "BAD_REQUEST",
          message: "The input must be a JSON dictionary with exactly one of the input fields {'inputs'}",
        },
        400,
      );
    }
    const data = Reflect.get(split, "data") as number[][];
    return replyJson(response, {
      predictions: data.map((row, i) => ({ quality: 3 + (row[10] ?? 0) / 4 - (row[1] ?? 0) / 3 + by * (i - 1.5) })),
    });
  });
}

export function serverOf(model: ModelName, letter: string, more: Partial<ScoringServer>): ScoringServer {
  return {
    ...{
      id: `${model} ${letter}`,
      store: "sqlite:///mlflow.db",
      model_uri: `models:/${model}/1`,
      model:
        letter === "A"
          ? { name: model, version: "5", alias: "champion" }
          : { name: model, version: "6", alias: "challenger" },
    },
    ...{
      title: letter === "A" ? `${model}@champion` : `${model}@challenger`,
      host: "127.0.0.1",
      port: 5001,
      url: "http://127.0.0.1:5001",
    },
    ...{
      state: "ready",
      started: 1,
      requests: 0,
      failures: 0,
      env_manager: "local",
      workers: 1,
      timeout: 60,
      keep: false,
      log: "",
    },
    ...more,
  };
}

/** The host of a Predict panel without an editor: it asks servers and reads a real store, and notes what would happen in the editor. */
export function panelHost(
  store: Store,
  list: ScoringServer[],
  file?: { name: string; text: string },
): { host: PredictHost; asked: unknown[][]; kept: Map<string, unknown> } {
  const asked: unknown[][] = [];
  const kept = new Map<string, unknown>();
  const note = (name: string) => async (query: unknown) => void asked.push([name, query]);
  const storage: Kept = { get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) };
  const { rawOf, ...answering } = predictHost({
    list: () => list,
    storeOf: async () => store,
    kept: storage,
    background: (what, work) => void work.then(undefined, (error: unknown) => asked.push([what, error])),
    checkTrust: () => undefined,
  });
  const host: PredictHost = {
    ...answering,
    readFile: async () => file,
    openRaw: async ({ id }) => void asked.push(["openRaw", rawOf(id)]),
    ...{ predictFile: note("predictFile"), serve: note("serve"), restart: note("restart"), showLog: note("showLog") },
    copy: note("copy"),
  };
  return { host, asked, kept };
}
