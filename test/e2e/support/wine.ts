import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";
import { callServer } from "../../support/server.ts";
import type { TestService } from "../../support/service.ts";

/** What `logWine` made. */
export interface Wine {
  experiment_id: string;
  /** In the order of their names `run-0`, `run-1`, `run-2`. */
  runIds: string[];
  modelIds: string[];
}

const START = 1_700_000_000_000;
const STEPS = 40;

/** Files of each run: one of every kind that MLflow's web page shows. */
const FILES: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {
  "notes/hello.txt": "Hello from the artifacts",
  "page.html": "<h1>A page among the artifacts</h1>",
  "plot.png": picture(64, 48),
  "table.csv": "grape,score\nmerlot,91\nriesling,88\n",
};

/** An experiment as a person has it: three runs with histories, files, a dataset and a model each; one model registered. */
export async function logWine({ store, url }: TestService): Promise<Wine> {
  const { experiment_id } = await store.createExperiment({
    name: "wine quality",
    tags: [{ key: "mlflow.note.content", value: "Which grapes?" }],
  });
  const wine: Wine = { experiment_id, runIds: [], modelIds: [] };
  for (const n of [0, 1, 2]) {
    const { info } = await store.createRun({
      experiment_id,
      run_name: `run-${n}`,
      start_time: START + n * 1000,
      tags: [
        { key: "mlflow.user", value: "ada" },
        { key: "grape", value: "merlot" },
      ],
    });
    const { run_id } = info;
    const metrics = Array.from({ length: STEPS }, (_, step) => ({
      key: "loss",
      value: (n + 1) / (step + 1),
      timestamp: START + step * 1000,
      step,
    }));
    const params = [{ key: "alpha", value: `0.${n + 1}` }];
    await store.logBatch({ run_id, metrics, params, tags: [] });
    for (const [path, body] of Object.entries(FILES))
      await upload(url, `${experiment_id}/${run_id}/artifacts`, path, body);
    await store.logInputs({ run_id, datasets: [DATASET], models: [] });
    const model_id = await logModel(store, wine, run_id, n);
    await upload(url, `${experiment_id}/models/${model_id}/artifacts`, "MLmodel", mlmodel(run_id, model_id));
    await store.updateRun({ run_id, status: "FINISHED", end_time: START + 60_000 });
    wine.runIds.push(run_id);
    wine.modelIds.push(model_id);
  }
  const [run_id = "", model_id = ""] = [wine.runIds[0], wine.modelIds[0]];
  await callServer(url, "registered-models/create", { name: "cellar", description: "What the cellar serves." });
  await callServer(url, "model-versions/create", { name: "cellar", source: `models:/${model_id}`, run_id, model_id });
  await callServer(url, "registered-models/alias", { name: "cellar", alias: "champion", version: "1" });
  return wine;
}

const DATASET = {
  tags: [{ key: "mlflow.data.context", value: "training" }],
  dataset: {
    name: "vintages",
    digest: "abc123",
    source_type: "local",
    source: '{"uri": "vintages.csv"}',
    schema: '{"mlflow_colspec": [{"type": "double", "name": "alcohol", "required": true}]}',
    profile: '{"num_rows": 178}',
  },
};

async function logModel(store: TestService["store"], wine: Wine, run_id: string, n: number): Promise<string> {
  const { experiment_id } = wine;
  const made = { experiment_id, name: `model-${n}`, model_type: "sklearn", source_run_id: run_id };
  const { info } = await store.createLoggedModel({ ...made, params: [{ key: "depth", value: "3" }], tags: [] });
  const { model_id } = info;
  await store.finalizeLoggedModel({ model_id, status: "LOGGED_MODEL_READY" });
  await store.logOutputs({ run_id, models: [{ model_id, step: 0 }] });
  const metric = { key: "accuracy", value: 0.5 + n / 8, timestamp: START, step: 0, model_id };
  await store.logBatch({ run_id, metrics: [metric], params: [], tags: [] });
  return model_id;
}

function mlmodel(run_id: string, model_id: string): string {
  return [
    "artifact_path: model",
    "flavors:",
    "  python_function:",
    "    loader_module: mlflow.sklearn",
    `model_id: ${model_id}`,
    `run_id: ${run_id}`,
    "signature:",
    `  inputs: '[{"type": "double", "name": "alcohol", "required": true}]'`,
    `  outputs: '[{"type": "long", "required": true}]'`,
    "",
  ].join("\n");
}

async function upload(url: string, root: string, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/${root}/${path}`, { method: "PUT", body });
  assert.equal(response.status, 200);
}

/** A PNG of one grey, or of the red, green and blue that `paint` gives a pixel. */
export function picture(
  width: number,
  height: number,
  paint: number | ((x: number, y: number) => [number, number, number]) = 0x80,
): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const lines = Buffer.alloc(height * (1 + width * 3), typeof paint === "number" ? paint : 0);
  for (let y = 0; y < height; y++) {
    const start = y * (1 + width * 3);
    lines[start] = 0;
    if (typeof paint === "number") continue;
    for (let x = 0; x < width; x++) lines.set(paint(x, y), start + 1 + x * 3);
  }
  const start = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(lines)), chunk("IEND", Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([Buffer.from(start), ...parts]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
