import * as vscode from "vscode";
import { artifactDocument } from "./artifacts/openArtifact.ts";
import { storeOf, type TreeRow } from "./rows.ts";

/** Rows of the Experiments view dragged elsewhere: an artifact is its file, a run its `runs:/` URI. */
export const dragRows: vscode.TreeDragAndDropController<TreeRow> = {
  dropMimeTypes: [],
  dragMimeTypes: ["text/uri-list", "text/plain"],
  async handleDrag(rows, transfer) {
    const files: string[] = [];
    const texts: string[] = [];
    for (const row of rows) {
      if (row.kind === "run") texts.push(`runs:/${row.run_id}`);
      if (row.kind !== "artifact") continue;
      const { run_id, path } = row;
      texts.push(`runs:/${run_id}/${path}`);
      if (!row.file.is_dir) files.push((await artifactDocument({ store: storeOf(row), run_id, path })).toString());
    }
    if (files.length > 0) transfer.set("text/uri-list", new vscode.DataTransferItem(files.join("\r\n")));
    if (texts.length > 0) transfer.set("text/plain", new vscode.DataTransferItem(texts.join("\n")));
  },
};
