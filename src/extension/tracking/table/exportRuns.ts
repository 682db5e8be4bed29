import { open, rename, rm } from "node:fs/promises";
import * as vscode from "vscode";
import { withProgress } from "../../platform/progress.ts";
import type { StoreHandle } from "../../stores/stores.ts";
import { runsFile, type RunsFileQuery } from "./runsFile.ts";

/** Asks where to, and writes the file piece by piece; undefined when the person did not want to. */
export async function exportRuns(store: StoreHandle, name: string, query: RunsFileQuery): Promise<number | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const suggested = `${name.replaceAll(/[\\/:*?"<>|]/g, "-")}.${query.format}`;
  const target = await vscode.window.showSaveDialog({
    title: "Export Runs",
    saveLabel: "Export",
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, suggested) }),
    filters: query.format === "csv" ? { CSV: ["csv"] } : { JSON: ["json"] },
  });
  if (target === undefined) return undefined;
  return withProgress("Exporting runs", (signal) =>
    target.scheme === "file"
      ? writeFile(target.fsPath, store, query, signal)
      : writeElsewhere(target, store, query, signal),
  );
}

/** A file that was there before stays whole until the new one is. */
async function writeFile(path: string, store: StoreHandle, query: RunsFileQuery, signal: AbortSignal): Promise<number> {
  const part = `${path}.part`;
  const file = await open(part, "w");
  let written = 0;
  try {
    for await (const { text, runs } of runsFile(store.remote, query, signal)) {
      await file.write(text);
      written = runs;
    }
    await file.close();
    await rename(part, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
  return written;
}

async function writeElsewhere(
  target: vscode.Uri,
  store: StoreHandle,
  query: RunsFileQuery,
  signal: AbortSignal,
): Promise<number> {
  const texts: string[] = [];
  let written = 0;
  for await (const { text, runs } of runsFile(store.remote, query, signal)) {
    texts.push(text);
    written = runs;
  }
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(texts.join("")));
  return written;
}
