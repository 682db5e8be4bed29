// What the server offers, and for which files. One that formats or colours MLproject files must not stand as another formatter
// of Python, or wipe out the colours that a Python extension gives.
import type {
  ClientCapabilities,
  DocumentSelector,
  Registration,
  ServerCapabilities,
  TextDocumentClientCapabilities,
} from "vscode-languageserver/node";
import { CodeActionKind, TextDocumentSyncKind } from "vscode-languageserver/node";
import { BACKEND_CONFIG_FILES } from "../protocol/language.ts";
import { TOKEN_LEGEND } from "./service/semanticTokens.ts";

const PROJECTS: DocumentSelector = [
  { language: "mlproject", scheme: "file" },
  { pattern: "**/{MLproject,mlproject,MLPROJECT}", scheme: "file" },
];
const YAML: DocumentSelector = [{ pattern: "**/{MLmodel,*.yaml,*.yml}", scheme: "file" }];
const JSON_FILES: DocumentSelector = [{ pattern: `**/${BACKEND_CONFIG_FILES}`, scheme: "file" }];
const PYTHON: DocumentSelector = [
  { language: "python", scheme: "file" },
  { language: "python", scheme: "vscode-notebook-cell" },
];

const TRIGGERS = ["{", " ", "-", "=", "/", "."];
/** Names stand in texts there. */
const PYTHON_TRIGGERS = ['"', "'"];

/** What is for MLproject files alone. */
const OF_PROJECTS = [
  ["codeLensProvider", "codeLens"],
  ["documentFormattingProvider", "formatting"],
  ["documentHighlightProvider", "documentHighlight"],
  ["documentLinkProvider", "documentLink"],
  ["documentSymbolProvider", "documentSymbol"],
  ["foldingRangeProvider", "foldingRange"],
  ["inlayHintProvider", "inlayHint"],
  ["selectionRangeProvider", "selectionRange"],
  ["semanticTokensProvider", "semanticTokens"],
  ["signatureHelpProvider", "signatureHelp"],
] as const satisfies [keyof ServerCapabilities, keyof TextDocumentClientCapabilities][];

export interface Offers {
  /** Told at the start: for every file that the client shows the server. */
  capabilities: ServerCapabilities;
  /** Told after it: each for files of its own. */
  registrations: Registration[];
}

/** A client that takes no registrations is offered all for every file; most of them show the server MLproject files only. */
export function offersFor(client: ClientCapabilities, lens: boolean): Offers {
  const capabilities: ServerCapabilities = {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: TRIGGERS },
    signatureHelpProvider: { triggerCharacters: [" ", "=", "-"] },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
    documentLinkProvider: {},
    renameProvider: { prepareProvider: true },
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
    inlayHintProvider: true,
    documentFormattingProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    semanticTokensProvider: { legend: TOKEN_LEGEND, full: true },
    workspaceSymbolProvider: true,
    ...(lens ? { codeLensProvider: {} } : {}),
  };
  const registrations: Registration[] = [];
  const register = (method: string, documentSelector: DocumentSelector, options: unknown): void => {
    const own = typeof options === "object" ? options : {};
    registrations.push({ id: String(registrations.length), method, registerOptions: { documentSelector, ...own } });
  };
  for (const [capability, name] of OF_PROJECTS) {
    const options = capabilities[capability];
    if (options === undefined || client.textDocument?.[name]?.dynamicRegistration !== true) continue;
    register(`textDocument/${name}`, PROJECTS, options);
    delete capabilities[capability];
  }
  if (client.textDocument?.completion?.dynamicRegistration === true) {
    register("textDocument/completion", [...PROJECTS, ...YAML], { triggerCharacters: TRIGGERS });
    register("textDocument/completion", JSON_FILES, { triggerCharacters: ['"'] });
    register("textDocument/completion", PYTHON, { triggerCharacters: PYTHON_TRIGGERS });
    delete capabilities.completionProvider;
  }
  // Of calls that register a model.
  if (lens && client.textDocument?.codeLens?.dynamicRegistration === true) {
    register("textDocument/codeLens", PYTHON, {});
  }
  return { capabilities, registrations };
}
