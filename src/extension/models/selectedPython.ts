import * as vscode from "vscode";
import { findPython } from "../projects/python.ts";
import type { StoreHandle } from "../stores/stores.ts";

/** The interpreter that runs what belongs to a store: that of its folder, or of the first one of the window. */
export async function selectedPython(store: Pick<StoreHandle, "folders">): Promise<string | undefined> {
  const folder = store.folders[0] ?? vscode.workspace.workspaceFolders?.[0];
  return folder === undefined ? undefined : (await findPython(folder.uri))?.path;
}
