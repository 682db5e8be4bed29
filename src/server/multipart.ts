import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { MultipartUploadCredential, MultipartUploadPart } from "../mlflow/api.generated.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { UPLOAD_PREFIX } from "../store/listedFiles.ts";
import { ABANDONED_AFTER, removeIfAbandoned, writeProblem } from "./artifactFiles.ts";
import { findFolder, type Folder, makeFolder, type Place } from "./artifactFolder.ts";
import { tidyFilePath } from "./artifactPath.ts";

// Uploads in parts, as MLflow's client makes them with MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: it asks for one URL for each
// part, sends the parts there without our token, several at once, and names them again in the end.

/** Where parts are sent: `<here>/<upload_id>/<part_number>?expires=…&signature=…`. */
export const PART_PATH = "/flowdeck/upload-parts/";
/** Parts of one upload, as in S3. */
const MAX_PARTS = 10_000;
/** Below the artifacts destination; never listed. */
const PARTS = `${UPLOAD_PREFIX}parts`;
const MANIFEST = "upload.json";

/** What an upload is, in its own folder: another server of this store, after a restart, goes on with it. */
interface Manifest {
  path: string;
  parts: number;
  /** Signs the URLs of the parts. */
  secret: string;
}

export interface CreatedUpload {
  upload_id: string;
  credentials: MultipartUploadCredential[];
}

/** Begins an upload to `path` of `destination`; `origin` is how the client reaches this server. */
export async function createUpload(
  destination: string,
  path: string,
  parts: number,
  origin: string,
): Promise<CreatedUpload> {
  const tidy = tidyFilePath(path);
  if (!Number.isInteger(parts) || parts < 1 || parts > MAX_PARTS) {
    throw invalid(`num_parts must be between 1 and ${MAX_PARTS}.`);
  }
  await removeAbandoned(destination);
  const upload_id = randomUUID().replaceAll("-", "");
  const manifest: Manifest = { path: tidy, parts, secret: randomBytes(32).toString("hex") };
  try {
    const folder = makeFolder(placeOf(destination, upload_id), "", []);
    try {
      writeFileSync(folder.at(MANIFEST), JSON.stringify(manifest), { flag: "wx", mode: 0o600 });
    } finally {
      folder.close();
    }
  } catch (error) {
    throw writeProblem(error, tidy);
  }
  const expires = Math.floor((Date.now() + ABANDONED_AFTER) / 1000);
  const credentials = Array.from({ length: parts }, (_, i) => {
    const part = `${upload_id}/${i + 1}`;
    const query = `expires=${expires}&signature=${sign(manifest, part, expires)}`;
    return { url: `${origin}${PART_PATH}${part}?${query}`, part_number: i + 1, headers: {} };
  });
  return { upload_id, credentials };
}

/** A part that is being sent. */
interface SentPart {
  place: Place;
  /** Name of the file to save it as, in `place`. */
  name: string;
  etag: string;
}

/** Checks the URL of a part. Throws PERMISSION_DENIED when it is not one of ours, RESOURCE_DOES_NOT_EXIST when it is over. */
export function readPartUrl(destination: string, path: string, query: URLSearchParams): SentPart {
  const [, upload_id = "", number = ""] = /^([0-9a-f]{32})\/([1-9]\d{0,4})$/.exec(path.slice(PART_PATH.length)) ?? [];
  const expires = Number(query.get("expires"));
  const manifest = upload_id === "" ? undefined : readManifest(destination, upload_id);
  const signature = Buffer.from(query.get("signature") ?? "");
  const wanted = Buffer.from(manifest ? sign(manifest, `${upload_id}/${number}`, expires) : "");
  if (manifest === undefined || signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
    throw new MlflowError("PERMISSION_DENIED", "This URL takes no part of an upload.");
  }
  if (expires * 1000 < Date.now()) throw new MlflowError("PERMISSION_DENIED", "The URL of this part has expired.");
  const etag = randomUUID().replaceAll("-", "");
  return { place: placeOf(destination, upload_id), name: `${number}-${etag}`, etag: `"${etag}"` };
}

/** Uploads that are being put together, so that the same request sent twice is answered twice and done once. */
const completing = new Map<string, Promise<void>>();

export interface NamedParts {
  path: string;
  upload_id: string;
  parts: MultipartUploadPart[];
}

type Save = (path: string, content: AsyncIterable<Buffer>) => Promise<void>;

/** Puts the parts together; `save` gets the stream of them and the path. */
export async function completeUpload(destination: string, given: NamedParts, save: Save): Promise<void> {
  const names = checkParts(findUpload(destination, given.upload_id, given.path), given.parts);
  const key = `${destination} ${given.upload_id} ${names.join(" ")}`;
  const running = completing.get(key);
  if (running) return running;
  const work = complete(destination, given, names, save).finally(() => completing.delete(key));
  completing.set(key, work);
  return work;
}

/** The names of the files that the parts are in. Throws INVALID_PARAMETER_VALUE unless all are named, in their order. */
function checkParts(manifest: Manifest, parts: MultipartUploadPart[]): string[] {
  const wrong = parts.findIndex(({ part_number }, i) => part_number !== i + 1);
  if (wrong >= 0 || parts.length !== manifest.parts) {
    throw invalid(`The upload has ${manifest.parts} parts: name each of them once, in their order.`);
  }
  return parts.map(({ part_number, etag = "" }) => `${part_number}-${etag.replace(/^(?:W\/)?"|"$/g, "")}`);
}

async function complete(
  destination: string,
  { path, upload_id }: NamedParts,
  names: string[],
  save: Save,
): Promise<void> {
  const folder = openUpload(destination, upload_id);
  try {
    const there = new Set(readdirSync(folder.at("")));
    const missing = names.findIndex((name) => !there.has(name));
    if (missing >= 0) throw invalid(`Part ${missing + 1} was not uploaded, or has another ETag.`);
    await save(tidyFilePath(path), joined(folder, names));
  } finally {
    folder.close();
  }
  await removeUpload(destination, upload_id);
}

async function* joined(folder: Folder, names: string[]): AsyncIterable<Buffer> {
  for (const name of names) {
    for await (const chunk of createReadStream(folder.at(name), { highWaterMark: 1024 * 1024 })) {
      yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    }
  }
}

/** Ends an upload and removes its parts. */
export async function abortUpload(destination: string, given: { path: string; upload_id: string }): Promise<void> {
  findUpload(destination, given.upload_id, given.path);
  await removeUpload(destination, given.upload_id);
}

async function removeUpload(destination: string, upload_id: string): Promise<void> {
  const folder = findFolder({ root: destination, folder: "" }, PARTS);
  try {
    if (folder) await rm(folder.at(upload_id), { recursive: true, force: true });
  } finally {
    folder?.close();
  }
}

/** Removes uploads of which nothing was heard for a day. */
async function removeAbandoned(destination: string): Promise<void> {
  try {
    const folder = findFolder({ root: destination, folder: "" }, PARTS);
    try {
      for (const name of folder ? readdirSync(folder.at("")) : []) await removeIfAbandoned(folder?.at(name) ?? "");
    } finally {
      folder?.close();
    }
  } catch {
    // What another user's server left cannot be listed: whoever uploads now is not the one to tell.
  }
}

function placeOf(destination: string, upload_id: string): Place {
  return { root: destination, folder: `${PARTS}/${upload_id}` };
}

/** Throws RESOURCE_DOES_NOT_EXIST when there is no such upload, or it is one to another path. */
function findUpload(destination: string, upload_id: string, path: string): Manifest {
  const manifest = /^[0-9a-f]{32}$/.test(upload_id) ? readManifest(destination, upload_id) : undefined;
  if (manifest?.path === tidyFilePath(path)) return manifest;
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `There is no upload '${upload_id.slice(0, 64)}' of this artifact.`);
}

function openUpload(destination: string, upload_id: string): Folder {
  const folder = findFolder(placeOf(destination, upload_id), "");
  if (folder) return folder;
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "The upload is over.");
}

function readManifest(destination: string, upload_id: string): Manifest | undefined {
  const folder = findFolder(placeOf(destination, upload_id), "");
  if (folder === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(folder.at(MANIFEST), "utf8"));
    return isManifest(manifest) ? manifest : undefined;
  } catch {
    // An upload that is being begun or removed.
    return undefined;
  } finally {
    folder.close();
  }
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null && "path" in value && "parts" in value && "secret" in value;
}

function sign({ secret }: Manifest, part: string, expires: number): string {
  return createHmac("sha256", secret).update(`${part} ${expires}`).digest("hex");
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
