import type { KeyValue, ModelStage, ModelVersion } from "../../mlflow/entities.ts";
import type { ModelFile } from "../../mlflow/modelFile.ts";
import { loggedModelOf } from "../../mlflow/modelVersions.ts";
import type { Schema, Signature } from "../../mlflow/signature/types.ts";
import { paramWords, schemaWords } from "../../mlflow/signature/words.ts";
import { compareVersions } from "../../models/compareVersions.ts";
import { readHistory } from "../../models/history.ts";
import type {
  HistoryRow,
  ModelAbility,
  ModelHistory,
  ModelOverview,
  SignatureFacts,
  SignatureLine,
  VersionDetails,
  VersionFile,
  VersionsBeside,
} from "../../protocol/panels/model.ts";
import type { Remote } from "../../protocol/rpc.ts";
import { isMachinery } from "../../protocol/tags.ts";
import { MOST_VERSION_ROWS, type VersionRow } from "../../protocol/versions.ts";
import type { StoreMethods } from "../../store/store.ts";
import type { KeptFiles } from "./keptFiles.ts";
import { readVersionFacts } from "./versionFacts.ts";

// What the Model panel shows, read from its store. No vscode: tested on real stores.

/** A store, and how it is called. */
export interface NamedStore {
  name: string;
  remote: Remote<StoreMethods>;
}

/** The same, with the files that were read of it. */
export type KeptStore = NamedStore & { files: KeptFiles };

export async function readModelOverview(
  { name: store_name, remote }: NamedStore,
  name: string,
  can: ModelAbility[],
): Promise<ModelOverview> {
  const [model, rows] = await Promise.all([
    remote.getRegisteredModel({ name }),
    remote.versionRows({ name, offset: 0, limit: 0 }),
  ]);
  const stages = new Map<ModelStage, string>(model.latest_versions.map((one) => [one.current_stage, one.version]));
  return {
    name: model.name,
    store_name,
    description: model.description ?? "",
    tags: ownTags(model.tags),
    aliases: model.aliases,
    stages: [...stages].map(([stage, version]) => ({ stage, version })),
    versions: rows.versions,
    can,
  };
}

export async function readVersionDetails(
  { remote, files }: KeptStore,
  key: { name: string; version: string },
): Promise<VersionDetails> {
  const version = await remote.getModelVersion(key);
  const model_id = loggedModelOf(version);
  const [row, facts, logged] = await Promise.all([
    readRow(remote, key),
    readVersionFacts(remote, version, files),
    model_id === undefined ? undefined : remote.getLoggedModel({ model_id }).catch(() => undefined),
  ]);
  return {
    row,
    last_updated_timestamp: version.last_updated_timestamp,
    source: version.source ?? "",
    tags: ownTags(version.tags),
    metrics: facts.metrics.map(({ key, value }) => ({ key, value })),
    params: [...facts.params],
    ...(logged === undefined ? {} : { model: { model_id: logged.info.model_id, name: logged.info.name } }),
    ...(facts.file === undefined ? { problem: whyNoFile(version) } : { file: fileOf(facts.file) }),
  };
}

/** Those of some versions that are there: a page at a time of what lies between the first and the last of them. */
export async function readVersionsThere(
  { remote }: NamedStore,
  { name, versions }: { name: string; versions: readonly string[] },
): Promise<{ versions: string[] }> {
  const numbers = versions.map(Number);
  const filter = `version_number >= ${Math.min(...numbers)} AND version_number <= ${Math.max(...numbers)}`;
  const there = new Set<string>();
  for (let offset = 0, total = 1; offset < total; offset += MOST_VERSION_ROWS) {
    const page = await remote.versionRows({ name, filter, offset, limit: MOST_VERSION_ROWS });
    for (const { version } of page.rows) there.add(version);
    total = page.total;
  }
  return { versions: versions.filter((version) => there.has(version)) };
}

/** Two versions of a model beside each other. */
export async function readVersionsBeside(
  { remote, files }: KeptStore,
  query: { name: string; version: string; against: string },
  directionOf: (metric_key: string) => "lower" | "higher",
): Promise<VersionsBeside> {
  const { name, version, against } = query;
  const read = async (number: string) => {
    const key = { name, version: number };
    const [row, facts] = await Promise.all([
      readRow(remote, key),
      remote.getModelVersion(key).then((found) => readVersionFacts(remote, found, files)),
    ]);
    return { row, facts };
  };
  const [one, other] = await Promise.all([read(version), read(against)]);
  return {
    version: one.row,
    against: other.row,
    differences: compareVersions(one.facts, other.facts, directionOf),
  };
}

/** The newest acts that were kept, and when versions were made. */
export async function readModelHistory(
  { remote }: NamedStore,
  { name, limit }: { name: string; limit: number },
): Promise<ModelHistory> {
  const newest = { by: "creation_timestamp", ascending: false } as const;
  const [model, made] = await Promise.all([
    remote.getRegisteredModel({ name }),
    remote.versionRows({ name, order: newest, offset: 0, limit: Math.min(limit, MOST_ACTS) }),
  ]);
  const kept = readHistory(model.tags, limit);
  const registered = made.rows.map(
    ({ version, creation_timestamp, user_id, run }): HistoryRow => ({
      what: "registered",
      time: creation_timestamp,
      who: user_id ?? "",
      version,
      ...(run === undefined ? {} : { run }),
    }),
  );
  const rows = [...kept.entries, ...registered].sort((a, b) => b.time - a.time);
  return {
    rows: rows.slice(0, limit),
    more: limit < MOST_ACTS && (rows.length > limit || kept.more > 0 || made.versions > made.rows.length),
  };
}

/** Acts that the history goes back. */
const MOST_ACTS = 500;

async function readRow(
  remote: NamedStore["remote"],
  { name, version }: { name: string; version: string },
): Promise<VersionRow> {
  const [row] = (await remote.versionRows({ name, filter: `version_number = ${version}`, offset: 0, limit: 1 })).rows;
  // It was there a moment ago: who asks for it now is told what MLflow tells.
  return row ?? rowOf(await remote.getModelVersion({ name, version }));
}

function rowOf({ version, aliases, current_stage, status, creation_timestamp }: ModelVersion): VersionRow {
  return { version, aliases, current_stage, status, creation_timestamp };
}

function ownTags(tags: readonly KeyValue[]): KeyValue[] {
  return tags.filter(({ key }) => !isMachinery(key));
}

function fileOf({ flavors, signature, size, mlflow_version }: ModelFile): VersionFile {
  return {
    flavors: flavors.map(({ name, version }) => ({ name, ...(version === undefined ? {} : { version }) })),
    ...(signature === undefined ? {} : { signature: signatureOf(signature) }),
    ...(size === undefined ? {} : { size }),
    ...(mlflow_version === undefined ? {} : { mlflow_version }),
  };
}

/** Columns, tensors and params of a signature that are told in words; there may be any number. */
const MOST_LINES = 200;

function signatureOf({ inputs, outputs, params = [] }: Signature): SignatureFacts {
  const lines = {
    inputs: linesOf(inputs),
    outputs: linesOf(outputs),
    params: params.map((param) => ({ name: param.name, words: `${paramWords(param)} = ${param.default}` })),
  };
  return {
    ...{ inputs: lines.inputs.length, outputs: lines.outputs.length, params: lines.params.length },
    lines: {
      inputs: lines.inputs.slice(0, MOST_LINES),
      outputs: lines.outputs.slice(0, MOST_LINES),
      params: lines.params.slice(0, MOST_LINES),
    },
  };
}

function linesOf(schema: Schema | undefined): SignatureLine[] {
  if (schema === undefined) return [];
  return schemaWords(schema).map(({ name, words, required }) => ({
    name,
    words: required ? words : `${words}, optional`,
  }));
}

function whyNoFile({ version, run_id, source = "" }: ModelVersion): string {
  const place = /^[a-z][a-z0-9+.-]*:/i.exec(source)?.[0];
  const isElsewhere = place !== undefined && !["runs:", "models:", "file:", "mlflow-artifacts:"].includes(place);
  if (isElsewhere) return `Version ${version} lies on ${place}//, which is not read here.`;
  if (run_id === undefined || run_id === "") return `Version ${version} names no run, so its files are not found.`;
  return `The MLmodel of version ${version} is not where it was logged.`;
}
