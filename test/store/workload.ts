import type { MoreMethods, StoreMethods } from "../../src/store/store.ts";
import { isSince, type Release } from "./interopStores.ts";

// One of everything that a release can keep, written through a store.

/** Ids of what was written. */
export interface Written {
  experiment_id: string;
  run_id: string;
  deleted_run_id: string;
  model_id?: string;
}

export const POINTS = [
  { key: "loss", value: 0.5, step: 0, timestamp: 1_000 },
  { key: "loss", value: Number.NaN, step: 1, timestamp: 2_000 },
  { key: "loss", value: Number.POSITIVE_INFINITY, step: 2, timestamp: 3_000 },
  { key: "loss", value: -1e300, step: -3, timestamp: 4_000 },
  { key: "deep/är", value: Number.NEGATIVE_INFINITY, step: 2 ** 40, timestamp: 5_000 },
];

export async function writeEverything(store: StoreMethods & MoreMethods, release: Release): Promise<Written> {
  const tags = [{ key: "team", value: "rouge" }];
  const { experiment_id } = await store.createExperiment({ name: `ours ${release}`, tags });
  const run = await store.createRun({
    experiment_id,
    run_name: "written by us",
    user_id: "ada",
    start_time: 1_000,
    tags,
  });
  const { run_id } = run.info;
  await store.logBatch({
    run_id,
    metrics: POINTS,
    params: [
      { key: "lr", value: "1e-3" },
      { key: "empty", value: "" },
      { key: "a/b c", value: "für\nzwei Zeilen" },
    ],
    tags: [{ key: "note", value: "kept" }],
  });
  await store.setTag({ run_id, key: "gone", value: "x" });
  await store.deleteTag({ run_id, key: "gone" });
  await store.updateRun({ run_id, status: "FINISHED", end_time: 9_000 });
  const deleted = await store.createRun({ experiment_id, run_name: "deleted", start_time: 2_000 });
  await store.deleteRun({ run_id: deleted.info.run_id });
  const restored = await store.createRun({ experiment_id, run_name: "restored", start_time: 3_000 });
  await store.deleteRun({ run_id: restored.info.run_id });
  await store.restoreRun({ run_id: restored.info.run_id });
  const other = await store.createExperiment({ name: `to be deleted ${release}` });
  await store.updateExperiment({ experiment_id: other.experiment_id, new_name: `deleted ${release}` });
  await store.deleteExperiment({ experiment_id: other.experiment_id });
  await writeRegistry(store, release, run_id, run.info.artifact_uri);
  if (isSince(release, "2.9.2")) {
    const dataset = { name: "wine", digest: "d1", source_type: "local", source: "{}", schema: "{}", profile: "{}" };
    const tagged = { dataset, tags: [{ key: "mlflow.data.context", value: "training" }] };
    await store.logInputs({ run_id, datasets: [tagged], models: [] });
  }
  const written = { experiment_id, run_id, deleted_run_id: deleted.info.run_id };
  if (!isSince(release, "3.1.4")) return written;
  if (isSince(release, "3.6.0")) await writeTraces(store, experiment_id, run_id);
  return { ...written, model_id: await writeLoggedModel(store, experiment_id, run_id) };
}

async function writeRegistry(store: StoreMethods, release: Release, run_id: string, place: string): Promise<void> {
  const name = `model of ${release}`;
  await store.createRegisteredModel({
    name: "to be renamed",
    tags: [{ key: "kind", value: "test" }],
    description: "a",
  });
  await store.renameRegisteredModel({ name: "to be renamed", new_name: name });
  for (let version = 1; version <= 3; version++) {
    const tags = [{ key: "number", value: String(version) }];
    await store.createModelVersion({ name, source: `${place}/model`, run_id, tags, description: `version ${version}` });
  }
  const production = { name, version: "1", stage: "Production" as const, archive_existing_versions: false };
  await store.transitionModelVersionStage(production);
  await store.transitionModelVersionStage({ ...production, version: "2", archive_existing_versions: true });
  await store.setModelVersionTag({ name, version: "2", key: "checked", value: "yes" });
  await store.setRegisteredModelTag({ name, key: "kind", value: "changed" });
  if (isSince(release, "2.3.2")) {
    await store.setRegisteredModelAlias({ name, alias: "champion", version: "2" });
    await store.setRegisteredModelAlias({ name, alias: "gone", version: "3" });
  }
  await store.deleteModelVersion({ name, version: "3" });
  await store.createRegisteredModel({ name: "to be deleted" });
  await store.createModelVersion({ name: "to be deleted", source: place });
  await store.deleteRegisteredModel({ name: "to be deleted" });
}

async function writeLoggedModel(store: StoreMethods, experiment_id: string, run_id: string): Promise<string> {
  const created = await store.createLoggedModel({
    experiment_id,
    name: "forest",
    source_run_id: run_id,
    params: [{ key: "depth", value: "4" }],
    tags: [{ key: "colour", value: "green" }],
  });
  const { model_id } = created.info;
  await store.finalizeLoggedModel({ model_id, status: "LOGGED_MODEL_READY" });
  // A finished run takes no more points: its model's are logged while it is open.
  await store.updateRun({ run_id, status: "RUNNING" });
  const metrics = [{ key: "score", value: 0.75, step: 4, timestamp: 6_000, model_id }];
  await store.logBatch({ run_id, metrics, params: [], tags: [] });
  await store.logOutputs({ run_id, models: [{ model_id, step: 4 }] });
  await store.updateRun({ run_id, status: "FINISHED" });
  return model_id;
}

/** What assessments say, as JSON; counted differently by mlflow 3.17. */
const SAYINGS = ["4.5", "true", '"yes"', '" No "', '"maybe"', "[1.5]", "null"];

async function writeTraces(store: MoreMethods, experiment_id: string, run_id: string): Promise<void> {
  const times = { create_time: 5_000, last_update_time: 6_000 };
  const judged = (trace_id: string) =>
    SAYINGS.map((value, index) => ({
      ...times,
      trace_id,
      assessment_id: `a-${trace_id}-${index}`,
      assessment_name: `said ${index}`,
      assessment_type: "feedback" as const,
      value,
      source_type: "HUMAN",
      source_id: "ada",
      rationale: "because",
    }));
  const metadata: Record<string, string>[] = [
    {
      "mlflow.trace.session": "s".repeat(250),
      "mlflow.trace.tokenUsage": '{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}',
      "mlflow.trace.cost": '{"input_cost": 0.25, "output_cost": 1.5, "total_cost": 1.75}',
      "mlflow.sourceRun": run_id,
    },
    { "mlflow.trace.tokenUsage": '{"input_tokens": "12", "output_tokens": true}', "mlflow.trace.cost": "no JSON" },
    {},
  ];
  for (const [index, trace_metadata] of metadata.entries()) {
    const trace_id = `tr-${index}`;
    await store.startTrace?.({
      trace_id,
      experiment_id,
      request_time: 4_000 + index,
      execution_duration: 20,
      state: index === 1 ? "ERROR" : "OK",
      client_request_id: `client ${index}`,
      request_preview: "why?",
      response_preview: "für etwas",
      trace_metadata,
      tags: { ...(index === 2 ? {} : { "mlflow.traceName": `answer ${index}` }), team: "rouge" },
      assessments: judged(trace_id),
    });
  }
  await store.setTraceTag?.({ trace_id: "tr-2", key: "mlflow.traceName", value: "named later" });
  await store.linkTracesToRun?.({ trace_ids: ["tr-0"], run_id });
}
