// Whether the files that values name are as they were: a step whose input was written anew must run again.
import { createHash, type Hash } from "node:crypto";
import { createReadStream, type BigIntStats } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { MlflowError } from "../../mlflow/errors.ts";
import { schemeOf } from "../uriText.ts";

/** Files of a folder that are looked at; of a larger one nothing is known. */
const MOST_FILES = 10_000;
/** Bytes of one value that are read. Beyond them a file is known by size, times and place on the disk, which no writer leaves as they were. */
const MOST_BYTES = 256 << 20;

/** What the files that values name held, by parameter; or why that cannot be told, in a part of a sentence. */
export type Contents = { files: Record<string, string> } | { unknown: string };

/**
 * `places`: by parameter the path on this machine, or undefined for one elsewhere; `values`: as they were given. A place that
 * belongs to a run that ended stays as it is: one of `run_ids`, or what MLflow addresses by run, model or version.
 */
export async function contentsOf(
  places: ReadonlyMap<string, string | undefined>,
  values: ReadonlyMap<string, string>,
  run_ids: readonly string[],
): Promise<Contents> {
  const files: Record<string, string> = {};
  for (const [name, path] of places) {
    const value = values.get(name) ?? "";
    const ofRun = run_ids.some((run_id) => value.includes(run_id));
    if (path === undefined) {
      if (!ofRun && !isSettled(value)) return { unknown: `what ${name} names (${schemeOf(value)}:) may have changed` };
      continue;
    }
    try {
      files[name] = await contentOf(path);
    } catch (error) {
      if (ofRun) continue;
      const why = error instanceof MlflowError ? error.message : "it cannot be read";
      return { unknown: `whether ${name} is as it was cannot be told: ${why}` };
    }
  }
  return { files };
}

/** Those whose content differs, or is known of one side alone. */
export function changedFiles(before: unknown, files: Record<string, string>): string[] {
  const known = new Map<string, unknown>(typeof before === "object" && before !== null ? Object.entries(before) : []);
  const names = new Set([...known.keys(), ...Object.keys(files)]);
  return [...names].filter((name) => known.get(name) !== files[name]);
}

/** Artifacts of a run, a logged model, a version of a model: not an alias or a stage, which move. */
function isSettled(uri: string): boolean {
  return /^(?:runs|mlflow-artifacts):/i.test(uri) || /^models:\/+(?:m-\w+|[^/@]+\/\d+)(?:\/|$)/i.test(uri);
}

/** A hash of a file, or of all that a folder holds. @throws MlflowError when it cannot be told. */
async function contentOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await addPlace(path, ".", hash, { files: 0, bytes: 0 });
  return hash.digest("hex").slice(0, 16);
}

interface Seen {
  files: number;
  bytes: number;
}

async function addPlace(path: string, name: string, hash: Hash, seen: Seen): Promise<void> {
  const found = await statOf(path);
  // As a link that leads nowhere.
  if (found === undefined) return add(hash, name, "gone");
  if (found.isDirectory()) return addFolder(path, name, hash, seen);
  if (!found.isFile()) throw unclear(`${path} is no file`);
  seen.files += 1;
  if (seen.files > MOST_FILES) throw unclear(`it holds more than ${MOST_FILES} files`);
  seen.bytes += Number(found.size);
  add(hash, name, seen.bytes > MOST_BYTES ? stampOf(found) : await hashOf(path));
}

async function addFolder(path: string, name: string, hash: Hash, seen: Seen): Promise<void> {
  add(hash, name, "folder");
  const names: string[] = [];
  for await (const entry of await opendir(path)) {
    names.push(entry.name);
    if (seen.files + names.length > MOST_FILES) throw unclear(`it holds more than ${MOST_FILES} files`);
  }
  // A link that leads to a folder around it is walked until the bound.
  seen.files += 1;
  for (const one of names.toSorted()) await addPlace(join(path, one), `${name}/${one}`, hash, seen);
}

function add(hash: Hash, name: string, what: string): void {
  hash.update(`${name}\0${what}\0`);
}

/** Undefined for what is not there; an editor's Node 22 knows no `throwIfNoEntry` here. */
async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function stampOf({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino, dev].join(" ");
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

function unclear(message: string): MlflowError {
  return new MlflowError("INVALID_STATE", message);
}
