import { TextDocuments } from "vscode-languageserver/node";
import type { Connection, Position, Range } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { MlprojectDocument, TextRange } from "../projects/document.ts";
import { EntryPointMemory } from "../projects/entryPointMemory.ts";
import { readForEditor } from "./service/readForEditor.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace, pathOf } from "./folderWorkspace.ts";
import type { SideDocument } from "./service/files/sideFeatures.ts";
import type { SideKind } from "./service/files/sideFile.ts";
import type { Workspace } from "./service/workspace.ts";
import type { PythonScripts } from "./pythonScripts.ts";
import { sideFileOf } from "./sideDocuments.ts";

class OpenFile {
  readonly uri: string;
  readonly #text: TextDocument;

  constructor(text: TextDocument) {
    this.uri = text.uri;
    this.#text = text;
  }

  offsetAt(position: Position): number {
    return this.#text.offsetAt(position);
  }

  offsetsOf(range: Range): TextRange {
    return { start: this.offsetAt(range.start), end: this.offsetAt(range.end) };
  }
}

/** An open MLproject file: its text, and what was read from it. */
export class OpenProject extends OpenFile {
  readonly document: MlprojectDocument;
  /** Absent for a file that is not on disk. */
  readonly workspace: Workspace | undefined;

  /** Of the version before, which most entry points are the same in. */
  readonly memory: EntryPointMemory;

  constructor(text: TextDocument, openText: OpenText, python: PythonScripts, memory = new EntryPointMemory()) {
    super(text);
    this.memory = memory;
    this.document = readForEditor(text.getText(), memory);
    const file = pathOf(text.uri);
    this.workspace = file === undefined ? undefined : python.of(folderWorkspace(file, openText), file);
  }
}

/** An open file beside an MLproject, or of a model. */
export class OpenSideFile extends OpenFile {
  readonly document: SideDocument;
  readonly workspace: Workspace;

  constructor(text: TextDocument, kind: SideKind, workspace: Workspace) {
    super(text);
    this.document = { kind, text: text.getText() };
    this.workspace = workspace;
  }
}

/** The open files; each version is read once. */
export class ProjectDocuments {
  readonly texts = new TextDocuments(TextDocument);
  readonly #read = new Map<string, { version: number; project: OpenProject }>();
  readonly #python: PythonScripts;

  constructor(python: PythonScripts) {
    this.#python = python;
  }

  listen(connection: Connection): void {
    this.texts.onDidClose(({ document }) => this.#read.delete(document.uri));
    this.texts.listen(connection);
  }

  /** Undefined for a file that is not open, or no MLproject. */
  get(uri: string): OpenProject | undefined {
    const text = this.texts.get(uri);
    if (text === undefined || !isProject(text)) return undefined;
    const known = this.#read.get(uri);
    if (known?.version === text.version) return known.project;
    const project = new OpenProject(text, (file) => this.openText(file), this.#python, known?.project.memory);
    this.#read.set(uri, { version: text.version, project });
    return project;
  }

  all(): OpenProject[] {
    return this.texts.keys().flatMap((uri) => this.get(uri) ?? []);
  }

  /** Undefined for a file that is not open, and for any that neither a project nor a model has a use for. */
  side(uri: string): OpenSideFile | undefined {
    const text = this.texts.get(uri);
    const file = text === undefined || isProject(text) ? undefined : pathOf(uri);
    if (text === undefined || file === undefined) return undefined;
    const found = sideFileOf(file, (other) => this.openText(other));
    return found === undefined ? undefined : new OpenSideFile(text, found.kind, found.workspace);
  }

  allSides(): OpenSideFile[] {
    return this.texts.keys().flatMap((uri) => this.side(uri) ?? []);
  }

  /** Clients write the same URI in several ways, so that paths are compared. */
  openText(file: string): string | undefined {
    return this.texts
      .all()
      .find(({ uri }) => pathOf(uri) === file)
      ?.getText();
  }
}

/** By what the client calls it, or by its name: `MLproject.yaml` is meant for one. */
function isProject({ uri, languageId }: TextDocument): boolean {
  return languageId === "mlproject" || /\/mlproject(?:\.ya?ml)?$/i.test(uri);
}
