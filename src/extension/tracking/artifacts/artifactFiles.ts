import * as vscode from "vscode";
import { LONGEST_PIECE } from "../../../protocol/artifacts.ts";
import { asMlflowError } from "../../../mlflow/errors.ts";
import { artifactOwner } from "../../../store/artifactStore.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Stores } from "../../stores/stores.ts";
import { ARTIFACT_SCHEME, artifactPlaceOf, type ArtifactPlace, artifactUriParts } from "./artifactUri.ts";

/** What a file's artifact was at the last look, so that an open document is told when it changes. */
interface Seen {
  size: number;
  mtime: number;
}

/** The artifacts of every run and logged model as a read-only file system: whatever opens files opens them. */
export class ArtifactFiles extends Disposable implements vscode.FileSystemProvider {
  readonly #stores: Stores;
  readonly #changed = this.own(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly #watched = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(stores: Stores) {
    super();
    this.#stores = stores;
    const options = { isCaseSensitive: true, isReadonly: true };
    this.own(vscode.workspace.registerFileSystemProvider(ARTIFACT_SCHEME, this, options));
    this.own(
      stores.onChange(({ store, change }) => {
        const touched = [...this.#watched.keys()].flatMap((text) => {
          const uri = vscode.Uri.parse(text, true);
          const place = artifactPlaceOf(uri);
          const same = place?.uri === store.uri && (change.everything || change.run_ids.includes(place.id));
          return same ? [{ type: vscode.FileChangeType.Changed, uri }] : [];
        });
        if (touched.length > 0) this.#changed.fire(touched);
      }),
    );
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const key = uri.toString();
    this.#watched.set(key, (this.#watched.get(key) ?? 0) + 1);
    return new vscode.Disposable(() => {
      const left = (this.#watched.get(key) ?? 1) - 1;
      if (left > 0) this.#watched.set(key, left);
      else this.#watched.delete(key);
    });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const place = placeOf(uri);
    const about = { ctime: 0, permissions: vscode.FilePermission.Readonly };
    if (place.path === "") return { type: vscode.FileType.Directory, mtime: 0, size: 0, ...about };
    try {
      const { size, modified } = await this.#piece(place, 0, 0);
      return { type: vscode.FileType.File, size, mtime: this.#timeOf(uri, size, modified), ...about };
    } catch (error) {
      const entries = await this.#list(place);
      if (entries.length === 0) throw fileError(error, uri);
      return { type: vscode.FileType.Directory, mtime: 0, size: 0, ...about };
    }
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const entries = await this.#list(placeOf(uri));
    return entries.map(({ path, is_dir }) => [
      path.split("/").at(-1) ?? path,
      is_dir ? vscode.FileType.Directory : vscode.FileType.File,
    ]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const place = placeOf(uri);
    try {
      return await readWhole((offset, length) => this.#piece(place, offset, length));
    } catch (error) {
      throw fileError(error, uri);
    }
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async #piece({ uri, id, path }: ArtifactPlace, offset: number, length: number) {
    const { remote } = await this.#stores.get(uri);
    return remote.readArtifact({ ...artifactOwner(id), path, offset, length });
  }

  async #list({ uri, id, path }: ArtifactPlace) {
    const { remote } = await this.#stores.get(uri);
    return remote.listArtifacts(path === "" ? artifactOwner(id) : { ...artifactOwner(id), path });
  }

  /** Where a server tells no time, a file of another size counts as written anew. */
  #timeOf(uri: vscode.Uri, size: number, modified: number | undefined): number {
    if (modified !== undefined) return modified;
    const before = this.#seen.get(uri.toString());
    const seen = before?.size === size ? before : { size, mtime: (before?.mtime ?? 0) + 1 };
    this.#seen.set(uri.toString(), seen);
    return seen.mtime;
  }
}

/** The document of an artifact. */
export function artifactUri(place: ArtifactPlace): vscode.Uri {
  return vscode.Uri.from({ scheme: ARTIFACT_SCHEME, ...artifactUriParts(place) });
}

/** A whole file, piece by piece. */
export async function readWhole(
  read: (offset: number, length: number) => Promise<{ bytes: Uint8Array; size: number }>,
): Promise<Uint8Array> {
  const first = await read(0, LONGEST_PIECE);
  if (first.bytes.length >= first.size) return first.bytes;
  const whole = new Uint8Array(first.size);
  let at = 0;
  for (let { bytes } = first; bytes.length > 0 && at < whole.length; ) {
    whole.set(bytes.subarray(0, whole.length - at), at);
    at += bytes.length;
    if (at < whole.length) ({ bytes } = await read(at, LONGEST_PIECE));
  }
  return at < whole.length ? whole.slice(0, at) : whole;
}

function placeOf(uri: vscode.Uri): ArtifactPlace {
  const place = artifactPlaceOf(uri);
  if (place === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return place;
}

function fileError(error: unknown, uri: vscode.Uri): Error {
  const { error_code, message } = asMlflowError(error);
  if (error_code === "RESOURCE_DOES_NOT_EXIST") return vscode.FileSystemError.FileNotFound(uri);
  if (error_code === "PERMISSION_DENIED" || error_code === "UNAUTHENTICATED") {
    return vscode.FileSystemError.NoPermissions(message);
  }
  return vscode.FileSystemError.Unavailable(message);
}
