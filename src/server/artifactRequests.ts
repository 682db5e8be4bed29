import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Rpcs } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { send, sendRefusal } from "./answers.ts";
import { deleteFiles } from "./artifactFiles.ts";
import type { Place } from "./artifactFolder.ts";
import { tidyFilePath, tidyPath } from "./artifactPath.ts";
import { placeOf } from "./artifactPlaces.ts";
import type { Artifacts } from "./artifacts.ts";
import { text } from "./handlers.ts";
import { abortUpload, completeUpload, createUpload, PART_PATH, readPartUrl } from "./multipart.ts";
import { type RawRequest, readRequest } from "./request.ts";
import { savePart, saveFile } from "./saveArtifact.ts";
import { sendFile } from "./sendArtifact.ts";
import { noteStoring } from "./slowClients.ts";

/** A request whose body or answer is a file, not JSON. */
export interface FileRequest {
  method: string;
  /** Path below `/api` or `/ajax-api`, or the whole one; decoded. */
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
  /** The request with its body as text, for those that are JSON after all. */
  raw(): Promise<RawRequest>;
}

const PROXY = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/(artifacts|mpu\/(?:create|complete|abort)|presigned)\/(.+)$/s;
const METHODS: Readonly<Record<string, string>> = { artifacts: "GET, PUT, DELETE", presigned: "GET" };
const MODEL_FILE = /^\/(?:ajax-)?api\/2\.0\/mlflow\/logged-models\/([^/]+)\/artifacts\/files$/;
const RUN_UPLOAD = "/ajax-api/2.0/mlflow/upload-artifact";

/** Answers a request for a file; undefined when the path is about something else. */
export function answerFile(artifacts: Artifacts, asked: FileRequest): Promise<void> | undefined {
  const { method, path } = asked;
  const proxy = PROXY.exec(path);
  if (proxy) return answerProxy(artifacts, asked, text(proxy[1]), text(proxy[2]));
  if (method === "PUT" && path.startsWith(PART_PATH)) return takePart(artifacts, asked);
  if (method === "POST" && path === RUN_UPLOAD) return takeRunFile(artifacts, asked);
  if (method !== "GET") return undefined;
  const model = MODEL_FILE.exec(path);
  if (model) return sendModelFile(artifacts, asked, text(model[1]));
  if (path === "/get-artifact") return sendRunFile(artifacts, asked);
  if (path === "/model-versions/get-artifact") return sendVersionFile(artifacts, asked);
  return undefined;
}

async function answerProxy(artifacts: Artifacts, asked: FileRequest, kind: string, path: string): Promise<void> {
  const place = { root: artifacts.destination, folder: "" };
  switch (`${asked.method} ${kind}`) {
    case "GET artifacts":
      return sendFile(asked.request, asked.response, place, tidyPath(path));
    case "PUT artifacts":
      noteStoring(asked.request);
      await saveFile(place, path, asked.request);
      return sendJson(asked.response, {});
    case "DELETE artifacts":
      noteStoring(asked.request);
      await deleteFiles(place, path);
      return sendJson(asked.response, {});
    case "POST mpu/create":
      return createMultipart(place, asked, path);
    case "POST mpu/complete":
      return completeMultipart(place, asked, path);
    case "POST mpu/abort":
      return abortMultipart(place, asked, path);
    case "GET presigned":
      // The client goes on without a signed URL after a 404 or a 501 (mlflow 3.17), and we answer nothing of 500 and more.
      tidyPath(path);
      throw new MlflowError(
        "ENDPOINT_NOT_FOUND",
        "Presigned download is not supported for the current artifact repository",
      );
    default:
      asked.response.setHeader("Allow", METHODS[kind] ?? "POST");
      return sendRefusal(asked.response, {
        status: 405,
        error_code: "ENDPOINT_NOT_FOUND",
        message: `${asked.method} is not offered for ${kind}.`,
      });
  }
}

async function createMultipart({ root }: Place, asked: FileRequest, folder: string): Promise<void> {
  const { path, num_parts } = await readMessage(asked, "createMultipartUpload", "CreateMultipartUpload");
  // As the client reached us: it sends the parts to the same address.
  const origin = `http://${text(asked.request.headers.host)}`;
  sendJson(asked.response, await createUpload(root, pathOfUpload(folder, path), num_parts ?? 0, origin));
}

async function completeMultipart(place: Place, asked: FileRequest, folder: string): Promise<void> {
  const { path, upload_id, parts } = await readMessage(asked, "completeMultipartUpload", "CompleteMultipartUpload");
  const given = { path: pathOfUpload(folder, path), upload_id: text(upload_id), parts: parts ?? [] };
  noteStoring(asked.request);
  await completeUpload(place.root, given, async (whole, content) => {
    const stream = Readable.from(content);
    try {
      await saveFile(place, whole, stream);
    } finally {
      // It may have a part open.
      stream.destroy();
    }
  });
  sendJson(asked.response, {});
}

async function abortMultipart({ root }: Place, asked: FileRequest, folder: string): Promise<void> {
  const { path, upload_id } = await readMessage(asked, "abortMultipartUpload", "AbortMultipartUpload");
  await abortUpload(root, { path: pathOfUpload(folder, path), upload_id: text(upload_id) });
  sendJson(asked.response, {});
}

async function readMessage<K extends keyof Rpcs>(
  asked: FileRequest,
  rpc: K,
  request: string,
): Promise<Rpcs[K]["request"]> {
  return readRequest({ rpc, request, response: `${request}Response`, parameters: {} }, await asked.raw());
}

/** The client tells the file as it names it on its own machine; its last part counts (mlflow 3.17 `S3ArtifactRepository`). */
function pathOfUpload(folder: string, file: string | undefined): string {
  const isWindows = /^(?:[A-Za-z]:)?\\|^[A-Za-z]:/.test(text(file));
  const name = text(file)
    .split(isWindows ? /[\\/]/ : "/")
    .at(-1);
  return tidyFilePath(`${tidyPath(folder)}/${name}`);
}

async function takePart({ destination }: Artifacts, asked: FileRequest): Promise<void> {
  const { place, name, etag } = readPartUrl(destination, asked.path, asked.query);
  noteStoring(asked.request);
  await savePart(place, name, asked.request);
  sendJson(asked.response, {}, { ETag: etag });
}

async function sendRunFile(artifacts: Artifacts, { query, request, response }: FileRequest): Promise<void> {
  const run_id = query.get("run_id") || (query.get("run_uuid") ?? "");
  const path = readPath(query);
  const { info } = await artifacts.store.getRun({ run_id });
  await sendFile(request, response, placeOf(artifacts, info.artifact_uri), path);
}

async function sendVersionFile(artifacts: Artifacts, { query, request, response }: FileRequest): Promise<void> {
  const path = readPath(query);
  const version = { name: query.get("name") ?? "", version: query.get("version") ?? "" };
  const { artifact_uri } = await artifacts.store.getModelVersionDownloadUri(version);
  await sendFile(request, response, placeOf(artifacts, artifact_uri), path);
}

async function sendModelFile(artifacts: Artifacts, asked: FileRequest, model_id: string): Promise<void> {
  const path = asked.query.get("artifact_file_path") ?? "";
  if (path === "") {
    throw new MlflowError("BAD_REQUEST", 'Request must include the "artifact_file_path" query parameter.');
  }
  const tidy = tidyPath(path);
  const { info } = await artifacts.store.getLoggedModel({ model_id });
  await sendFile(asked.request, asked.response, placeOf(artifacts, info.artifact_uri), tidy);
}

/** What MLflow's own web page uploads with: at most 10 MiB there, any size here. */
async function takeRunFile(artifacts: Artifacts, { query, request, response }: FileRequest): Promise<void> {
  const run_id = required(query, "run_uuid");
  const asked = required(query, "path");
  tidyPath(asked);
  if (Number(request.headers["content-length"] ?? 1) === 0) throw noData();
  const { info } = await artifacts.store.getRun({ run_id });
  // A folder's path is told only of a run that is there.
  const path = tidyFilePath(asked);
  noteStoring(request);
  await saveFile(placeOf(artifacts, info.artifact_uri), path, request, (bytes) => {
    if (bytes === 0) throw noData();
  });
  sendJson(response, {});
}

function noData(): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", "Request must specify data.");
}

/** An empty path is refused as the folder that it is, after what it belongs to is found. */
function readPath(query: URLSearchParams): string {
  return tidyPath(query.get("path") ?? required(query, "path"));
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw new MlflowError("INVALID_PARAMETER_VALUE", `Request must specify ${name}.`);
  return value;
}

function sendJson(response: ServerResponse, value: object, headers: Record<string, string> = {}): void {
  send(response, 200, "application/json", JSON.stringify(value), headers);
}
