import * as vscode from "vscode";
import { type KeyValue, RUN_TAG } from "../../../mlflow/entities.ts";
import { asMlflowError } from "../../../mlflow/errors.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { StoreMethods } from "../../../store/store.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Stores } from "../../stores/stores.ts";
import { NOTE_SCHEME, type NotePlace, notePlaceOf, noteUriParts } from "./noteUri.ts";
import { type SeenNote, seenNote, toldSize } from "./seenNote.ts";

/**
 * Notes of runs and experiments, and descriptions of registered models and versions, as Markdown documents. A note is the tag
 * `mlflow.note.content`; saving one writes it.
 */
export class NoteFiles extends Disposable implements vscode.FileSystemProvider {
  readonly #stores: Stores;
  readonly #changed = this.own(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly #seen = new Map<string, SeenNote>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(stores: Stores) {
    super();
    this.#stores = stores;
    this.own(vscode.workspace.registerFileSystemProvider(NOTE_SCHEME, this, { isCaseSensitive: true }));
    this.own(
      stores.onChange(({ store, change }) => {
        const touched = vscode.workspace.textDocuments.flatMap(({ uri }) => {
          const place = uri.scheme === NOTE_SCHEME ? notePlaceOf(uri) : undefined;
          if (place?.uri !== store.uri) return [];
          return touches(change, place) ? [{ type: vscode.FileChangeType.Changed, uri }] : [];
        });
        if (touched.length > 0) this.#changed.fire(touched);
      }),
    );
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, mtime } = await this.#read(uri);
    const { status } = await this.#stores.get(placeOf(uri).uri);
    const size = toldSize(text);
    const permissions = status.read_only ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ctime: 0, mtime, size, ...permissions };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const place = placeOf(uri);
    const { remote } = await this.#stores.get(place.uri);
    const text = new TextDecoder().decode(content);
    try {
      await writeNote(remote, place, text);
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(asMlflowError(error).message);
    }
    this.#note(uri, text);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async #read(uri: vscode.Uri): Promise<SeenNote> {
    const place = placeOf(uri);
    const { remote } = await this.#stores.get(place.uri);
    try {
      return this.#note(uri, await readNote(remote, place));
    } catch (error) {
      if (asMlflowError(error).error_code === "RESOURCE_DOES_NOT_EXIST") throw vscode.FileSystemError.FileNotFound(uri);
      throw vscode.FileSystemError.Unavailable(asMlflowError(error).message);
    }
  }

  #note(uri: vscode.Uri, text: string): SeenNote {
    const seen = seenNote(this.#seen.get(uri.toString()), text, Date.now());
    this.#seen.set(uri.toString(), seen);
    return seen;
  }
}

/** Opens a note for writing. */
export async function openNote(place: NotePlace, name: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: NOTE_SCHEME, ...noteUriParts(place, name) });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}

function touches(change: StoreChange, { of, id }: NotePlace): boolean {
  if (of === "model" || of === "version") return change.everything || change.models;
  return change.everything || (of === "run" ? change.run_ids : change.experiment_ids).includes(id);
}

async function readNote(store: StoreMethods, { of, id }: NotePlace): Promise<string> {
  switch (of) {
    case "run":
      return noteIn((await store.getRun({ run_id: id })).data.tags);
    case "experiment":
      return noteIn((await store.getExperiment({ experiment_id: id })).tags);
    case "model":
      return (await store.getRegisteredModel({ name: id })).description ?? "";
    case "version":
      return (await store.getModelVersion(versionIn(id))).description ?? "";
    default:
      return of satisfies never;
  }
}

async function writeNote(store: StoreMethods, { of, id }: NotePlace, value: string): Promise<void> {
  const tag = { key: RUN_TAG.note, value };
  switch (of) {
    case "run":
      return store.setTag({ run_id: id, ...tag });
    case "experiment":
      return store.setExperimentTag({ experiment_id: id, ...tag });
    case "model":
      await store.updateRegisteredModel({ name: id, description: value });
      return undefined;
    case "version":
      await store.updateModelVersion({ ...versionIn(id), description: value });
      return undefined;
    default:
      return of satisfies never;
  }
}

function versionIn(id: string): { name: string; version: string } {
  const at = id.lastIndexOf("/");
  return { name: id.slice(0, at), version: id.slice(at + 1) };
}

function noteIn(tags: KeyValue[]): string {
  return tags.find(({ key }) => key === RUN_TAG.note)?.value ?? "";
}

function placeOf(uri: vscode.Uri): NotePlace {
  const place = notePlaceOf(uri);
  if (place === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return place;
}
