import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type {
  ClientCapabilities,
  ProtocolConnection,
  PublishDiagnosticsParams,
  Registration,
  ServerCapabilities,
} from "vscode-languageserver/node";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { root } from "./environment.ts";

/** The built language server, without which a test is skipped. */
export const BUILT_SERVER = join(root, "dist/languageServer.js");

/** An editor of the built language server, as far as the protocol goes. Its files lie in `folder`. */
export class LanguageEditor {
  readonly told = new Map<string, PublishDiagnosticsParams>();
  readonly registrations: Registration[] = [];
  readonly #child: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #folder: string;
  readonly #texts = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
    const node = join(root, "node_modules/.bin/node");
    const child = spawn(node, [BUILT_SERVER, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    this.#connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.#connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.told.set(params.uri, params);
    });
    this.#connection.onRequest("client/registerCapability", (params: { registrations: Registration[] }) => {
      this.registrations.push(...params.registrations);
      return null;
    });
    this.#connection.listen();
  }

  async start(capabilities: ClientCapabilities, initializationOptions?: unknown): Promise<ServerCapabilities> {
    const answer = await this.#connection.sendRequest<{ capabilities: ServerCapabilities }>("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(this.#folder).href,
      capabilities,
      initializationOptions,
    });
    await this.#connection.sendNotification("initialized", {});
    return answer.capabilities;
  }

  uriOf(name: string): string {
    return pathToFileURL(join(this.#folder, name)).href;
  }

  /** Opens a document of the folder, or one that has a URI of its own. */
  async show(name: string, languageId: string, text: string): Promise<void> {
    const uri = name.includes(":") ? name : this.uriOf(name);
    this.#texts.set(uri, text);
    await this.#connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  /** Asks about a document that is open; with `behind`, about the place behind that part of it. */
  ask<T>(method: string, name: string, behind?: string, more: object = {}): Promise<T> {
    const uri = name.includes(":") ? name : this.uriOf(name);
    const place = behind === undefined ? {} : { position: this.#positionBehind(uri, behind) };
    return this.#connection.sendRequest<T>(method, { textDocument: { uri }, ...place, ...more });
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.#connection.sendRequest<T>(method, params);
  }

  stop(): void {
    this.#child.kill();
  }

  #positionBehind(uri: string, part: string): { line: number; character: number } {
    const text = this.#texts.get(uri) ?? "";
    const lines = text.slice(0, text.indexOf(part) + part.length).split("\n");
    return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  }
}
