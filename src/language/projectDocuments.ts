import { TextDocuments } from "vscode-languageserver/node";
import type { Connection, Position, Range } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { MlprojectDocument, TextRange } from "../projects/document.ts";
import { readMlproject } from "../projects/mlproject.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { folderWorkspace, pathOf } from "./folderWorkspace.ts";
import type { Workspace } from "./service/workspace.ts";
import type { PythonScripts } from "./pythonScripts.ts";

/** An open file: its text, and what was read from it. */
export class OpenProject {
  readonly uri: string;
  readonly document: MlprojectDocument;
  /** Absent for a file that is not on disk. */
  readonly workspace: Workspace | undefined;
  readonly #text: TextDocument;

  constructor(text: TextDocument, openText: OpenText, python: PythonScripts) {
    this.uri = text.uri;
    this.document = readMlproject(text.getText());
    const file = pathOf(text.uri);
    this.workspace = file === undefined ? undefined : python.of(folderWorkspace(file, openText), file);
    this.#text = text;
  }

  offsetAt(position: Position): number {
    return this.#text.offsetAt(position);
  }

  offsetsOf(range: Range): TextRange {
    return { start: this.offsetAt(range.start), end: this.offsetAt(range.end) };
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

  /** Undefined for a file that is not open. */
  get(uri: string): OpenProject | undefined {
    const text = this.texts.get(uri);
    if (text === undefined) return undefined;
    const known = this.#read.get(uri);
    if (known?.version === text.version) return known.project;
    const project = new OpenProject(text, (file) => this.#openText(file), this.#python);
    this.#read.set(uri, { version: text.version, project });
    return project;
  }

  all(): OpenProject[] {
    return this.texts.keys().flatMap((uri) => this.get(uri) ?? []);
  }

  /** Clients write the same URI in several ways, so that paths are compared. */
  #openText(file: string): string | undefined {
    return this.texts
      .all()
      .find(({ uri }) => pathOf(uri) === file)
      ?.getText();
  }
}
