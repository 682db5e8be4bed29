import { createWriteStream } from "node:fs";
import { appendFile, cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { MlflowError } from "../mlflow/errors.ts";
import { isLocalUri, localPath, parseModelsUri, parseRunsUri, proxiedPath } from "../mlflow/uris.ts";
import type { ArtifactStore } from "../store/artifactStore.ts";
import type { ModelRegistryStore } from "../store/registryStore.ts";
import type { TrackingStore } from "../store/trackingStore.ts";
import { shownAddress } from "./git.ts";
import { mlflowOutput } from "./installedMlflow.ts";

// Artifacts of values and runs: what a parameter of type `path` downloads, and where a run's output is kept.

export type TransferStore = Pick<ArtifactStore, "listArtifacts" | "readArtifact"> &
  Pick<ModelRegistryStore, "getModelVersionDownloadUri" | "getModelVersionByAlias" | "getLatestVersions"> &
  Pick<TrackingStore, "getLoggedModel">;

export interface TransferPlace {
  store: TransferStore;
  /** http(s) address of the tracking server. */
  tracking_uri: string;
  token?: string;
  /** Interpreter whose mlflow is asked for places that are not known here. */
  python?: string;
  /** Ends the transfer. */
  stop: AbortSignal;
}

/** Bytes of one read; the longest that a store gives. */
const PIECE = 1 << 20;

/** Downloads a file or folder into `folder` and gives its path there. @throws MlflowError in one sentence, CANCELLED when stopped. */
export async function downloadArtifact(uri: string, folder: string, place: TransferPlace): Promise<string> {
  try {
    return await download(uri, folder, place);
  } catch (error) {
    if (!place.stop.aborted) throw error;
    throw new MlflowError("CANCELLED", `Stopped while ${shownAddress(uri)} was downloaded; no run was created.`);
  }
}

async function download(uri: string, folder: string, place: TransferPlace): Promise<string> {
  await mkdir(folder, { recursive: true });
  const run = parseRunsUri(uri);
  if (run !== undefined) return downloadOfRun(run.run_id, run.path.replace(/\/+$/, ""), folder, place);
  if (uri.startsWith("models:")) return download(await modelPlace(uri, place), folder, place);
  const proxied = proxiedPath(uri);
  if (proxied !== undefined) return downloadProxied(proxied.replace(/\/+$/, ""), folder, place);
  if (isLocalUri(uri)) return copyLocal(localPath(uri), folder);
  if (/^https?:/i.test(uri)) return downloadFile(uri, place, join(folder, lastPart(new URL(uri).pathname)), uri);
  return downloadByMlflow(uri, folder, place);
}

/** Keeps a file as the artifact `path` of a run. @throws MlflowError for a place that cannot be reached from here. */
export async function uploadArtifact(
  file: string,
  run: { run_id: string; artifact_uri: string },
  path: string,
  place: TransferPlace,
): Promise<void> {
  const proxied = proxiedPath(run.artifact_uri);
  if (proxied !== undefined) return uploadProxied(file, posix.join(proxied, path), place);
  if (isLocalUri(run.artifact_uri)) {
    const target = join(localPath(run.artifact_uri), path);
    if (!isAbsolute(target)) throw unreachable(run.artifact_uri);
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
    return;
  }
  const args = ["artifacts", "log-artifact", "--local-file", file, "--run-id", run.run_id];
  const output = await mlflowOutput(place, [...args, "--artifact-path", posix.dirname(path)], place.stop);
  if (output === undefined) throw unreachable(run.artifact_uri);
}

async function downloadOfRun(run_id: string, path: string, folder: string, place: TransferPlace): Promise<string> {
  const { store, stop } = place;
  const below = await store.listArtifacts({ run_id, ...(path === "" ? {} : { path }) });
  const target = path === "" ? folder : join(folder, lastPart(path));
  if (below.length === 0) {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, "");
    for (let offset = 0; ; offset += PIECE) {
      stop.throwIfAborted();
      const { bytes, size } = await store.readArtifact({ run_id, path, offset, length: PIECE });
      await appendFile(target, bytes);
      if (offset + bytes.length >= size || bytes.length === 0) break;
    }
    return target;
  }
  await mkdir(target, { recursive: true });
  for (const one of below) await downloadOfRun(run_id, one.path, target, place);
  return target;
}

async function modelPlace(uri: string, { store }: TransferPlace): Promise<string> {
  const model = parseModelsUri(uri);
  if (model === undefined) throw invalid(`${uri} names no model.`);
  switch (model.kind) {
    case "model":
      return (await store.getLoggedModel({ model_id: model.model_id })).info.artifact_uri;
    case "version":
      return (await store.getModelVersionDownloadUri(model)).artifact_uri;
    case "alias": {
      const { name, version } = await store.getModelVersionByAlias(model);
      return (await store.getModelVersionDownloadUri({ name, version })).artifact_uri;
    }
    case "stage": {
      const { name, stage } = model;
      const stages = stage.toLowerCase() === "latest" ? {} : { stages: [stage] };
      const versions = await store.getLatestVersions({ name, ...stages });
      const newest = versions.toSorted((a, b) => Number(b.version) - Number(a.version))[0];
      if (newest === undefined) throw invalid(`${uri} names no version of a model.`);
      return (await store.getModelVersionDownloadUri({ name, version: newest.version })).artifact_uri;
    }
    default:
      return model satisfies never;
  }
}

async function downloadProxied(path: string, folder: string, place: TransferPlace): Promise<string> {
  const { url, headers } = addressOf(place, "");
  url.searchParams.set("path", path);
  const listed = await ask(url, { headers, signal: place.stop }, path);
  const { files = [] } = (await listed.json()) as { files?: { path: string; is_dir?: boolean }[] };
  const target = join(folder, lastPart(path));
  if (files.length === 0) {
    const file = addressOf(place, path);
    return downloadFile(file.url.href, { headers: file.headers, stop: place.stop }, target, path);
  }
  await mkdir(target, { recursive: true });
  // A listing tells paths below the folder that was asked for.
  for (const one of files) await downloadProxied(posix.join(path, lastPart(one.path)), target, place);
  return target;
}

async function uploadProxied(file: string, path: string, place: TransferPlace): Promise<void> {
  const { url, headers } = addressOf(place, path);
  const body = await readFile(file);
  await ask(url, { method: "PUT", headers: { ...headers, "content-type": "text/plain" }, body }, path);
}

async function downloadFile(
  url: string,
  { headers = {}, stop }: { headers?: Record<string, string>; stop: AbortSignal },
  target: string,
  what: string,
): Promise<string> {
  const response = await ask(new URL(url), { headers, signal: stop }, what);
  await mkdir(dirname(target), { recursive: true });
  if (response.body === null) await writeFile(target, "");
  else await pipeline(response.body, createWriteStream(target));
  return target;
}

async function copyLocal(path: string, folder: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw invalid(`${path} is not there.`);
  const target = join(folder, basename(path));
  await cp(path, target, { recursive: true });
  return target;
}

async function downloadByMlflow(uri: string, folder: string, place: TransferPlace): Promise<string> {
  const output = await mlflowOutput(
    place,
    ["artifacts", "download", "--artifact-uri", uri, "--dst-path", folder],
    place.stop,
  );
  const path = output?.trim().split("\n").at(-1)?.trim() ?? "";
  if (path === "") throw unreachable(uri);
  return path;
}

/** The address of MLflow's artifact proxy, with what every call carries. */
function addressOf({ tracking_uri, token }: TransferPlace, path: string) {
  const url = new URL(tracking_uri);
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  url.pathname = posix.join(url.pathname, "api/2.0/mlflow-artifacts/artifacts", escaped);
  const user =
    url.username === "" ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = url.password = "";
  const basic = user === undefined ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
  const authorization = token === undefined ? basic : `Bearer ${token}`;
  return { url, headers: authorization === undefined ? {} : { authorization } };
}

async function ask(url: URL, init: RequestInit, what: string): Promise<Response> {
  let response: Response;
  try {
    const late = AbortSignal.timeout(600_000);
    const { signal } = init;
    response = await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, late]) : late });
  } catch (cause) {
    throw new MlflowError("TEMPORARILY_UNAVAILABLE", `${url.origin} does not answer.`, { cause });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw invalid(`${url.origin} answered with status ${response.status} for ${shownAddress(what)}.`);
}

function lastPart(path: string): string {
  const name = decodeName(posix.basename(path));
  // What is decoded may be `..` as well, which leads out of the folder.
  return ["", ".", ".."].includes(name) ? "artifact" : name;
}

function decodeName(name: string): string {
  try {
    return posix.basename(decodeURIComponent(name));
  } catch {
    return name;
  }
}

function unreachable(uri: string): MlflowError {
  return invalid(`${shownAddress(uri)} cannot be reached without Python's mlflow; choose an interpreter that has it.`);
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
