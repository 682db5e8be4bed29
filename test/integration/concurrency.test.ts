import assert from "node:assert/strict";
import { test } from "node:test";
import { startService } from "../support/service.ts";

// Requests that arrive at the same time and want the same thing.

const { url, errors } = await startService(["--access", "open"]);

/** What the tests look for in answers of our own server. */
interface Body {
  error_code?: string;
  experiment_id?: string;
  run?: { info: { run_id: string; lifecycle_stage: string }; data: { tags?: { key: string; value: string }[] } };
  metrics?: { step: number }[];
  model_version?: { version: string };
  model_versions?: { name: string; version: string; current_stage: string }[];
  registered_model?: { name: string; aliases?: { alias: string; version: string }[] };
}

interface Answer {
  status: number;
  body: Body;
}

async function call(path: string, body?: object, method = "POST"): Promise<Answer> {
  const sent = body === undefined ? { method: "GET" } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    ...sent,
    headers: { "Content-Type": "application/json" },
  });
  // The border: every answer is JSON, or the test fails here.
  return { status: response.status, body: (await response.json()) as Body };
}

/** The answers to requests sent at once; each is done, or refused as MLflow refuses. */
async function atOnce(times: number, send: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers = await Promise.all(Array.from({ length: times }, (_, index) => send(index)));
  for (const { status, body } of answers) {
    assert.ok(status === 200 || (status >= 400 && status < 500 && body.error_code !== undefined), JSON.stringify(body));
  }
  return answers;
}

const done = (answers: Answer[]) => answers.filter(({ status }) => status === 200).length;
const newRun = async () =>
  (await call("runs/create", { experiment_id: "0", start_time: 1 })).body.run?.info.run_id ?? "";

test("of many who make an experiment or a model of one name, one wins and the others are told that it exists", async () => {
  for (const path of ["experiments/create", "registered-models/create"]) {
    const answers = await atOnce(20, () => call(path, { name: "wanted" }));
    assert.equal(done(answers), 1);
    const others = answers.filter(({ status }) => status !== 200).map(({ body }) => body.error_code);
    assert.deepEqual(new Set(others), new Set(["RESOURCE_ALREADY_EXISTS"]));
  }
});

test("versions made at once are numbered without a gap or a repeat", async () => {
  await call("registered-models/create", { name: "numbered" });
  const answers = await atOnce(20, () => call("model-versions/create", { name: "numbered", source: "s3://models/a" }));
  const versions = answers.map(({ body }) => Number(body.model_version?.version)).sort((a, b) => a - b);
  assert.deepEqual(
    versions,
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
});

test("of stages moved at once with archiving, one version is in production in the end", async () => {
  const name = "staged";
  await call("registered-models/create", { name });
  for (let i = 0; i < 8; i++) await call("model-versions/create", { name, source: "s3://models/a" });
  const answers = await atOnce(8, (index) =>
    call("model-versions/transition-stage", {
      name,
      version: String(index + 1),
      stage: "Production",
      archive_existing_versions: true,
    }),
  );
  assert.equal(done(answers), 8);
  const { body } = await call(`model-versions/search?filter=${encodeURIComponent(`name='${name}'`)}`);
  const stages = (body.model_versions ?? []).map(({ current_stage }) => current_stage);
  assert.deepEqual([stages.length, stages.filter((stage) => stage === "Production").length], [8, 1]);
});

test("an alias set at once names one version, and a tag set at once has one value", async () => {
  const answers = await atOnce(16, (index) =>
    call("registered-models/alias", { name: "staged", alias: "best", version: String((index % 8) + 1) }),
  );
  assert.equal(done(answers), 16);
  const { body } = await call("registered-models/get?name=staged");
  assert.equal(body.registered_model?.aliases?.filter(({ alias }) => alias === "best").length, 1);
  const run_id = await newRun();
  await atOnce(16, (index) => call("runs/set-tag", { run_id, key: "team", value: String(index) }));
  const run = (await call(`runs/get?run_id=${run_id}`)).body.run;
  assert.equal(run?.data.tags?.filter(({ key }) => key === "team").length, 1);
});

test("a model renamed while versions are made keeps every version that was made", async () => {
  await call("registered-models/create", { name: "before" });
  const answers = await atOnce(21, (index) =>
    index === 10
      ? call("registered-models/rename", { name: "before", new_name: "after" })
      : call("model-versions/create", { name: "before", source: "s3://models/a" }),
  );
  const { body } = await call(`model-versions/search?filter=${encodeURIComponent("name='after'")}`);
  assert.equal(body.model_versions?.length, done(answers) - 1);
  assert.equal((await call("registered-models/get?name=before")).status, 404);
});

test("logging, deleting and restoring one run at once loses nothing that was acknowledged", async () => {
  const run_id = await newRun();
  const logged = new Set<number>();
  await atOnce(120, async (index) => {
    if (index % 10 === 3) return call("runs/delete", { run_id });
    if (index % 10 === 6) return call("runs/restore", { run_id });
    if (index % 10 === 9) return call("runs/search", { experiment_ids: ["0"], run_view_type: "ALL" });
    const metrics = [1, 2, 3].map((part) => ({ key: "m", value: part, timestamp: 1, step: index * 10 + part }));
    const answer = await call("runs/log-batch", { run_id, metrics, params: [], tags: [] });
    if (answer.status === 200) logged.add(index);
    return answer;
  });
  await call("runs/restore", { run_id });
  const { body } = await call(`metrics/get-history?run_id=${run_id}&metric_key=m`);
  const steps = (body.metrics ?? []).map(({ step }) => step);
  assert.equal(steps.length, logged.size * 3);
  for (const index of logged) assert.ok(steps.includes(index * 10 + 2));
});

test("two hundred connections at once are all answered, bodies of megabytes among them", async () => {
  const run_id = await newRun();
  const large = "x".repeat(6 * 1024 * 1024);
  const answers = await atOnce(200, (index) => {
    if (index % 50 === 0) return call("runs/set-tag", { run_id, key: "large", value: large });
    if (index % 2 === 0) return call("runs/log-metric", { run_id, key: "n", value: index, timestamp: 1, step: index });
    return call("runs/search", { experiment_ids: ["0"], max_results: 5 });
  });
  assert.equal(done(answers), 200, JSON.stringify(answers.find(({ status }) => status !== 200)));
  const { body } = await call(`metrics/get-history?run_id=${run_id}&metric_key=n`);
  assert.equal(body.metrics?.length, 96);
});

test("none of it was an error of the server's own", () => {
  assert.deepEqual(errors, []);
});
