// Registered models, their versions, logged models and traces of the store that both servers are asked about.
import type { Side } from "./call.ts";
import { at, fillRuns, must, post, TEXTS } from "./contents.ts";

export const MODELS = ["wine", "Wine", "ä b", "a%b", "it's", "a_b", "z-1", "empty"];
export const LOGGED_MODELS = 12;
export const TRACES = 14;

/** Everything: runs first, since versions, logged models and traces belong to them. */
export async function fillAll(side: Side): Promise<void> {
  await fillRuns(side);
  await fillRegistry(side);
  await fillLoggedModels(side);
  await fillTraces(side);
}

async function fillRegistry(side: Side): Promise<void> {
  for (const [number, name] of MODELS.entries()) {
    const tags = number % 2 === 0 ? [{ key: "team", value: at(TEXTS, number) }] : [];
    await must(side, post("registered-models/create", { name, tags, description: at(TEXTS, number) }));
    for (let version = 1; name !== "empty" && version <= 1 + (number % 4); version++) {
      const tagged = { tags: [{ key: version % 2 === 0 ? "team" : "a b", value: at(TEXTS, number + version) }] };
      const ofRun = { source: `mlflow-artifacts:/1/<run${number}>/artifacts/model`, run_id: `<run${number}>` };
      const from = number % 3 === 0 ? ofRun : { source: `s3://bucket/${number}/model` };
      await must(side, post("model-versions/create", { name, ...from, ...(version === 3 ? {} : tagged) }));
      if (version === 2) await must(side, post("registered-models/alias", { name, alias: "best", version: "2" }));
    }
  }
  const staged = [
    ["wine", "1", "Staging"],
    ["Wine", "2", "Production"],
    ["a%b", "1", "Archived"],
    ["a%b", "2", "production"],
  ] as const;
  for (const [name, version, stage] of staged) {
    await must(
      side,
      post("model-versions/transition-stage", { name, version, stage, archive_existing_versions: false }),
    );
  }
  await must(side, { ...post("model-versions/delete", { name: "a%b", version: "3" }), method: "DELETE" });
  const prompt = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
  await must(side, post("registered-models/create", { name: "a prompt", tags: prompt }));
  const text = { key: "mlflow.prompt.text", value: "Hello {{name}}" };
  await must(
    side,
    post("model-versions/create", { name: "a prompt", source: "dummy-source", tags: [...prompt, text] }),
  );
}

async function fillLoggedModels(side: Side): Promise<void> {
  for (let number = 0; number < LOGGED_MODELS; number++) {
    const model = `<model${number}>`;
    const created = {
      experiment_id: `<exp${1 + (number % 2)}>`,
      name: at(["net", "Net", "a b", "ä"], number),
      ...(number % 3 === 0 ? {} : { model_type: at(["agent", "Agent", ""], number) }),
      ...(number % 2 === 0 ? { source_run_id: `<run${number}>` } : {}),
      params: number % 4 === 0 ? [] : [{ key: "lr", value: at(TEXTS, number) }],
      tags: number % 3 === 1 ? [{ key: "team", value: at(TEXTS, number) }] : [],
    };
    await must(side, post("logged-models", created), `model${number}`, (body) => body.model.info.model_id);
    const value = at([1, 2, 2, "NaN", -1, 0.5], number);
    const dataset = number % 2 === 0 ? { dataset_name: "wine", dataset_digest: at(["d0", "d1"], number >> 1) } : {};
    const metrics = ["acc", "loss"]
      .slice(number % 3)
      .map((key, step) => ({ key, value, timestamp: 10 + step, step, model_id: model, ...dataset }));
    const run_id = `<run${at([0, 1, 2, 3], number)}>`;
    await must(side, post("runs/log-batch", { run_id, metrics, params: [], tags: [] }));
    if (number % 4 !== 3) {
      const status = at(["LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"], number);
      await must(side, { ...post(`logged-models/${model}`, { model_id: model, status }), method: "PATCH" });
    }
    if (number === 5) await must(side, { method: "DELETE", path: `/api/2.0/mlflow/logged-models/${model}` });
  }
}

async function fillTraces(side: Side): Promise<void> {
  for (let number = 0; number < TRACES; number++) {
    const trace_id = `tr-${number.toString(16).padStart(32, "0")}`;
    const assessments =
      number % 3 === 0
        ? [
            feedback(number, trace_id),
            { ...feedback(number, trace_id), assessment_name: "b", assessment_id: `a-${number}b` },
          ]
        : [];
    const trace_info = {
      trace_id,
      trace_location: { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: `<exp${1 + (number % 2)}>` } },
      request_time: `2024-01-01T00:00:0${number % 8}.${100 + number}Z`,
      ...(number % 5 === 0 ? {} : { execution_duration: `${number % 4}.5s` }),
      state: at(["OK", "ERROR", "IN_PROGRESS", "STATE_UNSPECIFIED"], number),
      trace_metadata: number % 2 === 0 ? { "mlflow.sourceRun": `<run${number}>`, team: at(TEXTS, number) } : {},
      tags: {
        "mlflow.traceName": at(["ask", "Ask", "a b"], number),
        ...(number % 3 === 0 ? { team: at(TEXTS, number) } : {}),
      },
      ...(number % 4 === 0 ? { client_request_id: `c${number}` } : {}),
      request_preview: "q",
      response_preview: "r",
      assessments,
    };
    await must(side, { method: "POST", path: "/api/3.0/mlflow/traces", body: { trace: { trace_info } } });
  }
}

function feedback(number: number, trace_id: string) {
  return {
    assessment_id: `a-${number}`,
    assessment_name: "a",
    trace_id,
    source: { source_type: "HUMAN", source_id: "me" },
    create_time: "2024-01-01T00:00:00Z",
    last_update_time: "2024-01-01T00:00:00Z",
    ...(number % 2 === 0
      ? { feedback: { value: at([0.5, "yes", true, 3], number >> 1) } }
      : { expectation: { value: "x" } }),
    valid: true,
  };
}
