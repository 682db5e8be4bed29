import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { FileInfo, KeyValue, LoggedModel, Metric, ModelVersion, ViewType } from "../../src/mlflow/entities.ts";
import { asMlflowError } from "../../src/mlflow/errors.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { shared, skipWithout, temporaryFolder } from "../support/environment.ts";

// `mlruns` folders that real releases of MLflow wrote, against what those releases themselves answered about them. Every
// folder was copied to another place than it was written in, as from a cluster.

const VERSIONS = ["1.30.1", "2.3.2", "2.9.2", "2.14.3", "2.22.5", "3.1.4", "3.6.0", "3.17.2"];

type Number = number | "NaN" | "Infinity" | "-Infinity";
type Texts = Record<string, string>;
interface Query {
  filter: string | null;
  order_by: string[] | null;
  error?: { code: string };
}

interface Truth {
  experiments: TrueExperiment[];
  experiment_queries: (Query & { view: ViewType; result?: string[] })[];
  runs: TrueRun[];
  metric_history: Record<string, Record<string, [number, number, Number][]>>;
  run_queries: (Query & { experiments: "ALL" | string[]; view: ViewType; paged?: number; result?: unknown })[];
  artifacts: Record<string, { path: string; is_dir: boolean; size: number | null }[]>;
  registered_models?: TrueModel[];
  model_versions?: TrueVersion[];
  registered_model_queries?: (Query & { result?: string[] })[];
  model_version_queries?: (Query & { result?: [string, number][] })[];
  aliases?: { name: string; alias: string; result?: number; error?: { code: string } }[];
  download_uris?: { name: string; version: number; result: string }[];
  logged_models?: TrueLoggedModel[];
  logged_model_queries?: (Omit<Query, "order_by"> & {
    order_by: { field_name: string; ascending: boolean }[] | null;
    result?: string[];
  })[];
}

interface TrueExperiment {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle_stage: string;
  creation_time?: number | null;
  last_update_time?: number | null;
  tags: Texts;
}

interface TrueRun {
  info: Record<string, string | number | null>;
  params: Texts;
  tags: Texts;
  latest: Record<string, [number, number, Number]>;
  dataset_inputs?: unknown[];
  model_outputs?: unknown[];
}

interface TrueModel {
  name: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  description: string | null;
  tags: Texts;
  aliases?: Record<string, string>;
  latest_versions: [string, number][];
}

interface TrueVersion {
  name: string;
  version: number;
  current_stage: string;
  source: string;
  run_id: string | null;
  description: string | null;
  tags: Texts;
  aliases?: string[];
}

interface TrueLoggedModel {
  model_id: string;
  name: string;
  artifact_location: string;
  status: string;
  tags: Texts;
  params: Texts;
  metrics: unknown[];
}

/** The truth, with the folder it was written in replaced by the one it lies in now. */
function truthOf(version: string, folder: string): Truth {
  const text = readFileSync(shared("interop", version, "file.truth.json") ?? "", "utf8");
  return JSON.parse(text.replaceAll(`/tmp/flowdeck-interop/${version}/file`, join(folder, version, "file"))) as Truth;
}

function storeOf(version: string, folder: string): Store {
  execFileSync("tar", ["-xzf", shared("interop", version, "file.tar.gz") ?? "", "-C", folder]);
  return openStore(pathToFileURL(join(folder, version, "file", "mlruns")).href);
}

const asRecord = (pairs: KeyValue[]) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
const shown = (value: number): Number => (Number.isFinite(value) ? value : (String(value) as Number));
const point = ({ timestamp, step, value }: Metric) => [timestamp, step, shown(value)];
const byName = <T extends { name: string }>(items: T[]) => items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
const asked = ({ filter, order_by }: Query) => ({
  ...(filter ? { filter } : {}),
  ...(order_by === null ? {} : { order_by }),
});
const codeOf = (error: unknown) => asMlflowError(error).error_code;
const skip = skipWithout(shared("interop"), "shared/interop");

for (const version of VERSIONS) {
  describe(`an mlruns folder of mlflow ${version}`, { skip }, () => {
    if (skip) return;
    const folder = temporaryFolder();
    const store = storeOf(version, folder);
    const truth = truthOf(version, folder);
    const all = truth.experiments.map(({ experiment_id }) => experiment_id);

    it("gives the experiments that release gave, and their searches", async () => {
      for (const expected of truth.experiments) {
        const found = await store.getExperiment({ experiment_id: expected.experiment_id });
        const { creation_time = null, last_update_time = null, ...facts } = found;
        assert.deepEqual(
          { ...facts, creation_time, last_update_time, tags: asRecord(found.tags) },
          {
            creation_time: null,
            last_update_time: null,
            ...expected,
          },
        );
      }
      for (const query of truth.experiment_queries) {
        const answer = await store
          .searchExperiments({ view_type: query.view, ...asked(query) })
          .then(({ items }) => items.map(({ experiment_id }) => experiment_id), codeOf);
        // mlflow 1.x put the experiment changed last first.
        if (query.error !== undefined || (version === "1.30.1" && query.order_by === null)) continue;
        assert.deepEqual(answer, query.result, JSON.stringify(query));
      }
    });

    it("gives every run's facts, params, tags, latest metrics, inputs and outputs", async () => {
      for (const expected of truth.runs) {
        const run = await store.getRun({ run_id: String(expected.info["run_id"]) });
        const { run_uuid: _, start_time = null, end_time = null, ...facts } = run.info;
        assert.deepEqual({ ...facts, start_time, end_time }, expected.info);
        assert.deepEqual(asRecord(run.data.params), expected.params);
        assert.deepEqual(asRecord(run.data.tags), expected.tags);
        assert.deepEqual(Object.fromEntries(run.data.metrics.map((one) => [one.key, point(one)])), expected.latest);
        assert.equal(run.inputs.dataset_inputs.length, expected.dataset_inputs?.length ?? 0);
        assert.equal(run.outputs.model_outputs.length, expected.model_outputs?.length ?? 0);
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

    it("lists the artifacts where they lie now", async () => {
      const walk = async (run_id: string, path?: string): Promise<FileInfo[]> => {
        const files = await store.listArtifacts({ run_id, ...(path === undefined ? {} : { path }) });
        const inside = await Promise.all(files.filter(({ is_dir }) => is_dir).map((one) => walk(run_id, one.path)));
        return [...files, ...inside.flat()];
      };
      for (const [run_id, expected] of Object.entries(truth.artifacts)) {
        const found = new Map((await walk(run_id)).map((one) => [one.path, one.file_size ?? null]));
        // Logged models are shown among a run's own files, which that release's API did not do.
        for (const { path, size } of expected) assert.equal(found.get(path), size, `${run_id} ${path}`);
      }
    });

    it("gives the registry that release gave", async () => {
      const { items } = await store.searchRegisteredModels({});
      const models = items.map((model) => ({
        name: model.name,
        creation_timestamp: model.creation_timestamp,
        last_updated_timestamp: model.last_updated_timestamp,
        description: model.description ?? null,
        tags: asRecord(model.tags),
        latest: model.latest_versions.map(({ current_stage, version: number }) => `${current_stage} ${number}`).sort(),
      }));
      const expected = (truth.registered_models ?? []).map((model) => ({
        name: model.name,
        creation_timestamp: model.creation_timestamp,
        last_updated_timestamp: model.last_updated_timestamp,
        description: model.description,
        tags: model.tags,
        latest: model.latest_versions.map(([stage, number]) => `${stage} ${number}`).sort(),
      }));
      assert.deepEqual(byName(models), byName(expected));
      for (const one of truth.model_versions ?? []) {
        const found: ModelVersion = await store.getModelVersion({ name: one.name, version: String(one.version) });
        assert.deepEqual(
          [found.current_stage, found.source, found.run_id ?? null, found.description ?? null, asRecord(found.tags)],
          [one.current_stage, one.source, one.run_id, one.description, one.tags],
        );
        assert.deepEqual(found.aliases.toSorted(), (one.aliases ?? []).toSorted());
      }
      for (const { name, alias, result, error } of truth.aliases ?? []) {
        // Before 3.17 `latest` was no alias, then the newest of any stage.
        if (alias === "latest" && version !== "3.17.2") continue;
        const answer = await store.getModelVersionByAlias({ name, alias }).then((found) => found.version, codeOf);
        assert.equal(answer, error?.code ?? String(result));
      }
      for (const { name, version: number, result } of truth.download_uris ?? []) {
        const { artifact_uri } = await store.getModelVersionDownloadUri({ name, version: String(number) });
        assert.equal(artifact_uri, result);
      }
    });

    it("searches the registry and logged models as that release did", async () => {
      for (const query of truth.registered_model_queries ?? []) {
        const found = await store
          .searchRegisteredModels(asked(query))
          .then(({ items }) => items.map((one) => one.name), codeOf);
        if (query.error === undefined) assert.deepEqual(found, query.result, JSON.stringify(query));
      }
      for (const query of truth.model_version_queries ?? []) {
        const found = await store
          .searchModelVersions(asked(query))
          .then(({ items }) => items.map((one) => [one.name, Number(one.version)]), codeOf);
        if (query.error === undefined) assert.deepEqual(found, query.result, JSON.stringify(query));
      }
      for (const query of truth.logged_model_queries ?? []) {
        const { filter, order_by } = query;
        const found = await store
          .searchLoggedModels({ experiment_ids: all, ...(filter ? { filter } : {}), ...(order_by ? { order_by } : {}) })
          .then(({ items }) => items.map(({ info }) => info.model_id), codeOf);
        if (query.error === undefined) assert.deepEqual(found, query.result, JSON.stringify(query));
      }
    });

    it("gives the logged models that release gave", async () => {
      const { items } = await store.searchLoggedModels({ experiment_ids: all });
      const facts = ({ info, data }: LoggedModel) => ({
        name: info.name,
        artifact_location: info.artifact_uri,
        status: info.status.replace(/^LOGGED_MODEL_(UPLOAD_)?/, ""),
        tags: asRecord(info.tags),
        params: asRecord(data.params),
        metrics: data.metrics.length,
      });
      const found = Object.fromEntries(items.map((model) => [model.info.model_id, facts(model)]));
      const expected = (truth.logged_models ?? []).map(
        ({ model_id, name, artifact_location, status, tags, params, metrics }) => [
          model_id,
          { name, artifact_location, status, tags, params, metrics: metrics.length },
        ],
      );
      assert.deepEqual(found, Object.fromEntries(expected));
    });

    it("searches runs as that release did", async () => {
      const disagreements: string[] = [];
      for (const query of truth.run_queries) {
        const search = {
          experiment_ids: query.experiments === "ALL" ? all : query.experiments,
          run_view_type: query.view,
          ...asked(query),
        };
        const answer = query.paged === undefined ? idsOf(search) : pagesOf(search, query.paged);
        const found = await answer.catch(codeOf);
        // What an older release could not read yet may be read now.
        if (query.error !== undefined && version !== "3.17.2") continue;
        const expected = query.error?.code ?? query.result;
        if (JSON.stringify(found) !== JSON.stringify(expected)) disagreements.push(JSON.stringify({ ...query, found }));
      }
      assert.deepEqual(disagreements, []);
    });

    async function idsOf(search: Parameters<Store["searchRuns"]>[0]): Promise<string[]> {
      return (await store.searchRuns(search)).items.map(({ info }) => info.run_id);
    }

    async function pagesOf(search: Parameters<Store["searchRuns"]>[0], max_results: number): Promise<string[][]> {
      const pages: string[][] = [];
      let page_token: string | undefined = "";
      while (page_token !== undefined) {
        const page = await store.searchRuns({ ...search, max_results, page_token });
        pages.push(page.items.map(({ info }) => info.run_id));
        page_token = page.next_page_token;
      }
      return pages;
    }
  });
}
