import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { artifactUri } from "../tracking/artifacts/artifactFiles.ts";
import { diffDocument } from "../tracking/compare/diffDocuments.ts";
import { readFolderText, versionFolder } from "./versionFiles.ts";

/** Opens the MLmodel files of two versions of a model in the native diff editor; one that cannot be read has an empty side. */
export async function diffVersions(store: StoreHandle, name: string, left: string, right: string): Promise<void> {
  const [before, after] = await Promise.all([fileOf(store, name, left), fileOf(store, name, right)]);
  if (before === undefined && after === undefined) {
    throw new MlflowError(
      "RESOURCE_DOES_NOT_EXIST",
      `Neither version ${left} nor version ${right} has its MLmodel where it was logged, so there is nothing to compare.`,
    );
  }
  const none = diffDocument({ kind: "none" }, "MLmodel");
  const title = `MLmodel: ${name} ${left} ↔ ${right}`;
  await vscode.commands.executeCommand("vscode.diff", before ?? none, after ?? none, title);
}

async function fileOf(store: StoreHandle, name: string, version: string): Promise<vscode.Uri | undefined> {
  const found = await store.remote.getModelVersion({ name, version });
  const folder = await versionFolder(store.remote, found);
  if (folder === undefined || (await readFolderText(store.remote, folder, "MLmodel")) === undefined) return undefined;
  const path = folder.path === "" ? "MLmodel" : `${folder.path}/MLmodel`;
  return artifactUri({ uri: store.uri, id: "model_id" in folder ? folder.model_id : folder.run_id, path });
}
