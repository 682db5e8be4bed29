import { deepEqual } from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Diagnostic, ProtocolConnection, PublishDiagnosticsParams } from "vscode-languageserver/node";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { folderWorkspace } from "../../src/language/folderWorkspace.ts";
import { readForEditor } from "../../src/language/service/readForEditor.ts";
import { validate } from "../../src/language/service/validation.ts";
import { root, shared, temporaryFolder, until } from "./environment.ts";

// Random edits of MLproject files in a language server of its own, whose problems must be those of a fresh read.

export interface Edit {
  /** Where, as a share of the text. */
  at: number;
  remove: number;
  insert: string;
}

const PIECES = [
  ..."{}[]'\":,#|>&*!?%@`~-=.\n\t\r\\ $",
  ...[
    "  ",
    "- ",
    ": ",
    " #",
    "{{",
    "}}",
    "---\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "\r\n",
    "\n\n",
    "\uFEFF",
    "é",
    "😀",
    "\u2028",
  ],
  ...[
    "entry_points:\n",
    "  main:\n",
    "    command: ",
    "    parameters:\n",
    "      a: ",
    "{type: float, default: 1e-5}",
  ],
  ...[
    "python train.py --a {a}\n",
    "{% for x in y %}\n",
    "docker_env:\n",
    "python_env: python_env.yaml\n",
    "None",
    "no",
    "010",
  ],
];

export const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 40 }), fc.nat({ max: 2000 })),
    insert: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
      fc.string({ unit: "grapheme", maxLength: 12 }),
    ),
  }),
  { minLength: 1, maxLength: 10 },
);

/** Files to begin with. */
export function startingTexts(): string[] {
  const folder = shared("mlprojects");
  const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".MLproject"));
  const real = names.map((name) => readFileSync(join(folder ?? "", name), "utf8"));
  return ["", readFileSync(join(root, "examples/wine/MLproject"), "utf8"), ...real];
}

/** A language server, and one file open in it. */
export class EditedFile {
  readonly #child: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #file = join(temporaryFolder(), "MLproject");
  readonly #uri = pathToFileURL(this.#file).href;
  #shown: Diagnostic[] | undefined;
  #version = 0;
  #text = TextDocument.create("", "", 0, "");

  constructor() {
    const args = [join(root, "src/language/server.ts"), "--stdio"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    this.#connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.#connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      if (params.uri === this.#uri) this.#shown = params.diagnostics;
    });
    this.#connection.listen();
  }

  async start(): Promise<void> {
    await this.#connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await this.#connection.sendNotification("initialized", {});
  }

  stop(): void {
    this.#connection.dispose();
    this.#child.kill();
  }

  /** Opens the text anew, applies the edits one by one, and compares after each. */
  async apply(text: string, all: readonly Edit[]): Promise<void> {
    this.#version += 1;
    const item = { uri: this.#uri, languageId: "mlproject", version: this.#version, text };
    this.#text = TextDocument.create(this.#uri, "mlproject", this.#version, text);
    await this.#connection.sendNotification("textDocument/didOpen", { textDocument: item });
    await this.#compare();
    for (const edit of all) {
      await this.#change(edit);
      await this.#ask(edit);
      await this.#compare();
    }
    const textDocument = { uri: this.#uri };
    await this.#connection.sendNotification("textDocument/didClose", { textDocument });
  }

  async #change({ at, remove, insert }: Edit): Promise<void> {
    this.#version += 1;
    const length = this.#text.getText().length;
    const start = Math.round(at * length);
    const range = { start: this.#text.positionAt(start), end: this.#text.positionAt(Math.min(start + remove, length)) };
    const contentChanges = [{ range, text: insert }];
    this.#shown = undefined;
    this.#text = TextDocument.update(this.#text, contentChanges, this.#version);
    const textDocument = { uri: this.#uri, version: this.#version };
    await this.#connection.sendNotification("textDocument/didChange", { textDocument, contentChanges });
  }

  /** Every feature answers, whatever stands there; an error of the server fails the test. */
  async #ask({ at }: Edit): Promise<void> {
    const textDocument = { uri: this.#uri };
    const position = this.#text.positionAt(Math.round(at * this.#text.getText().length));
    const range = { start: position, end: position };
    await this.#connection.sendRequest("textDocument/completion", { textDocument, position });
    await this.#connection.sendRequest("textDocument/hover", { textDocument, position });
    await this.#connection.sendRequest("textDocument/definition", { textDocument, position });
    await this.#connection.sendRequest("textDocument/prepareRename", { textDocument, position });
    await this.#connection.sendRequest("textDocument/documentSymbol", { textDocument });
    await this.#connection.sendRequest("textDocument/documentLink", { textDocument });
    await this.#connection.sendRequest("textDocument/inlayHint", { textDocument, range });
    const context = { diagnostics: [] };
    await this.#connection.sendRequest("textDocument/codeAction", { textDocument, range, context });
  }

  async #compare(): Promise<void> {
    const document = readForEditor(this.#text.getText());
    const fresh = JSON.parse(JSON.stringify(validate(document, folderWorkspace(this.#file)))) as unknown;
    const wanted = JSON.stringify(fresh);
    const same = () => JSON.stringify(this.#shown) === wanted;
    await until("the problems of a fresh read", same).catch(() => deepEqual(this.#shown, fresh));
  }
}

/** Runs `count` lists of up to ten edits. */
export async function editRandomly(count: number, seed: number): Promise<void> {
  const file = new EditedFile();
  await file.start();
  const texts = startingTexts();
  const property = fc.asyncProperty(fc.nat({ max: texts.length - 1 }), edits, (index, all) =>
    file.apply(texts[index] ?? "", all),
  );
  try {
    await fc.assert(property, { numRuns: count, seed, endOnFailure: true });
  } finally {
    file.stop();
  }
}
