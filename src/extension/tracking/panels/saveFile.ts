import { extname } from "node:path";
import * as vscode from "vscode";
import type { SaveFileQuery } from "../../../protocol/panels/experiment.ts";

const KINDS: Record<string, string> = {
  png: "PNG Image",
  svg: "SVG Image",
  csv: "CSV",
  json: "JSON",
};

/** Asks where to save, beginning in the first folder of the workspace, and writes the file there; false when the person cancelled. */
export async function saveFile({ name, content }: SaveFileQuery): Promise<{ saved: boolean }> {
  const ending = extname(name).slice(1);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  // Only a name is taken from the page, never a place.
  const suggested = name.replaceAll(/[\\/:*?"<>|]/g, "-");
  const target = await vscode.window.showSaveDialog({
    title: "Export",
    saveLabel: "Export",
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, suggested) }),
    filters: ending === "" ? {} : { [KINDS[ending] ?? ending.toUpperCase()]: [ending] },
  });
  if (target === undefined) return { saved: false };
  await vscode.workspace.fs.writeFile(
    target,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return { saved: true };
}
