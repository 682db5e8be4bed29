import { createWriteStream, existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { MlflowError } from "../mlflow/errors.ts";
import { readGitPlace, shownAddress, sourceName, withoutCredentials } from "./git.ts";
import { fetchFromGit, isGitUri, makeWorktree } from "./gitSources.ts";
import { bareUri, splitUri } from "./projectUri.ts";
import type { FetchedProject } from "./request.ts";
import { makeTemporaryFolder, noSpaceLeft } from "./temporaryFolder.ts";

/** A project as it lies on this machine, fetched if need be. */
export interface ProjectSource {
  /** Absolute path of the folder that holds the MLproject file. */
  folder: string;
  /** `mlflow.source.name`. */
  name: string;
  /** The version asked for, when it is a branch. */
  branch?: string;
  /** The temporary folder that it was fetched into. */
  root?: string;
  /** Removes what was fetched for one run; what the person has is never touched. */
  remove(): Promise<void>;
}

export interface SourceQuery {
  /** A folder, a `file:` URI, a ZIP file or its address, or a repository; `#sub/folder` may follow. */
  uri: string;
  /** Branch, tag or commit of a repository. */
  version?: string;
  /** Folder that relative paths count from. */
  folder: string;
  say(line: string): void;
  stop: AbortSignal;
  /** There is no terminal in which git could ask or tell. */
  quiet?: boolean;
}

/** Finds or fetches a project as MLflow (3.17.2) does. @throws MlflowError in one sentence. */
export async function fetchProject(query: SourceQuery): Promise<ProjectSource> {
  const bare = bareUri(query.uri);
  const [base, below] = splitUri(bare);
  const path = base.startsWith("file:") ? pathOf(base) : resolve(query.folder, base);
  if (/.\.zip$/.test(base) && !isFolder(path)) return fetchZip(query, base, path, below);
  if (existsSync(path)) return localProject(query, path, below);
  if (base.startsWith("file:") || !isGitUri(base)) {
    throw wrong(`${shownAddress(bare)} is no folder of this machine and no address of a repository.`);
  }
  const name = withoutCredentials(bare);
  query.say(`Flowdeck: fetching ${shownAddress(bare)}${query.version === undefined ? "" : ` (${query.version})`}`);
  return inTemporaryFolder(async (folder) => {
    const branch = await fetchFromGit({ ...query, uri: base }, folder);
    return { folder: belowOf(folder, below), name, ...(branch === undefined ? {} : { branch }) };
  });
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    throw wrong(`${uri} is no path of this machine.`);
  }
}

async function localProject(query: SourceQuery, root: string, below: string): Promise<ProjectSource> {
  const folder = belowOf(root, below);
  const { version } = query;
  const git = await readGitPlace(folder);
  const name = sourceName(folder, git);
  if (version === undefined) return { folder, name, remove: () => Promise.resolve() };
  if (git.root === undefined) throw wrong("Setting a version is only supported for Git project URIs.");
  const worktree = await makeWorktree({ ...query, uri: git.root, version });
  query.say(`Flowdeck: ${version} of ${git.root} in a worktree; your own files stay as they are`);
  try {
    const place = belowOf(worktree.folder, git.below ?? "");
    const branch = worktree.isBranch ? { branch: version } : {};
    return { folder: place, name, ...branch, remove: worktree.remove };
  } catch (error) {
    await worktree.remove();
    throw error;
  }
}

async function fetchZip(query: SourceQuery, base: string, path: string, below: string): Promise<ProjectSource> {
  if (query.version !== undefined) throw wrong("Setting a version is only supported for Git project URIs.");
  const isLocal = existsSync(path);
  if (!isLocal && !/^https?:/i.test(base)) throw wrong(`${shownAddress(base)} is no file of this machine.`);
  const name = isLocal ? sourceName(path, await readGitPlace(dirname(path))) : withoutCredentials(query.uri);
  query.say(`Flowdeck: unpacking ${isLocal ? path : shownAddress(base)}`);
  return inTemporaryFolder(async (folder) => {
    const file = isLocal ? path : `${folder}.zip`;
    try {
      if (!isLocal) await download(base, file, query.stop);
      const { unzip } = await import("./zip.ts");
      await unzip(file, folder);
    } catch (error) {
      throw noSpaceLeft(error) ?? error;
    } finally {
      if (!isLocal) await rm(file, { force: true });
    }
    return { folder: belowOf(folder, below), name };
  });
}

async function download(url: string, file: string, stop: AbortSignal): Promise<void> {
  // Such an address is not taken as it is.
  const address = new URL(url);
  const user = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  const headers = user === ":" ? undefined : { authorization: `Basic ${Buffer.from(user).toString("base64")}` };
  address.username = address.password = "";
  let response: Response;
  try {
    response = await fetch(address, { signal: stop, ...(headers === undefined ? {} : { headers }) });
    if (response.ok) {
      if (response.body !== null) await pipeline(response.body, createWriteStream(file));
      return;
    }
  } catch (cause) {
    if (stop.aborted) throw stopped();
    throw wrong(`Unable to retrieve ZIP file. Reason: ${address.host} does not answer.`, cause);
  }
  throw wrong(
    `Unable to retrieve ZIP file. Reason: ${response.status} ${response.statusText} for ${shownAddress(url)}`,
  );
}

/** How a folder that a project is fetched into begins. */
const PREFIX = "flowdeck-project-";

function removalOf(folder: string): () => Promise<void> {
  // What cannot be removed there, as files of another user, changes nothing about the run.
  return () => rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** A project that somebody else fetched with `fetchProject`, and left to this run. @throws MlflowError when it is none. */
export function takeFetched({ root, ...fetched }: FetchedProject): ProjectSource {
  const isInside = fetched.folder === root || fetched.folder.startsWith(root + sep);
  if (isFolder(fetched.folder) && isInside && basename(root).startsWith(PREFIX))
    return { ...fetched, root, remove: removalOf(root) };
  throw wrong(`${fetched.name} was fetched and is gone; run it again.`);
}

/** Runs `fill` in a new folder, which is removed when it fails, and else with the source. */
async function inTemporaryFolder(fill: (folder: string) => Promise<Omit<ProjectSource, "remove">>) {
  const folder = await makeTemporaryFolder(PREFIX);
  const remove = removalOf(folder);
  try {
    return { ...(await fill(folder)), root: folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function belowOf(root: string, below: string): string {
  const found = resolve(root, below.replace(/^\/+/, ""));
  if (isFolder(found)) return found;
  throw wrong(below === "" ? `${root} is no folder.` : `Could not find subdirectory ${below} of ${root}.`);
}

/** A folder, or a link to one; what is not there is none. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function stopped(): MlflowError {
  return new MlflowError("CANCELLED", "Stopped while the project was being fetched; no run was created.");
}

function wrong(message: string, cause?: unknown): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, cause === undefined ? {} : { cause });
}
