import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  CodeAction,
  CompletionItem,
  Hover,
  Location,
  PublishDiagnosticsParams,
  Range,
  SignatureHelp,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { CREATE_PROJECT_REQUEST, type CreateProjectResult } from "../../src/protocol/language.ts";
import { root, temporaryFolder, until } from "../support/environment.ts";

// The server as an editor speaks to it, about a project with scripts.

const folder = join(temporaryFolder(), "wine");
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const FILES = {
  MLproject: `entry_points:
  main:
    parameters:
      lr: {type: float, default: 0.1}
    command: python train.py --lr {lr} --epochs 3 --depht 4
`,
  "train.py": `import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, help="Step size.")
parser.add_argument("--epochs", type=int, required=True)
parser.add_argument("--depth", type=int, default=4)
parser.parse_args()
`,
  "all.py": `import mlflow

mlflow.run(".", "main", parameters={"lr": 0.2})
mlflow.run(".", "mian")
`,
};

const child = spawn(process.execPath, [join(root, "src/language/server.ts"), "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const connection = createProtocolConnection(
  new StreamMessageReader(child.stdout),
  new StreamMessageWriter(child.stdin),
);
const told = new Map<string, PublishDiagnosticsParams>();

function at(name: keyof typeof FILES, part: string, offset = 0) {
  const before = FILES[name].slice(0, FILES[name].indexOf(part) + offset).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { textDocument: { uri: uriOf(name) }, position };
}

function problems(name: keyof typeof FILES, codes: string[]): Promise<true> {
  return until(`problems of ${name}: ${codes.join()}`, () => {
    const found = told.get(uriOf(name))?.diagnostics.map(({ code }) => String(code));
    return found?.join() === codes.join();
  });
}

describe("a project with scripts", () => {
  before(async () => {
    mkdirSync(folder);
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      told.set(params.uri, params);
    });
    connection.listen();
    await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await connection.sendNotification("initialized", {});
    for (const [name, languageId] of [
      ["MLproject", "mlproject"],
      ["all.py", "python"],
    ] as const) {
      const textDocument = { uri: uriOf(name), languageId, version: 1, text: FILES[name] };
      await connection.sendNotification("textDocument/didOpen", { textDocument });
    }
  });
  after(() => {
    connection.dispose();
    child.kill();
  });

  test("problems of commands and of runs come as soon as the scripts are read", async () => {
    await problems("MLproject", ["script-option-unknown"]);
    await problems("all.py", ["run-entry-point-unknown"]);
  });
  test("options are completed and shown as a signature", async () => {
    const items = await connection.sendRequest<CompletionItem[]>(
      "textDocument/completion",
      at("MLproject", "--depht", 4),
    );
    assert.deepEqual(
      items.map(({ label }) => label),
      ["--depth"],
    );
    const help = await connection.sendRequest<SignatureHelp>("textDocument/signatureHelp", at("MLproject", "{lr}", 0));
    assert.equal(help.signatures[0]?.label, "train.py [--lr LR] --epochs EPOCHS [--depth DEPTH]");
    assert.equal(help.activeParameter, 0);
  });
  test("a placeholder leads to its parameter and to the script", async () => {
    const found = await connection.sendRequest<Location[]>("textDocument/definition", at("MLproject", "{lr}", 2));
    assert.deepEqual(
      found.map(({ uri, range }) => `${uri.replace(/^.*\//, "")} ${range.start.line}`),
      ["MLproject 3", "train.py 3"],
    );
  });
  test("a key of a run leads to its parameter, and is renamed with it", async () => {
    const found = await connection.sendRequest<Location[]>("textDocument/definition", at("all.py", '"lr"', 2));
    assert.deepEqual(
      found.map(({ uri, range }) => `${uri.replace(/^.*\//, "")} ${range.start.line}`),
      ["MLproject 3"],
    );
    const asked = { ...at("MLproject", "lr:", 1), newName: "rate" };
    const edit = await connection.sendRequest<WorkspaceEdit>("textDocument/rename", asked);
    const counts = Object.entries(edit.changes ?? {}).map(
      ([uri, edits]) => `${uri.replace(/^.*\//, "")} ${edits.length}`,
    );
    assert.deepEqual(counts.toSorted(), ["MLproject 3", "all.py 1", "train.py 1"]);
  });
  test("an option of a script that is open is added to the MLproject", async () => {
    const textDocument = { uri: uriOf("train.py"), languageId: "python", version: 1, text: FILES["train.py"] };
    await connection.sendNotification("textDocument/didOpen", { textDocument });
    const { position } = at("train.py", "--depth");
    const actions = await connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: uriOf("train.py") },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      ["Add parameter depth to main of MLproject"],
    );
    assert.equal(actions[0]?.edit?.changes?.[uriOf("MLproject")]?.length, 2);
  });
  test("an option of an open script has its parameter, and is renamed with it", async () => {
    const script = at("train.py", '"--lr"', 4);
    const found = await connection.sendRequest<Location[]>("textDocument/references", {
      ...script,
      context: { includeDeclaration: false },
    });
    assert.deepEqual(found.map(({ uri }) => uri.replace(/^.*\//, "")).toSorted(), [
      "MLproject",
      "MLproject",
      "all.py",
      "train.py",
    ]);
    const help = await connection.sendRequest<Hover>("textDocument/hover", script);
    assert.match(JSON.stringify(help.contents), /^.*Gets `lr` \(float, default 0.1\)/);
    const range = await connection.sendRequest<Range>("textDocument/prepareRename", script);
    assert.deepEqual([range.start.character, range.end.character], [23, 25]);
    const edit = await connection.sendRequest<WorkspaceEdit>("textDocument/rename", { ...script, newName: "rate" });
    assert.equal(Object.values(edit.changes ?? {}).flat().length, 5);
    const refused = connection.sendRequest("textDocument/rename", { ...script, newName: "depth" });
    await assert.rejects(refused, /train.py has an option `--depth` already/);
    assert.equal(await connection.sendRequest("textDocument/prepareRename", at("train.py", "parser", 2)), null);
  });
  test("what is typed in a script counts at once", async () => {
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: uriOf("train.py"), version: 2 },
      contentChanges: [{ text: FILES["train.py"].replace("--depth", "--depht") }],
    });
    await problems("MLproject", []);
  });
  test("an MLproject is made for a script", async () => {
    const { text, framework } = await connection.sendRequest<CreateProjectResult>(CREATE_PROJECT_REQUEST, {
      script: uriOf("train.py"),
      folder: uriOf("."),
      environment: { key: "python_env", path: "python_env.yaml" },
    });
    assert.equal(framework, "argparse");
    assert.equal(
      text,
      `name: wine

python_env: python_env.yaml

entry_points:
  main:
    parameters:
      epochs: float
      depht: {type: float, default: 4}
    # Given with a run where they are wanted: --lr
    command: >-
      python train.py
      --epochs {epochs}
      --depht {depht}
`,
    );
  });
});
