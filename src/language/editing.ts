// The part of the server that looks at text alone: folding, selecting, colours, formatting; and the entry points of the workspace.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Connection, InitializeParams } from "vscode-languageserver/node";
import { pathOf } from "./folderWorkspace.ts";
import type { ProjectDocuments } from "./projectDocuments.ts";
import { projectsBelow } from "./projectsBelow.ts";
import { readForEditor } from "./service/readForEditor.ts";
import { foldingRanges } from "./service/folding.ts";
import { format } from "./service/formatting.ts";
import { selectionRange } from "./service/selection.ts";
import { encodeTokens, semanticTokens } from "./service/semanticTokens.ts";
import { entryPointSymbols } from "./service/workspaceSymbols.ts";

export function serveEditing(connection: Connection, documents: ProjectDocuments): void {
  connection.onFoldingRanges(({ textDocument: { uri } }) => {
    const project = documents.get(uri);
    return project === undefined ? null : foldingRanges(project.document.text);
  });
  connection.onSelectionRanges(({ textDocument: { uri }, positions }) => {
    const project = documents.get(uri);
    if (project === undefined) return null;
    return positions.map((position) => selectionRange(project.document, project.offsetAt(position)));
  });
  connection.languages.semanticTokens.on(({ textDocument: { uri } }) => {
    const project = documents.get(uri);
    return { data: project === undefined ? [] : encodeTokens(project.document, semanticTokens(project.document)) };
  });
  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const project = documents.get(uri);
    return project === undefined ? null : format(project.document);
  });
}

/** Tells the entry points of all MLproject files in the folders that the client has open. */
export function serveWorkspaceSymbols(
  connection: Connection,
  documents: ProjectDocuments,
  folders: () => string[],
): void {
  connection.onWorkspaceSymbol(async ({ query }) => {
    const files = await projectsBelow(folders());
    const found = await Promise.all(
      files.map(async (file) => {
        const text = documents.openText(file) ?? (await readFile(file, "utf8").catch(() => ""));
        return entryPointSymbols(readForEditor(text), pathToFileURL(file).href, query);
      }),
    );
    return found.flat();
  });
}

/** The folders that the client opened. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}
