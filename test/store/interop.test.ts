import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { KeyValue, Metric, Run, RunData, RunInfo, ViewType } from "../../src/mlflow/entities.ts";
import { asMlflowError } from "../../src/mlflow/errors.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { shared, skipWithout, temporaryFolder } from "../support/environment.ts";

// Databases that real releases of MLflow wrote, against what those releases themselves answered about them.

const VERSIONS = ["1.30.1", "2.3.2", "2.9.2", "2.14.3", "2.22.5", "3.1.4", "3.6.0", "3.17.2"];

type Number = number | "NaN" | "Infinity" | "-Infinity";

interface Truth {
  experiments: { experiment_id: string; name: string; lifecycle_stage: string; tags: Record<string, string> }[];
  runs: TrueRun[];
  metric_history: Record<string, Record<string, [number, number, Number][]>>;
  run_queries: TrueQuery[];
  registered_models: { name: string; tags: Record<string, string>; latest_versions: [string, number][] }[];
}

interface TrueRun {
  info: {
    run_id: string;
    run_name: string;
    status: string;
    start_time: number;
    end_time: number | null;
    lifecycle_stage: string;
  };
  params: Record<string, string>;
  tags: Record<string, string>;
  latest: Record<string, [number, number, Number]>;
}

interface TrueQuery {
  experiments: "ALL" | string[];
  filter: string;
  order_by: string[] | null;
  view: ViewType;
  paged?: unknown;
  result?: string[];
  error?: { code: string };
}

function truthOf(version: string): Truth {
  return JSON.parse(readFileSync(shared("interop", version, "sqlite.truth.json") ?? "", "utf8")) as Truth;
}

function storeOf(version: string): Store {
  const folder = temporaryFolder();
  execFileSync("tar", ["-xzf", shared("interop", version, "sqlite.tar.gz") ?? "", "-C", folder]);
  const store = openStore(storeUri(join(folder, version, "sqlite", "mlflow.db")));
  after(() => store.close());
  return store;
}

const asRecord = (pairs: KeyValue[]) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
const point = ({ timestamp, step, value }: Metric) => [timestamp, step, Number.isNaN(value) ? "NaN" : value];
const skip = skipWithout(shared("interop"), "shared/interop");

for (const version of VERSIONS) {
  describe(`a database of mlflow ${version}`, { skip }, () => {
    const truth = skip ? undefined : truthOf(version);
    const store = skip ? undefined : storeOf(version);
    if (truth === undefined || store === undefined) return;

    it("is open for reading and writing", () => {
      const { state, read_only, problem } = store.status();
      assert.deepEqual([state, read_only, problem], ["open", false, undefined]);
    });

    it("gives the experiments that release gave", async () => {
      const { items } = await store.searchExperiments({ view_type: "ALL" });
      const facts = items.map(({ experiment_id, name, lifecycle_stage, tags }) => ({
        experiment_id,
        name,
        lifecycle_stage,
        tags: asRecord(tags),
      }));
      const byId = (a: { experiment_id: string }, b: { experiment_id: string }) =>
        Number(a.experiment_id) - Number(b.experiment_id);
      const expected = truth.experiments.map(({ experiment_id, name, lifecycle_stage, tags }) => ({
        experiment_id,
        name,
        lifecycle_stage,
        tags,
      }));
      assert.deepEqual(facts.sort(byId), expected.sort(byId));
    });

    it("gives every run's facts, params, tags and latest metrics", async () => {
      for (const expected of truth.runs) {
        const run: Run = await store.getRun({ run_id: expected.info.run_id });
        const { run_name, status, start_time, end_time, lifecycle_stage }: RunInfo = run.info;
        const data: RunData = run.data;
        const { info: facts } = expected;
        assert.deepEqual(
          { run_name, status, start_time, end_time: end_time ?? null, lifecycle_stage },
          {
            run_name: facts.run_name,
            status: facts.status,
            start_time: facts.start_time,
            end_time: facts.end_time,
            lifecycle_stage: facts.lifecycle_stage,
          },
        );
        assert.deepEqual(asRecord(data.params), expected.params);
        assert.deepEqual(asRecord(data.tags), expected.tags);
        assert.deepEqual(Object.fromEntries(data.metrics.map((one) => [one.key, point(one)])), expected.latest);
      }
    });

    it("gives the metric histories in the order that release gave", async () => {
      for (const [run_id, metrics] of Object.entries(truth.metric_history)) {
        for (const [metric_key, points] of Object.entries(metrics)) {
          const { items } = await store.metricHistory({ run_id, metric_key });
          assert.deepEqual(items.map(point), points, `${run_id} ${metric_key}`);
        }
      }
    });

    it("gives the registered models with the newest version of each stage", async () => {
      const { items } = await store.searchRegisteredModels({});
      const facts = items.map(({ name, tags, latest_versions }) => ({
        name,
        tags: asRecord(tags),
        latest: latest_versions.map(({ current_stage, version: number }) => `${current_stage} ${number}`).sort(),
      }));
      const expected = truth.registered_models.map(({ name, tags, latest_versions }) => ({
        name,
        tags,
        latest: latest_versions.map(([stage, number]) => `${stage} ${number}`).sort(),
      }));
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      assert.deepEqual(facts.sort(byName), expected.sort(byName));
    });
  });
}

describe("the run searches of mlflow 3.17.2", { skip }, () => {
  if (skip) return;
  const truth = truthOf("3.17.2");
  const store = storeOf("3.17.2");
  const all = truth.experiments.map(({ experiment_id }) => experiment_id);
  for (const [index, query] of truth.run_queries.entries()) {
    if (query.paged !== undefined) continue;
    it(`answers as mlflow does: ${index}. ${query.filter || "anything"} by ${query.order_by?.join() ?? "default"}`, async () => {
      const answer = await store
        .searchRuns({
          experiment_ids: query.experiments === "ALL" ? all : query.experiments,
          run_view_type: query.view,
          ...(query.filter ? { filter: query.filter } : {}),
          ...(query.order_by === null ? {} : { order_by: query.order_by }),
        })
        .then(
          ({ items }) => items.map(({ info }) => info.run_id),
          (error: unknown) => asMlflowError(error).error_code,
        );
      assert.deepEqual(answer, query.error?.code ?? query.result);
    });
  }
});
