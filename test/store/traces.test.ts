import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { openStore } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { Database } from "../../src/store/sqlite/database.ts";
import { sqliteTraceStore } from "../../src/store/sqlite/traceStore.ts";
import type { NewTrace } from "../../src/store/traceStore.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const folder = temporaryFolder();
const path = join(folder, "mlflow.db");
const db = new Database(path, { readonly: false, artifactRoot: join(folder, "mlruns"), lockWait: 1000 });
const traces = sqliteTraceStore(db);
const runs = openStore(`sqlite:///${path}`);
whenOver(() => {
  db.close();
  runs.close();
});

function trace(trace_id: string, more: Partial<NewTrace> = {}): NewTrace {
  const base = { experiment_id: "0", request_time: 1000, execution_duration: 20, state: "OK" as const };
  return { ...base, trace_id, trace_metadata: {}, tags: {}, assessments: [], ...more };
}

async function found(filter: string, order_by?: string[], experiment_ids = ["0"]): Promise<string> {
  const query = { experiment_ids, filter, max_results: 100, ...(order_by ? { order_by } : {}) };
  const { items } = await traces.searchTraces(query);
  return items.map(({ trace_id }) => trace_id).join(" ");
}

function refused(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof MlflowError && error.error_code === code && message.test(error.message);
}

const feedback = { assessment_name: "good", assessment_type: "feedback" as const, source_type: "HUMAN" };

await traces.startTrace(
  trace("a", {
    request_time: 1000,
    tags: { "mlflow.traceName": "chat", team: "blue" },
    trace_metadata: {
      "mlflow.trace.session": "s1",
      "mlflow.trace.tokenUsage": '{"input_tokens": 3, "total_tokens": 7.0}',
      "mlflow.trace.cost": '{"total_cost": 2}',
      model: "m",
    },
    assessments: [{ ...feedback, value: "5.0" }],
  }),
);
await traces.startTrace(
  trace("b", { request_time: 2000, execution_duration: 500, state: "ERROR", tags: { "mlflow.traceName": "Chain" } }),
);
await traces.startTrace(
  trace("c", { request_time: 3000, trace_metadata: { "mlflow.sourceRun": "r1", "mlflow.trace.session": "s1" } }),
);

test("a trace is told as it was stored, with what MLflow keeps in columns", async () => {
  const { trace_metadata, tags, assessments } = await traces.getTraceInfo({ trace_id: "a" });
  assert.deepEqual(trace_metadata, {
    "mlflow.trace.infoFinalized": "true",
    "mlflow.trace.session": "s1",
    "mlflow.trace.tokenUsage": '{"input_tokens": 3, "total_tokens": 7}',
    "mlflow.trace.cost": '{"total_cost": 2.0}',
    model: "m",
  });
  assert.equal(tags["mlflow.traceName"], "chat");
  assert.equal(tags["mlflow.artifactLocation"], join(folder, "mlruns/0/traces/a/artifacts"));
  assert.equal(assessments[0]?.value, "5.0");
});

/** Filters and the traces they find, newest first. */
const FILTERS: [string, string][] = [
  ["", "c b a"],
  ["status = 'OK'", "c a"],
  ["trace.status != 'OK'", "b"],
  ["status IN ('ERROR', 'IN_PROGRESS')", "b"],
  ["request_id NOT IN ('a')", "c b"],
  ["timestamp > 1000 AND timestamp_ms <= 3000", "c b"],
  ["execution_time >= 500", "b"],
  ["end_time < 1500", "a"],
  ["name = 'chat'", "a"],
  ["name LIKE 'Ch%'", "b"],
  ["name ILIKE 'ch%'", "b a"],
  ["name RLIKE '^[Cc]ha'", "b a"],
  ["tags.team = 'blue'", "a"],
  ["tag.`team` != 'blue'", ""],
  ["tags.team IS NULL", "c b"],
  ["tags.`mlflow.traceName` IS NOT NULL", "b a"],
  ["metadata.model = 'm'", "a"],
  ["request_metadata.model IS NULL", "c b"],
  ["metadata.`mlflow.trace.session` = 's1'", "c a"],
  ["metadata.`mlflow.trace.tokenUsage` IS NOT NULL", "a"],
  [`metadata.\`mlflow.trace.tokenUsage\` = '{"input_tokens": 3, "total_tokens": 7}'`, "a"],
  ["run_id = 'r1'", "c"],
  ["feedback.good = '5.0'", "a"],
  ["feedback.good > 4.5", "a"],
  ["feedback.good < 5", ""],
  ["feedback.good IS NOT NULL", "a"],
  ["feedback.good IS NULL", "c b"],
  ["expectation.good IS NULL", "c b a"],
  ["issue.id = 'i'", ""],
];

for (const [filter, expected] of FILTERS) {
  test(`traces are found by: ${filter || "(nothing)"}`, async () => assert.equal(await found(filter), expected));
}

/** Filters that MLflow 3.17.2 refuses, and its sentence. */
const REFUSED: [string, RegExp][] = [
  ["foo.bar = 'x'", /^Invalid entity type 'foo'\./],
  ["color = 'x'", /^Invalid attribute key 'color' specified\./],
  ["status = 'OK' OR status = 'ERROR'", /^Invalid clause\(s\) in filter string: 'OR'$/],
  ["timestamp LIKE '1%'", /^Invalid comparator 'LIKE' not one of/],
  ["tags.team IN ('a')", /^Invalid comparator 'IN' not one of/],
  ["status > 5", /attributes support comparison with numeric values\.$/],
  ["span.color = 'x'", /^Invalid span attribute 'color'\./],
  ["span.name like 'x'", /^span\.name comparator 'like' not one of/],
  ["prompt = 'a/b/c'", /^Invalid prompts filter value 'a\/b\/c'\./],
  ["prompt != 'a/1'", /^Invalid comparator '!=' for prompts filter\./],
  ["feedback.good = 5", /^Expected a quoted string value for feedback \(e\.g\. 'my-value'\)\. Got value 5$/],
  ["feedback.good > 'x'", /^Expected a numeric value for feedback when using comparator '>'\. Got value 'x'$/],
  ["metadata.`mlflow.trace.cost` LIKE 'x'", /^Comparator 'LIKE' is not supported for reserved metadata/],
  ["name RLIKE '('", /^Invalid regular expression '\('/],
];

for (const [filter, message] of REFUSED) {
  test(`a filter of traces is refused: ${filter}`, () =>
    assert.rejects(found(filter), refused("INVALID_PARAMETER_VALUE", message)));
}

test("a pattern that would go back over its steps for years is answered at once", async () => {
  await traces.startTrace(trace("slow", { tags: { "mlflow.traceName": `${"a".repeat(200)}b` }, request_time: 1 }));
  const start = performance.now();
  assert.equal(await found("name RLIKE '^(a+)+$'"), "");
  assert.ok(performance.now() - start < 1000);
  // Nothing matches these in linear time: what is easy is found, the rest ends soon.
  assert.equal(await found("name RLIKE '^(?=a)(.)\\1{3}'"), "slow");
  for (const pattern of ["^(a+)+\\1$", "(a{1,50}){1,50}c"]) {
    const message = /^The regular expression takes too long/;
    await assert.rejects(found(`name RLIKE '${pattern}'`), refused("INVALID_PARAMETER_VALUE", message));
  }
  await traces.deleteTraces({ experiment_id: "0", trace_ids: ["slow"] });
});

test("order_by sorts by columns, tags and metadata, with what lacks them last", async () => {
  assert.equal(await found("", ["execution_time DESC"]), "b c a");
  assert.equal(await found("", ["timestamp"]), "a b c");
  assert.equal(await found("", ["name"]), "b a c");
  assert.equal(await found("", ["tags.team", "request_id DESC"]), "a c b");
  assert.equal(await found("", ["metadata.model DESC"]), "a c b");
  const wrong: [string, RegExp][] = [
    ["feedback.good", /^Invalid identifier type 'feedback'$/],
    ["timestamp UP", /^Invalid ordering key in order_by clause 'timestamp UP'\.$/],
  ];
  for (const [clause, message] of wrong) {
    await assert.rejects(found("", [clause]), refused("INVALID_PARAMETER_VALUE", message));
  }
});

test("pages follow one another until one is not full", async () => {
  const seen: string[] = [];
  let page_token: string | undefined = "";
  while (page_token !== undefined) {
    const page = await traces.searchTraces({ experiment_ids: ["0"], max_results: 2, page_token });
    seen.push(...page.items.map(({ trace_id }) => trace_id));
    page_token = page.next_page_token;
  }
  assert.deepEqual(seen, ["c", "b", "a"]);
  await assert.rejects(found("", undefined, ["a.b"]), refused("INVALID_PARAMETER_VALUE", /^Locations must be a list/));
});

test("conditions on spans hold for one and the same span", async () => {
  const connection = openConnection(path, { busyTimeout: 1000 });
  const insert = connection.prepare<[string, string, string, string], unknown>(
    `INSERT INTO spans (trace_id, experiment_id, span_id, name, type, status, start_time_unix_nano, content)
     VALUES ('b', 0, ?, ?, ?, 'OK', 2000000000, ?)`,
  );
  insert.run("1", "ask", "LLM", '{"attributes": {"model": "\\"gpt\\""}}');
  insert.run("2", "look", "TOOL", "{}");
  connection.close();
  assert.equal(await found("span.name = 'ask' AND span.type = 'LLM'"), "b");
  assert.equal(await found("span.name = 'ask' AND span.type = 'TOOL'"), "");
  assert.equal(await found("span.attributes.model LIKE '%gpt%'"), "b");
  assert.equal(await found("span.attributes.model RLIKE '^gpt$'"), "b");
  assert.equal(await found("text LIKE '%gpt%'"), "b");
  assert.equal(await found("span.name IN ('look') AND timestamp > 1999"), "b");
  assert.equal((await traces.storedSpans({ trace_ids: ["b", "a"] })).length, 2);
});

test("an assessment is changed, replaced and given back its place", async () => {
  const first = await traces.createAssessment({ ...feedback, trace_id: "b", value: '"yes"', metadata: { x: "1" } });
  const { assessment_id, trace_id } = first;
  const change = { trace_id, assessment_id, feedback: { value: '"no"' }, metadata: { y: "2" }, rationale: "why" };
  const changed = await traces.updateAssessment(change);
  assert.deepEqual(
    [changed.value, changed.metadata, changed.rationale, changed.create_time],
    ['"no"', { x: "1", y: "2" }, "why", first.create_time],
  );
  assert.equal(await found("feedback.good = 'no'"), "b");
  const other = await traces.createAssessment({ ...feedback, trace_id, value: "true", overrides: assessment_id });
  assert.equal((await traces.getAssessment({ trace_id, assessment_id })).valid, false);
  assert.equal(await found("feedback.good = 'no'"), "");
  await traces.deleteAssessment({ trace_id, assessment_id: other.assessment_id });
  assert.equal((await traces.getAssessment({ trace_id, assessment_id })).valid, true);
  await traces.deleteAssessment({ trace_id, assessment_id: other.assessment_id });
  const missing = "RESOURCE_DOES_NOT_EXIST";
  await assert.rejects(
    traces.getAssessment({ trace_id, assessment_id: "none" }),
    refused(missing, /^Assessment with ID 'none' not found for trace 'b'$/),
  );
  await assert.rejects(
    traces.createAssessment({ ...feedback, trace_id: "none", value: "1.0" }),
    refused(missing, /^Trace with ID 'none' not found\.$/),
  );
  await assert.rejects(
    traces.updateAssessment({ trace_id, assessment_id, expectation: { value: "1" } }),
    refused("INVALID_PARAMETER_VALUE", /^Cannot update expectation value on a Feedback assessment\.$/),
  );
  await traces.deleteAssessment({ trace_id, assessment_id });
});

test("an assessment of a session counts for all traces of the session", async () => {
  const metadata = { "mlflow.trace.session": "s1" };
  const { assessment_id } = await traces.createAssessment({
    ...feedback,
    assessment_name: "whole",
    trace_id: "a",
    value: "true",
    metadata,
  });
  assert.equal(await found("feedback.whole = 'true'"), "c a");
  assert.equal(await found("feedback.whole IS NULL"), "b");
  await traces.deleteAssessment({ trace_id: "a", assessment_id });
});

test("tags are set and deleted, the name among them", async () => {
  await traces.setTraceTag({ trace_id: "c", key: "k", value: "1" });
  await traces.setTraceTag({ trace_id: "c", key: "k", value: "2" });
  await traces.setTraceTag({ trace_id: "c", key: "mlflow.traceName", value: "named" });
  assert.equal(await found("tags.k = '2' AND name = 'named'"), "c");
  await traces.deleteTraceTag({ trace_id: "c", key: "k" });
  await traces.deleteTraceTag({ trace_id: "c", key: "mlflow.traceName" });
  const gone = refused("RESOURCE_DOES_NOT_EXIST", /^No trace tag with key '[\w.]+' for trace with ID 'c'$/);
  await assert.rejects(traces.deleteTraceTag({ trace_id: "c", key: "k" }), gone);
  await assert.rejects(traces.deleteTraceTag({ trace_id: "c", key: "mlflow.traceName" }), gone);
  await assert.rejects(
    traces.setTraceTag({ trace_id: "none", key: "k", value: "" }),
    refused("RESOURCE_DOES_NOT_EXIST", /not found/),
  );
});

test("traces are linked to runs and prompts once", async () => {
  const { info } = await runs.createRun({ experiment_id: "0", start_time: 1 });
  await traces.linkTracesToRun({ trace_ids: ["a", "b"], run_id: info.run_id });
  await traces.linkTracesToRun({ trace_ids: ["a"], run_id: info.run_id });
  assert.equal(await found(`run_id = '${info.run_id}'`), "b a");
  await traces.linkPromptsToTrace({ trace_id: "a", prompt_versions: [{ name: "p", version: "1" }] });
  assert.equal(await found("prompt = 'p/1'"), "a");
  const many = Array.from({ length: 101 }, (_, i) => String(i));
  await assert.rejects(
    traces.linkTracesToRun({ trace_ids: many, run_id: info.run_id }),
    refused("INVALID_PARAMETER_VALUE", /^Cannot link more than 100 traces/),
  );
});

test("two filters are counted together", async () => {
  const filters = { first: "status = 'OK'", second: "timestamp > 1500" };
  assert.deepEqual(await traces.countTraces({ experiment_ids: ["0"], ...filters }), {
    total: 3,
    first: 2,
    second: 2,
    both: 1,
  });
  const based = await traces.countTraces({ experiment_ids: ["0"], ...filters, base_filter: "timestamp > 2500" });
  assert.deepEqual(based, { total: 1, first: 1, second: 1, both: 1 });
});

test("a trace that is there is brought up to date, with its assessments kept", async () => {
  await traces.startTrace(trace("d", { request_time: 5, request_preview: "q", tags: { one: "1" } }));
  await traces.createAssessment({ ...feedback, trace_id: "d", value: "1.0" });
  const after = await traces.startTrace(trace("d", { request_time: 6, tags: { two: "2" } }));
  assert.deepEqual([after.request_time, after.request_preview, after.assessments.length], [6, "q", 1]);
  assert.deepEqual([after.tags["one"], after.tags["two"]], ["1", "2"]);
});

test("a trace of the older API runs and ends", async () => {
  const query = { experiment_id: "0", request_time: 100, trace_metadata: { k: "v" }, tags: { t: "1" } };
  const { trace_id, state } = await traces.startRunningTrace(query);
  assert.equal(state, "IN_PROGRESS");
  const end = { trace_id, end_time: 150, state: "OK" as const, trace_metadata: { l: "w" }, tags: { t: "2" } };
  const ended = await traces.endRunningTrace(end);
  assert.deepEqual([ended.execution_duration, ended.state, ended.tags["t"]], [50, "OK", "2"]);
  assert.deepEqual(ended.trace_metadata, { k: "v", l: "w" });
});

test("a deletion says what it means, and takes the oldest first", async () => {
  const refuse = (query: object, message: RegExp) =>
    assert.rejects(traces.deleteTraces({ experiment_id: "0", ...query }), refused("INVALID_PARAMETER_VALUE", message));
  await refuse({}, /^Either `max_timestamp_millis` or `trace_ids` must be specified\.$/);
  await refuse({ max_timestamp_millis: 1, trace_ids: ["a"] }, /^Only one of/);
  await refuse({ trace_ids: ["a"], max_traces: 1 }, /^`max_traces` can't be specified/);
  await refuse({ max_timestamp_millis: 1, max_traces: 0 }, /positive integer, received 0\.$/);
  const oldest = await traces.deleteTraces({ experiment_id: "0", max_timestamp_millis: 2000, max_traces: 2 });
  assert.equal(oldest.traces_deleted, 2);
  assert.equal(await found(""), "c b a");
  assert.equal((await traces.deleteTraces({ experiment_id: "0", trace_ids: ["b", "x"] })).traces_deleted, 1);
  assert.deepEqual(await traces.storedSpans({ trace_ids: ["b"] }), []);
});

test("an experiment that is deleted takes the assessments made in its runs along, and no others", async () => {
  const { experiment_id } = await runs.createExperiment({ name: "assessed" });
  await traces.startTrace(trace("assessed"));
  const { run_id } = (await runs.createRun({ experiment_id })).info;
  const make = (metadata?: Record<string, string>) =>
    traces.createAssessment({
      ...feedback,
      trace_id: "assessed",
      value: "1.0",
      ...(metadata === undefined ? {} : { metadata }),
    });
  const made = await make({ "mlflow.assessment.sourceRunId": run_id });
  const kept = [await make(), await make({ note: `"mlflow.assessment.sourceRunId": "${run_id}"` })];
  await runs.deleteExperiment({ experiment_id });
  const has = async ({ assessment_id }: { assessment_id: string }) =>
    (await traces.getTraceInfo({ trace_id: "assessed" })).assessments.some(
      (one) => one.assessment_id === assessment_id,
    );
  assert.deepEqual([await has(made), ...(await Promise.all(kept.map(has)))], [false, true, true]);
});
