import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { ArtifactOwner } from "../../../store/artifactStore.ts";
import { withProgress } from "../../platform/progress.ts";
import { pickOne } from "../../platform/questions.ts";
import type { StoreHandle } from "../../stores/stores.ts";
import { sizeText } from "../format.ts";
import { artifactUri, readWhole } from "./artifactFiles.ts";

/** Larger files (bytes) are opened whole only when the person says so. */
const LARGE = 50_000_000;

/** An artifact of a run. */
export interface ArtifactTarget {
  store: StoreHandle;
  run_id: string;
  path: string;
}

/** An artifact of a run, or of a logged model. */
export type OwnedArtifact = ArtifactTarget | { store: StoreHandle; model_id: string; path: string };

function ownerOf(target: OwnedArtifact): ArtifactOwner {
  return "model_id" in target ? { model_id: target.model_id } : { run_id: target.run_id };
}

/** Its own file where it lies on this machine, else its document of the artifact file system. */
export async function artifactDocument(target: OwnedArtifact): Promise<vscode.Uri> {
  const { store, path } = target;
  const local = await store.remote.localArtifactPath({ ...ownerOf(target), path }).catch(() => undefined);
  const id = "model_id" in target ? target.model_id : target.run_id;
  return local === undefined ? artifactUri({ uri: store.uri, id, path }) : vscode.Uri.file(local.file);
}

/** Opens an artifact in the editor that VS Code has for it. */
export async function openArtifact(target: OwnedArtifact): Promise<void> {
  const { store, path } = target;
  const { size } = await store.remote.readArtifact({ ...ownerOf(target), path, offset: 0, length: 0 });
  const name = path.split("/").at(-1) ?? path;
  if (size > LARGE) {
    const open = "Open Anyway";
    const question = `${name} has ${sizeText(size)}, which an editor may take long to open.`;
    if ((await vscode.window.showWarningMessage(question, { modal: true }, open)) !== open) return;
  }
  await vscode.commands.executeCommand("vscode.open", await artifactDocument(target));
}

/** Saves a copy where the person chooses. */
export async function saveArtifact({ store, run_id, path }: ArtifactTarget): Promise<void> {
  const name = path.split("/").at(-1) ?? path;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const to = await vscode.window.showSaveDialog({
    saveLabel: "Save",
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (to === undefined) return;
  await withProgress(`Flowdeck: saving ${name}…`, async (signal) => {
    const local = await store.remote.localArtifactPath({ run_id, path }).catch(() => undefined);
    if (local !== undefined) {
      await vscode.workspace.fs.copy(vscode.Uri.file(local.file), to, { overwrite: true });
      return;
    }
    const whole = await readWhole((offset, length) => {
      if (signal.aborted) throw new MlflowError("CANCELLED", "The person cancelled it.");
      return store.remote.readArtifact({ run_id, path, offset, length });
    });
    await vscode.workspace.fs.writeFile(to, whole);
  });
}

/** Asks for a file of a run, folder by folder; undefined when the person went away. */
export async function pickArtifact(store: StoreHandle, run_id: string): Promise<ArtifactTarget | undefined> {
  for (let folder = ""; ; ) {
    const files = await store.remote.listArtifacts(folder === "" ? { run_id } : { run_id, path: folder });
    if (files.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This run has logged no artifact.");
    const items = files.map((file) => ({
      label: `$(${file.is_dir ? "folder" : "file"}) ${file.path.split("/").at(-1) ?? file.path}`,
      description: file.file_size === undefined ? "" : sizeText(file.file_size),
      file,
    }));
    const chosen = await pickOne(items, { placeHolder: folder === "" ? "Artifact" : folder });
    if (chosen === undefined) return undefined;
    if (!chosen.file.is_dir) return { store, run_id, path: chosen.file.path };
    folder = chosen.file.path;
  }
}
