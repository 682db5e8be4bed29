// A language server in a process of its own, asked as an editor asks it.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { cpuOf, memoryOf } from "../support/processes.mjs";

const require = createRequire(import.meta.url);
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-languageserver/node");

/** What VS Code 1.120 tells of itself, as far as it changes what these servers do. */
const CAPABILITIES = {
  workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ["markdown"] },
    publishDiagnostics: { versionSupport: true },
  },
};

/** `settings` answers whatever the server asks of the configuration, by section. */
export class LanguageServer {
  #child;
  #connection;
  #settings;
  #version = 0;
  #waiting = new Set();
  /** ms of CPU and of the clock until `initialize` was answered. */
  started;

  constructor(settings) {
    this.#settings = settings;
  }

  async start({ program, options, environment }, folderUri) {
    const began = performance.now();
    this.#child = spawn(process.execPath, [...options, program, "--stdio"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, ...environment },
    });
    const { stdin, stdout } = this.#child;
    this.#connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onNotification("textDocument/publishDiagnostics", (params) => {
      for (const check of this.#waiting) check(params);
    });
    this.#connection.onRequest("workspace/configuration", ({ items }) =>
      items.map(({ section }) => this.#settings[section] ?? null),
    );
    this.#connection.onRequest("client/registerCapability", () => null);
    this.#connection.onUnhandledNotification(() => {});
    this.#connection.listen();
    await this.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: folderUri,
      workspaceFolders: [{ uri: folderUri, name: "bench" }],
      capabilities: CAPABILITIES,
    });
    this.started = { wall: performance.now() - began, cpu: this.cpu() };
    await this.#connection.sendNotification("initialized", {});
  }

  /** Opens a document and waits for its first diagnostics; resolves to ms by the clock. */
  async open(uri, languageId, text) {
    const began = performance.now();
    const told = this.#diagnostics(uri, () => true);
    this.#version += 1;
    const textDocument = { uri, languageId, version: this.#version, text };
    await this.#connection.sendNotification("textDocument/didOpen", { textDocument });
    await told;
    return performance.now() - began;
  }

  /** Changes a document, and waits for diagnostics that `isTold`; resolves to ms by the clock. */
  async change(uri, range, text, isTold) {
    const began = performance.now();
    const told = this.#diagnostics(uri, isTold);
    await this.edit(uri, range, text);
    await told;
    return performance.now() - began;
  }

  async edit(uri, range, text) {
    this.#version += 1;
    await this.#connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: this.#version },
      contentChanges: [{ range, text }],
    });
  }

  async close(uri) {
    await this.#connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  request(method, params) {
    return this.#connection.sendRequest(method, params);
  }

  cpu() {
    return cpuOf(this.#child.pid);
  }

  /** MB. */
  memory() {
    return memoryOf(this.#child.pid);
  }

  stop() {
    this.#connection.dispose();
    this.#child.kill("SIGKILL");
  }

  #diagnostics(uri, isTold) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics of ${uri} in 60 s`)), 60_000);
      const check = (params) => {
        if (params.uri !== uri || !isTold(params.diagnostics)) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(params.diagnostics);
      };
      this.#waiting.add(check);
    });
  }
}
