import * as vscode from "vscode";
import { type KeyValue, RUN_TAG } from "../../../mlflow/entities.ts";
import { asMlflowError } from "../../../mlflow/errors.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Stores } from "../../stores/stores.ts";
import { NOTE_SCHEME, type NotePlace, notePlaceOf, noteUriParts } from "./noteUri.ts";
import { type SeenNote, seenNote, toldSize } from "./seenNote.ts";

/** Notes of runs and experiments as Markdown documents; saving one sets the tag `mlflow.note.content`. */
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
          const ids = place.of === "run" ? change.run_ids : change.experiment_ids;
          return change.everything || ids.includes(place.id) ? [{ type: vscode.FileChangeType.Changed, uri }] : [];
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
    const tag = { key: RUN_TAG.note, value: new TextDecoder().decode(content) };
    try {
      if (place.of === "run") await remote.setTag({ run_id: place.id, ...tag });
      else await remote.setExperimentTag({ experiment_id: place.id, ...tag });
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(asMlflowError(error).message);
    }
    this.#note(uri, tag.value);
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
      const tags =
        place.of === "run"
          ? (await remote.getRun({ run_id: place.id })).data.tags
          : (await remote.getExperiment({ experiment_id: place.id })).tags;
      return this.#note(uri, noteIn(tags));
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

function noteIn(tags: KeyValue[]): string {
  return tags.find(({ key }) => key === RUN_TAG.note)?.value ?? "";
}

function placeOf(uri: vscode.Uri): NotePlace {
  const place = notePlaceOf(uri);
  if (place === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return place;
}
