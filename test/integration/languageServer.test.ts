import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  CodeLens,
  CompletionItem,
  Hover,
  ProtocolConnection,
  PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import type { LastRunResult, LastRunsParams } from "../../src/protocol/language.ts";
import { LAST_RUNS_REQUEST, MAY_RUN_NOTIFICATION, RUNS_CHANGED_NOTIFICATION } from "../../src/protocol/language.ts";
import { root, skipWithout, temporaryFolder, until } from "../support/environment.ts";

const folder = temporaryFolder();
const uri = pathToFileURL(join(folder, "MLproject")).href;
const text = `python_env: python_env.yaml
entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.08}
    command: "python train.py {eta} {etta}"
`;

/** A real server of its own, started as another editor would. */
class Editor {
  readonly diagnostics = new Map<string, PublishDiagnosticsParams>();
  readonly connection: ProtocolConnection;
  readonly child: ChildProcess;
  refreshes = 0;
  /** Answered when the server asks for a setting. */
  settings: unknown = null;
  lastRun: LastRunResult | null = null;
  /** Entry points whose last runs were asked for, a list a request. */
  readonly asked: string[][] = [];

  constructor(program = process.execPath, args = [join(root, "src/language/server.ts"), "--stdio"]) {
    // The suite's own compile cache would stand in for that of the server.
    const { NODE_COMPILE_CACHE: _, ...env } = process.env;
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env });
    this.child = child;
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.diagnostics.set(params.uri, params);
    });
    this.connection.onRequest(LAST_RUNS_REQUEST, ({ entry_points }: LastRunsParams) => {
      this.asked.push(entry_points);
      return entry_points.map(() => this.lastRun);
    });
    this.connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    this.connection.onRequest("workspace/codeLens/refresh", () => {
      this.refreshes += 1;
      return null;
    });
    this.connection.listen();
  }

  async open(initializationOptions?: unknown): Promise<Record<string, unknown>> {
    const { capabilities } = await this.connection.sendRequest<{ capabilities: Record<string, unknown> }>(
      "initialize",
      {
        processId: process.pid,
        rootUri: pathToFileURL(folder).href,
        capabilities: { workspace: { codeLens: { refreshSupport: true }, configuration: this.settings !== null } },
        initializationOptions,
      },
    );
    await this.connection.sendNotification("initialized", {});
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "mlproject", version: 1, text },
    });
    return capabilities;
  }

  change(version: number, newText: string): Promise<void> {
    return this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ text: newText }],
    });
  }

  /** Codes of the file's problems, once they are as wanted. */
  problems(wanted: readonly string[]): Promise<true | undefined> {
    return until(`problems ${wanted.join(", ")}`, () => {
      const codes = this.diagnostics.get(uri)?.diagnostics.map((one) => String(one.code));
      return codes !== undefined && codes.join() === wanted.join() ? true : undefined;
    });
  }

  async close(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    return ended;
  }
}

describe("an editor without lenses", () => {
  const editor = new Editor();
  let capabilities: Record<string, unknown> = {};
  before(async () => {
    capabilities = await editor.open();
  });
  after(() => editor.child.kill());

  test("is offered none", () => {
    assert.equal(capabilities["codeLensProvider"], undefined);
    assert.equal(capabilities["hoverProvider"], true);
  });

  test("sees problems of the file and of its folder, and sees them go", async () => {
    await editor.problems(["environment-file-missing", "script-missing", "undefined-placeholder"]);
    writeFileSync(join(folder, "python_env.yaml"), 'python: "3.11"\n');
    writeFileSync(join(folder, "train.py"), "");
    await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [] });
    await editor.problems(["undefined-placeholder"]);
    await editor.change(2, text.replace(" {etta}", ""));
    await editor.problems([]);
    await editor.change(3, text);
    await editor.problems(["undefined-placeholder"]);
  });

  test("sees problems of an environment file, in it and where it is named, as it is typed", async () => {
    const environment = pathToFileURL(join(folder, "python_env.yaml")).href;
    const textDocument = { uri: environment, languageId: "yaml", version: 1, text: "python: 3.10\n" };
    await editor.connection.sendNotification("textDocument/didOpen", { textDocument });
    await editor.problems(["env-python-number", "undefined-placeholder"]);
    await until("the same in the file", () => editor.diagnostics.get(environment)?.diagnostics.length === 1);
    await editor.connection.sendNotification("textDocument/didClose", { textDocument: { uri: environment } });
    await editor.problems(["undefined-placeholder"]);
    await until("none in a closed file", () => editor.diagnostics.get(environment)?.diagnostics.length === 0);
  });

  test("sees problems of a workflow against the MLproject as that is typed, and renames its steps", async () => {
    const workflow = pathToFileURL(join(folder, "workflow.mlflow.yaml")).href;
    const body = "steps:\n  a: {entry_point: main}\n  b: {entry_point: mian, needs: a}\n";
    const textDocument = { uri: workflow, languageId: "yaml", version: 1, text: body };
    await editor.connection.sendNotification("textDocument/didOpen", { textDocument });
    const codes = () => editor.diagnostics.get(workflow)?.diagnostics.map(({ code }) => code);
    await until("its problem", () => codes()?.join() === "entry-point-unknown");
    await editor.change(4, `${text}  mian: {command: "true"}\n`);
    await until("none beside such an entry point", () => codes()?.length === 0);
    const changed = await editor.connection.sendRequest<{ changes: Record<string, unknown[]> }>("textDocument/rename", {
      textDocument: { uri: workflow },
      position: { line: 1, character: 2 },
      newName: "first",
    });
    assert.equal(changed.changes[workflow]?.length, 2);
    await editor.change(5, text);
    await editor.connection.sendNotification("textDocument/didClose", { textDocument: { uri: workflow } });
  });

  test("has a say in how loud they are", async () => {
    const push = (severity: Record<string, string>) =>
      editor.connection.sendNotification("workspace/didChangeConfiguration", {
        settings: { flowdeck: { mlproject: { severity } } },
      });
    await push({ "undefined-placeholder": "off" });
    await editor.problems([]);
    await push({});
    await editor.problems(["undefined-placeholder"]);
  });

  test("completes a parameter", async () => {
    const items = await editor.connection.sendRequest<CompletionItem[]>("textDocument/completion", {
      textDocument: { uri },
      position: { line: 5, character: 34 },
      context: { triggerKind: 2, triggerCharacter: "{" },
    });
    assert.deepEqual(
      items.map((item) => [item.label, item.detail]),
      [["eta}", "float, default 0.08"]],
    );
  });

  test("hovers a parameter", async () => {
    const found = await editor.connection.sendRequest<Hover>("textDocument/hover", {
      textDocument: { uri },
      position: { line: 4, character: 7 },
    });
    assert.match(JSON.stringify(found.contents), /float, default 0\.08/);
  });

  test("fixes a misspelt placeholder", async () => {
    const position = { line: 5, character: 36 };
    const actions = await editor.connection.sendRequest<Array<{ title: string }>>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    assert.equal(actions[0]?.title, "Change to eta");
  });

  test("ends the server", async () => assert.equal(await editor.close(), 0));
});

describe("the built server, alone", () => {
  const built = join(root, "dist/languageServer.js");
  const skip = skipWithout(existsSync(built) ? built : undefined, "dist/languageServer.js (npm run build)");
  let editor: Editor;
  const lists = temporaryFolder();
  before(async () => {
    if (skip !== false) return;
    const list = join(lists, "list.cjs");
    const write = `require("node:fs").writeFileSync(${JSON.stringify(join(lists, "loaded"))}, process.moduleLoadList.join(";"))`;
    writeFileSync(list, `process.on("exit", () => ${write});`);
    editor = new Editor(join(root, "node_modules/.bin/node"), ["-r", list, built, "--stdio"]);
    await editor.open();
  });
  after(() => editor?.child.kill());

  test("tells problems as the text changes, beside a mistake of the YAML too", { skip }, async () => {
    await editor.change(2, `${text}  other: {command: "x {y}"}\nname: 'x\n`);
    const left = await until("the problems of the changed text", () => {
      const codes = editor.diagnostics.get(uri)?.diagnostics.map((one) => String(one.code)) ?? [];
      return codes.includes("yaml-syntax") ? codes.filter((code) => !code.endsWith("-missing")) : undefined;
    });
    assert.deepEqual(left, ["undefined-placeholder", "undefined-placeholder", "yaml-syntax"]);
    await editor.change(3, text);
  });

  test("completes a key, a type and a parameter", { skip }, async () => {
    const labels = async (line: number, character: number) => {
      const params = { textDocument: { uri }, position: { line, character }, context: { triggerKind: 1 } };
      const items = await editor.connection.sendRequest<CompletionItem[]>("textDocument/completion", params);
      return items.map((item) => item.label);
    };
    assert.deepEqual(await labels(4, 18), ["string", "float", "path", "uri"]);
    assert.deepEqual(await labels(5, 34), ["eta}"]);
    await editor.change(4, `${text}na`);
    assert.ok((await labels(6, 2)).includes("name"));
    await editor.change(5, text);
  });

  test("hovers a key and a parameter", { skip }, async () => {
    const shown = async (line: number, character: number) => {
      const params = { textDocument: { uri }, position: { line, character } };
      return JSON.stringify(await editor.connection.sendRequest<Hover>("textDocument/hover", params));
    };
    assert.match(await shown(1, 3), /Commands of the project/);
    assert.match(await shown(5, 32), /float, default 0\.08/);
  });

  test("ends when it is told to", { skip }, async () => assert.equal(await editor.close(), 0));

  test("has loaded nothing that it did not use, and keeps what was compiled for its next start", { skip }, () => {
    const loaded = readFileSync(join(lists, "loaded"), "utf8").split(";");
    const costly = ["crypto", "child_process", "readline", "internal/fs/streams"];
    assert.ok(loaded.includes("NativeModule net"));
    assert.deepEqual(
      costly.filter((name) => loaded.includes(`NativeModule ${name}`)),
      [],
    );
    assert.ok(readdirSync(join(root, "dist/compiled")).length > 0);
  });
});

describe("an editor with lenses", () => {
  const editor = new Editor();
  before(() => editor.open({ lens: true, mayRun: false }));
  after(() => editor.child.kill());

  const titles = async () => {
    const lenses = await editor.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
    return lenses.map((lens) => lens.command?.title ?? "");
  };

  test("shows Run once it may be offered, and the last run as soon as the client told it", async () => {
    assert.deepEqual(await titles(), []);
    // The server has lenses drawn again, too, when it has read the first script.
    const drawnAgain = async (what: string, tell: () => Promise<unknown>) => {
      const before = editor.refreshes;
      await tell();
      await until(what, () => editor.refreshes > before);
    };
    const run = ["▷ Run", "Debug", "Run with…"];
    await drawnAgain("lenses that run", () => editor.connection.sendNotification(MAY_RUN_NOTIFICATION));
    await until("lenses to run", async () => (await titles()).join() === run.join());
    editor.lastRun = { run_id: "a", status: "FAILED", start_time: 0, end_time: Date.now() - 7_200_000 };
    await drawnAgain("a refresh at once", () => editor.connection.sendNotification(RUNS_CHANGED_NOTIFICATION));
    await drawnAgain("a refresh with the answer", titles);
    await until(
      "the last run",
      async () => (await titles()).join() === [...run, "$(error)\u00A0failed 2 h ago"].join(),
    );
  });
});

test("an editor that is asked for its settings is heard", async () => {
  const editor = new Editor();
  editor.settings = { "undefined-placeholder": "off", "script-missing": "hint" };
  await editor.open();
  await until("the file's problems", () => editor.diagnostics.has(uri));
  await until("severities as set", () => {
    const found = editor.diagnostics.get(uri)?.diagnostics ?? [];
    return !found.some(({ code }) => code === "undefined-placeholder");
  });
  assert.equal(await editor.close(), 0);
});
