import type { IncomingMessage, ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { FileInfo } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { isLocalUri, localPath, proxiedPath, schemeOf } from "../mlflow/uris.ts";
import type { StoreMethods } from "../store/store.ts";
import { checkPath, deleteFiles, listFiles, openFile, saveFile } from "./artifactFiles.ts";
import { type Handlers, nonEmpty, text } from "./handlers.ts";
import { contentType } from "./contentType.ts";

/** Artifacts as the server reaches them. */
export interface Artifacts {
  store: StoreMethods;
  /** Absolute folder that `mlflow-artifacts:/` stands for. */
  destination: string;
  /** Absolute folder that relative locations count from: mlflow 1.x wrote them so. */
  base: string;
}

/** Calls that list artifacts. */
export function artifactHandlers(artifacts: Artifacts): Handlers {
  const { store, destination } = artifacts;
  return {
    listArtifacts: async ({ run_id, run_uuid, path }) => {
      const { info } = await store.getRun({ run_id: nonEmpty(run_id) ?? text(run_uuid) });
      return { root_uri: info.artifact_uri, files: await list(artifacts, info.artifact_uri, text(path)) };
    },
    listLoggedModelArtifacts: async ({ model_id, artifact_directory_path }) => {
      const { info } = await store.getLoggedModel({ model_id: text(model_id) });
      const files = await list(artifacts, info.artifact_uri, text(artifact_directory_path));
      return { root_uri: info.artifact_uri, files };
    },
    artifactsListArtifacts: async ({ path }) => {
      const files = await listFiles(destination, tidy(text(path)));
      // The proxy names entries without their folder; clients put it in front (mlflow 3.17).
      return { files: files.map((file) => ({ ...file, path: file.path.slice(file.path.lastIndexOf("/") + 1) })) };
    },
  };
}

async function list(artifacts: Artifacts, root_uri: string, path: string): Promise<FileInfo[]> {
  return listFiles(folderOf(artifacts, root_uri), tidy(path));
}

/** The folder behind an artifact location. Throws NOT_IMPLEMENTED for storage that this server cannot reach. */
export function folderOf({ destination, base }: Artifacts, uri: string): string {
  if (isLocalUri(uri)) return resolve(base, localPath(uri));
  const path = proxiedPath(uri);
  if (path !== undefined) {
    checkPath(path);
    return join(destination, path);
  }
  throw new MlflowError("NOT_IMPLEMENTED", `Artifacts in ${schemeOf(uri)}: storage are not served by this server.`);
}

/** `a//b/` and `./a/b` are `a/b`. Throws INVALID_PARAMETER_VALUE for a path that leaves its folder. */
export function tidy(path: string): string {
  checkPath(path);
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** A request whose body or answer is a file, not JSON. */
export interface FileRequest {
  method: string;
  /** Path below `/api` or `/ajax-api`, or the whole one; decoded. */
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

const PROXY = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/(artifacts|mpu\/\w+|presigned)\/(.+)$/s;
const MODEL_FILE = /^\/(?:ajax-)?api\/2\.0\/mlflow\/logged-models\/([^/]+)\/artifacts\/files$/;
const RUN_UPLOAD = "/ajax-api/2.0/mlflow/upload-artifact";

/** Answers a request for a file; undefined when the path is about something else. */
export function answerFile(artifacts: Artifacts, asked: FileRequest): Promise<void> | undefined {
  const { method, path, query, response } = asked;
  const proxy = PROXY.exec(path);
  if (proxy) return answerProxy(artifacts, asked, text(proxy[1]), text(proxy[2]));
  const model = method === "GET" ? MODEL_FILE.exec(path) : null;
  if (model) return sendModelFile(artifacts, response, text(model[1]), query);
  if (method === "GET" && path === "/get-artifact") return sendRunFile(artifacts, response, query);
  if (method === "GET" && path === "/model-versions/get-artifact") return sendVersionFile(artifacts, response, query);
  if (method === "POST" && path === RUN_UPLOAD) return takeRunFile(artifacts, asked);
  return undefined;
}

async function answerProxy(artifacts: Artifacts, asked: FileRequest, kind: string, path: string): Promise<void> {
  const { destination } = artifacts;
  if (kind !== "artifacts") {
    const what = kind === "presigned" ? "Presigned download" : "Multipart upload";
    throw new MlflowError("NOT_IMPLEMENTED", `${what} is not supported for the current artifact repository`);
  }
  switch (asked.method) {
    case "GET":
      return sendFile(asked.response, destination, tidy(path));
    case "PUT":
      await saveFile(destination, tidy(path), asked.request);
      return sendEmpty(asked.response);
    case "DELETE":
      await deleteFiles(destination, tidy(path));
      return sendEmpty(asked.response);
    default:
      throw new MlflowError("ENDPOINT_NOT_FOUND", `${asked.method} is not offered for artifacts.`);
  }
}

async function sendRunFile(artifacts: Artifacts, response: ServerResponse, query: URLSearchParams): Promise<void> {
  const run_id = query.get("run_id") ?? query.get("run_uuid") ?? "";
  const path = tidy(required(query, "path"));
  const { info } = await artifacts.store.getRun({ run_id });
  await sendFile(response, folderOf(artifacts, info.artifact_uri), path);
}

async function sendVersionFile(artifacts: Artifacts, response: ServerResponse, query: URLSearchParams): Promise<void> {
  const path = tidy(required(query, "path"));
  const version = { name: required(query, "name"), version: required(query, "version") };
  const { artifact_uri } = await artifacts.store.getModelVersionDownloadUri(version);
  await sendFile(response, folderOf(artifacts, artifact_uri), path);
}

async function sendModelFile(
  artifacts: Artifacts,
  response: ServerResponse,
  model_id: string,
  query: URLSearchParams,
): Promise<void> {
  const path = query.get("artifact_file_path") ?? "";
  if (path === "") {
    throw new MlflowError("BAD_REQUEST", 'Request must include the "artifact_file_path" query parameter.');
  }
  const { info } = await artifacts.store.getLoggedModel({ model_id });
  await sendFile(response, folderOf(artifacts, info.artifact_uri), tidy(path));
}

/** What MLflow's own web page uploads with: at most 10 MiB there, any size here. */
async function takeRunFile(artifacts: Artifacts, { query, request, response }: FileRequest): Promise<void> {
  const run_id = required(query, "run_uuid");
  const path = tidy(required(query, "path"));
  if (Number(request.headers["content-length"] ?? 1) === 0) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", "Request must specify data.");
  }
  const { info } = await artifacts.store.getRun({ run_id });
  await saveFile(folderOf(artifacts, info.artifact_uri), path, request);
  await sendEmpty(response);
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw new MlflowError("INVALID_PARAMETER_VALUE", `Request must specify ${name}.`);
  return value;
}

/** Streams a file below `root`. */
export async function sendFile(response: ServerResponse, root: string, path: string): Promise<void> {
  const { stream, size, name } = await openFile(root, path);
  // Always an attachment: a page among the artifacts must not run in the server's name.
  response.writeHead(200, {
    "Content-Type": contentType(name),
    "Content-Length": size,
    "Content-Disposition": attachment(name),
    "Cache-Control": "no-cache",
  });
  await pipeline(stream, response);
}

/** A header must be ASCII: other names are told a second time, encoded (RFC 6266). */
function attachment(name: string): string {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `attachment; filename=${name}`;
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  const encoded = ascii === name ? "" : `; filename*=UTF-8''${encodeURIComponent(name)}`;
  return `attachment; filename="${ascii}"${encoded}`;
}

function sendEmpty(response: ServerResponse): Promise<void> {
  response.writeHead(200, { "Content-Type": "application/json" });
  return new Promise((done) => response.end("{}", done));
}
