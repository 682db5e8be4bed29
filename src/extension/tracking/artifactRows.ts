// The artifacts below a run of the Experiments view: read when unfolded, in the order of a file explorer.
import * as vscode from "vscode";
import type { FileInfo } from "../../mlflow/entities.ts";
import { commandOf } from "../platform/commands.ts";
import { artifactUri } from "./artifacts/artifactFiles.ts";
import { countText, sizeText } from "./format.ts";
import { type ArtifactRow, emptyListing, idOf, type NothingRow, type RunRow, storeOf } from "./rows.ts";

type Holder = RunRow | ArtifactRow;

/** Folders of a listing whose contents are counted. */
const COUNTED = 20;
/** Listings that the count of one folder may take. */
const LISTINGS = 30;

/** Reads what a run or a folder holds; true when rows came, went or changed. */
export async function readArtifacts(row: Holder): Promise<boolean> {
  const { remote } = storeOf(row);
  const place = row.kind === "run" ? { run_id: row.run_id } : { run_id: row.run_id, path: row.path };
  const files = (await remote.listArtifacts(place)).toSorted(foldersFirst);
  const before = row.artifacts;
  const known = new Map(before.rows.map((one) => [one.path, one]));
  const rows = files.map((file): ArtifactRow => {
    const one = known.get(file.path);
    if (one !== undefined && one.file.is_dir === file.is_dir && one.file.file_size === file.file_size) return one;
    const { uri, run_id } = row;
    return { kind: "artifact", uri, run_id, path: file.path, file, parent: row, artifacts: emptyListing() };
  });
  row.artifacts = { rows, loaded: true, next: undefined };
  return !before.loaded || rows.length !== before.rows.length || rows.some((one, index) => one !== before.rows[index]);
}

/** Counts the files in the folders of a listing; calls `counted` for each that it knows more of. */
export async function countFolders(row: Holder, counted: (folder: ArtifactRow) => void): Promise<void> {
  const folders = row.artifacts.rows.filter(({ file }) => file.is_dir).slice(0, COUNTED);
  for (const folder of folders) {
    const held = await countFolder(folder);
    if (JSON.stringify(held) === JSON.stringify(folder.held)) continue;
    folder.held = held;
    counted(folder);
  }
}

async function countFolder({ run_id, path, parent }: ArtifactRow): Promise<NonNullable<ArtifactRow["held"]>> {
  const { remote } = storeOf(parent);
  const held = { files: 0, bytes: 0, more: false };
  const folders = [path];
  let listings = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    listings += 1;
    if (listings > LISTINGS) return { ...held, more: true };
    for (const file of await remote.listArtifacts({ run_id, path: folder })) {
      if (file.is_dir) folders.push(file.path);
      else held.files += 1;
      held.bytes += file.file_size ?? 0;
    }
  }
  return held;
}

function foldersFirst(one: FileInfo, other: FileInfo): number {
  return Number(other.is_dir) - Number(one.is_dir) || one.path.localeCompare(other.path, "en");
}

/** Lists with artifacts read, of this row and those below it. */
export function* openArtifacts(row: Holder): Generator<Holder> {
  if (!row.artifacts.loaded) return;
  yield row;
  for (const one of row.artifacts.rows) yield* openArtifacts(one);
}

export function artifactItem(row: ArtifactRow): vscode.TreeItem {
  const { is_dir } = row.file;
  const name = nameOf(row);
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(name, is_dir ? Collapsed : None);
  item.id = idOf(row);
  item.contextValue = is_dir ? "artifactFolder" : "artifact";
  // The icon is that of the person's icon theme.
  item.resourceUri = artifactUri({ uri: row.uri, id: row.run_id, path: row.path });
  item.iconPath = is_dir ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
  item.description = factsOf(row);
  item.tooltip = row.path;
  item.accessibilityInformation = {
    label: [name, is_dir ? "folder" : "", item.description].filter(Boolean).join(", "),
  };
  if (!is_dir) item.command = commandOf("flowdeck.tracking.openSelected", "Open Artifact");
  return item;
}

export function nothingItem({ parent }: NothingRow): vscode.TreeItem {
  const item = new vscode.TreeItem(parent.kind === "run" ? "No artifacts" : "Nothing in this folder");
  item.id = `${idOf(parent)} nothing`;
  return item;
}

export function nameOf({ path }: ArtifactRow): string {
  return path.split("/").at(-1) ?? path;
}

function factsOf({ file, held }: ArtifactRow): string {
  if (!file.is_dir) return file.file_size === undefined ? "" : sizeText(file.file_size);
  if (held === undefined) return "";
  if (held.more) return `over ${countText(held.files, "file")} · over ${sizeText(held.bytes)}`;
  return held.files === 0 ? "no files" : `${countText(held.files, "file")} · ${sizeText(held.bytes)}`;
}
