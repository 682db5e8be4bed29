// Requests about Python files, answered by the service.
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Diagnostic,
  Hover,
  Location,
  Position,
  Range,
  TextEdit,
} from "vscode-languageserver/node";
import { CodeActionKind } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { RegisteredModelResult } from "../protocol/language.ts";
import type { ClientFacts } from "./clientFacts.ts";
import type { OpenText } from "./folderWorkspace.ts";
import { isPython, pythonQuestion } from "./pythonDocuments.ts";
import { registrations } from "./python/registrations.ts";
import type { PythonScripts } from "./pythonScripts.ts";
import { askedInPython } from "./renaming.ts";
import { addParameterActions } from "./service/addParameter.ts";
import { rangeIn } from "./service/positions.ts";
import { completePython } from "./service/pythonCompletion.ts";
import { hoverPython } from "./service/pythonHover.ts";
import type { FoundAt } from "./service/pythonReferences.ts";
import { pythonDefinitions, pythonReferences } from "./service/pythonReferences.ts";
import type { PythonQuestion } from "./service/pythonRuns.ts";
import { checkProjectRuns } from "./service/pythonRuns.ts";
import { registrationLenses } from "./service/registrationLens.ts";
import type { Severities } from "./service/severities.ts";
import { withSeverity } from "./service/severities.ts";
import { diagnosticOf } from "./service/validation.ts";

/** Answers for the open Python files; undefined for another file. */
export class PythonFeatures {
  readonly #scripts: PythonScripts;
  readonly #openText: OpenText;
  readonly #find: (uri: string) => TextDocument | undefined;

  constructor(scripts: PythonScripts, openText: OpenText, find: (uri: string) => TextDocument | undefined) {
    this.#scripts = scripts;
    this.#openText = openText;
    this.#find = find;
  }

  /** Undefined for what is no Python file. */
  diagnostics(uri: string, severities: Severities): Diagnostic[] | undefined {
    const text = this.#text(uri);
    if (text === undefined) return undefined;
    const question = this.#question(text);
    if (question === undefined) return [];
    return checkProjectRuns(question)
      .flatMap((problem) => withSeverity(problem, severities))
      .map((problem) => diagnosticOf(question.file, problem));
  }

  /** Above calls that register a model; what the client knows of the models is asked for, and shown once it is there. */
  lenses(uri: string, models: ClientFacts<RegisteredModelResult>, now: number): CodeLens[] {
    const text = this.#text(uri);
    const question = text === undefined ? undefined : this.#question(text);
    if (question === undefined) return [];
    const found = registrations(question.file);
    models.update(
      uri,
      found.map(({ name }) => name),
      now,
    );
    return registrationLenses(question.file, found, (name) => models.known(uri, name), now);
  }

  complete(uri: string, position: Position): CompletionItem[] | undefined {
    const asked = this.#asked(uri, position);
    return asked && completePython(asked.question, asked.offset);
  }

  definitions(uri: string, position: Position): Location[] | undefined {
    const asked = this.#asked(uri, position);
    return asked && pythonDefinitions(asked.question, asked.offset).map((found) => locationOf(asked.question, found));
  }

  references(uri: string, position: Position, withDeclaration: boolean): Location[] | undefined {
    const asked = this.#asked(uri, position);
    return (
      asked &&
      pythonReferences(asked.question, asked.offset, withDeclaration).map((found) => locationOf(asked.question, found))
    );
  }

  hover(uri: string, position: Position): Hover | null | undefined {
    const asked = this.#asked(uri, position);
    return asked && hoverPython(asked.question, asked.offset);
  }

  /** Null on what no MLproject uses. */
  askedRename(uri: string, position: Position) {
    const asked = this.#asked(uri, position);
    return asked === undefined ? null : askedInPython(asked.question, asked.offset);
  }

  #asked(uri: string, position: Position): { question: PythonQuestion; offset: number } | undefined {
    const text = this.#text(uri);
    const question = text === undefined ? undefined : this.#question(text);
    return text === undefined || question === undefined ? undefined : { question, offset: text.offsetAt(position) };
  }

  actions(uri: string, range: Range, severities: Severities): CodeAction[] | undefined {
    const text = this.#text(uri);
    const question = text === undefined ? undefined : this.#question(text);
    if (text === undefined) return undefined;
    if (question === undefined) return [];
    const asked = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
    return [...fixes(question, uri, asked, severities), ...additions(question, asked)];
  }

  #text(uri: string): TextDocument | undefined {
    const text = this.#find(uri);
    return text !== undefined && isPython(text) ? text : undefined;
  }

  #question(text: TextDocument): PythonQuestion | undefined {
    return pythonQuestion(text, this.#openText, this.#scripts);
  }
}

function locationOf({ workspace }: PythonQuestion, { path, range }: FoundAt): Location {
  const of = workspace.scripts?.file(path) ?? { text: workspace.read(path) ?? "" };
  return { uri: workspace.uriOf(path), range: rangeIn(of, range) };
}

function fixes(
  question: PythonQuestion,
  uri: string,
  range: { start: number; end: number },
  severities: Severities,
): CodeAction[] {
  const { file } = question;
  return checkProjectRuns(question)
    .flatMap((problem) => withSeverity(problem, severities))
    .filter((problem) => problem.range.start <= range.end && range.start <= problem.range.end)
    .flatMap((problem) =>
      (problem.fixes ?? []).map((fix, index) => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(file, problem)],
        isPreferred: index === 0,
        edit: { changes: { [uri]: [{ range: rangeIn(file, fix.range), newText: fix.newText }] } },
      })),
    );
}

function additions(question: PythonQuestion, range: { start: number; end: number }): CodeAction[] {
  return addParameterActions(question, range).map(({ title, project, changes }) => {
    const edits = changes.map(
      (change): TextEdit => ({ range: rangeIn(project.document, change.range), newText: change.newText }),
    );
    return {
      title,
      kind: CodeActionKind.QuickFix,
      edit: { changes: { [question.workspace.uriOf(project.path)]: edits } },
    };
  });
}
