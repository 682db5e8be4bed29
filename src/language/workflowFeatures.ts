// Requests about workflow files, answered by the service.
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentHighlight,
  DocumentSymbol,
  Hover,
  Location,
  Position,
  Range,
  TextEdit,
} from "vscode-languageserver/node";
import { DocumentHighlightKind } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { WorkflowDocument } from "../projects/workflow/document.ts";
import { isWorkflowFile } from "../projects/workflow/document.ts";
import { folderWorkspace, pathOf, type OpenText } from "./folderWorkspace.ts";
import { rangeIn } from "./service/positions.ts";
import type { Severities } from "./service/severities.ts";
import { completeWorkflow } from "./service/workflow/workflowCompletion.ts";
import { hoverWorkflow, workflowDefinition, workflowSymbols } from "./service/workflow/workflowHover.ts";
import { nameAt, workflowRenameProblem, workflowRenames } from "./service/workflow/workflowNames.ts";
import { readWorkflowForEditor, validateWorkflow, workflowActions } from "./service/workflow/workflowProblems.ts";
import type { Workspace } from "./service/workspace.ts";

interface OpenWorkflow {
  text: TextDocument;
  document: WorkflowDocument;
  workspace: Workspace | undefined;
}

/** Answers for the open workflow files; undefined for another file. */
export class WorkflowFeatures {
  readonly #openText: OpenText;
  readonly #find: (uri: string) => TextDocument | undefined;
  readonly #read = new WeakMap<TextDocument, { version: number; document: WorkflowDocument }>();

  constructor(openText: OpenText, find: (uri: string) => TextDocument | undefined) {
    this.#openText = openText;
    this.#find = find;
  }

  diagnostics(uri: string, severities: Severities): Diagnostic[] | undefined {
    const open = this.#open(uri);
    return open && validateWorkflow(open.document, open.workspace, severities);
  }

  complete(uri: string, position: Position): CompletionItem[] | undefined {
    const open = this.#open(uri);
    return open && completeWorkflow(open.document, open.text.offsetAt(position), open.workspace);
  }

  hover(uri: string, position: Position): Hover | null | undefined {
    const open = this.#open(uri);
    return open && hoverWorkflow(open.document, open.text.offsetAt(position), open.workspace);
  }

  definitions(uri: string, position: Position): Location[] | undefined {
    const open = this.#open(uri);
    return open && workflowDefinition(open.document, uri, open.text.offsetAt(position), open.workspace);
  }

  references(uri: string, position: Position, withDeclaration: boolean): Location[] | undefined {
    const open = this.#open(uri);
    if (open === undefined) return undefined;
    const found = nameAt(open.document, open.text.offsetAt(position));
    const declared = found?.declaration === undefined || !withDeclaration ? [] : [found.declaration];
    return [...declared, ...(found?.uses ?? [])].map((range) => ({ uri, range: rangeIn(open.document, range) }));
  }

  highlights(uri: string, position: Position): DocumentHighlight[] | undefined {
    return this.references(uri, position, true)?.map(({ range }) => ({ range, kind: DocumentHighlightKind.Text }));
  }

  symbols(uri: string): DocumentSymbol[] | undefined {
    const open = this.#open(uri);
    return open && workflowSymbols(open.document);
  }

  actions(uri: string, range: Range, severities: Severities): CodeAction[] | undefined {
    const open = this.#open(uri);
    if (open === undefined) return undefined;
    const offsets = { start: open.text.offsetAt(range.start), end: open.text.offsetAt(range.end) };
    return workflowActions(open.document, uri, offsets, open.workspace, severities);
  }

  /** Null where nothing has a name that can be changed. */
  prepareRename(uri: string, position: Position): Range | null | undefined {
    const open = this.#open(uri);
    if (open === undefined) return undefined;
    const found = nameAt(open.document, open.text.offsetAt(position));
    return found?.declaration === undefined ? null : rangeIn(open.document, found.at);
  }

  /** The edits, or a sentence that says why there are none. */
  rename(uri: string, position: Position, newName: string): TextEdit[] | string | undefined {
    const open = this.#open(uri);
    if (open === undefined) return undefined;
    const { document, text } = open;
    const found = nameAt(document, text.offsetAt(position));
    if (found === undefined) return [];
    const problem = workflowRenameProblem(document, found, newName);
    if (problem !== undefined) return problem;
    return workflowRenames(document, found, newName).map(([range, changed]) => ({
      range: rangeIn(document, range),
      newText: changed,
    }));
  }

  #open(uri: string): OpenWorkflow | undefined {
    if (!isWorkflowFile(uri)) return undefined;
    const text = this.#find(uri);
    if (text === undefined) return undefined;
    const known = this.#read.get(text);
    const document = known?.version === text.version ? known.document : readWorkflowForEditor(text.getText());
    this.#read.set(text, { version: text.version, document });
    const file = pathOf(uri);
    return { text, document, workspace: file === undefined ? undefined : folderWorkspace(file, this.#openText) };
  }
}
