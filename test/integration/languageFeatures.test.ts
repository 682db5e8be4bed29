import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type {
  ClientCapabilities,
  CompletionItem,
  DocumentFilter,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Range,
  SelectionRange,
  SymbolInformation,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { BUILT_SERVER, LanguageEditor } from "../support/languageClient.ts";

// What the built server offers, and for which files; and what it answers about an MLproject file and the cells of a notebook.

const skip = skipWithout(existsSync(BUILT_SERVER) ? BUILT_SERVER : undefined, "dist/languageServer.js (npm run build)");
const folder = join(temporaryFolder(), "wine");
const PROJECT = `name: wine
python_env: python_env.yaml

# What it does.
# In two lines.
entry_points:
  main:
    parameters:
      lr: {type: float, default: 0.1}
    command: python train.py {lr}
`;
const OTHER = "entry_points:\n  evaluate: {command: echo}\n";
const dynamic = { dynamicRegistration: true };
const REGISTERS: ClientCapabilities = {
  textDocument: {
    ...{ completion: dynamic, signatureHelp: dynamic, documentHighlight: dynamic, documentSymbol: dynamic },
    ...{ documentLink: dynamic, formatting: dynamic, codeLens: dynamic, foldingRange: dynamic },
    ...{ selectionRange: dynamic, inlayHint: dynamic },
    semanticTokens: { ...dynamic, requests: {}, tokenTypes: [], tokenModifiers: [], formats: [] },
  },
};

before(() => {
  if (skip !== false) return;
  mkdirSync(join(folder, "steps"), { recursive: true });
  writeFileSync(join(folder, "MLproject"), PROJECT);
  writeFileSync(join(folder, "steps/MLproject"), OTHER);
  writeFileSync(join(folder, "python_env.yaml"), 'python: "3.11"\n');
  writeFileSync(join(folder, "train.py"), "");
});

describe("an editor that takes registrations", () => {
  let editor: LanguageEditor;
  before(() => {
    if (skip === false) editor = new LanguageEditor(folder);
  });
  after(() => editor?.stop());

  test("formats, colours and folds MLproject files only: Python has its own servers", { skip }, async () => {
    const capabilities = await editor.start(REGISTERS, { lens: true });
    for (const key of [
      ...(["documentFormattingProvider", "semanticTokensProvider", "foldingRangeProvider"] as const),
      ...(["codeLensProvider", "completionProvider", "signatureHelpProvider"] as const),
    ]) {
      equal(capabilities[key], undefined, key);
    }
    ok(capabilities.hoverProvider);
    const registered = await until("the registrations", () => editor.registrations.length > 0 && editor.registrations);
    const languages = registered.flatMap(({ method, registerOptions: { documentSelector } }) =>
      (documentSelector as DocumentFilter[]).flatMap((filter) =>
        "language" in filter ? [`${method.slice("textDocument/".length)} ${filter.language}`] : [],
      ),
    );
    deepEqual(
      languages.filter((one) => one.endsWith("python")),
      // Two selectors each: files, and cells of notebooks.
      ["completion python", "completion python", "codeLens python", "codeLens python"],
    );
    equal(languages.filter((one) => one.endsWith("mlproject")).length, 11);
  });
});

describe("an editor that takes none", () => {
  let editor: LanguageEditor;
  before(async () => {
    if (skip !== false) return;
    editor = new LanguageEditor(folder);
    const capabilities = await editor.start({});
    ok(capabilities.documentFormattingProvider === true && capabilities.codeLensProvider === undefined);
    await editor.show("MLproject", "mlproject", PROJECT);
  });
  after(() => editor?.stop());

  const textOf = ({ start, end }: Range): string => {
    const lines = PROJECT.split("\n");
    const offset = ({ line, character }: Range["start"]) =>
      lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
    return PROJECT.slice(offset(start), offset(end));
  };

  test("sees entry points and parameters in the outline", { skip }, async () => {
    const found = await editor.ask<DocumentSymbol[]>("textDocument/documentSymbol", "MLproject");
    deepEqual(
      found.map(({ name, children }) => [name, children?.map((child) => `${child.name}: ${child.detail}`)]),
      [["main", ["lr: float, default 0.1"]]],
    );
  });

  test("finds the entry points of every MLproject of the folder by some of their letters", { skip }, async () => {
    const find = async (query: string) => {
      const found = await editor.request<SymbolInformation[]>("workspace/symbol", { query });
      return found.map(({ name, location }) => `${name} ${location.uri.slice(editor.uriOf("").length + 1)}`).toSorted();
    };
    deepEqual(await find(""), ["evaluate steps/MLproject", "main MLproject"]);
    deepEqual(await find("evl"), ["evaluate steps/MLproject"]);
    deepEqual(await find("zz"), []);
  });

  test("folds comments, entry points and what is in them", { skip }, async () => {
    const found = await editor.ask<FoldingRange[]>("textDocument/foldingRange", "MLproject");
    deepEqual(
      found.map(({ startLine, endLine, kind }) => [startLine, endLine, kind]),
      [
        [3, 4, "comment"],
        [5, 9, undefined],
        [6, 9, undefined],
        [7, 8, undefined],
      ],
    );
  });

  test("selects from a placeholder outwards", { skip }, async () => {
    const positions = [{ line: 9, character: 31 }];
    const asked = editor.ask<SelectionRange[]>("textDocument/selectionRange", "MLproject", undefined, { positions });
    const [found] = await asked;
    const texts: string[] = [];
    for (let one = found; one !== undefined; one = one.parent) texts.push(textOf(one.range));
    deepEqual(texts.slice(0, 3), ["lr", "{lr}", "python train.py {lr}"]);
    equal(texts.at(-1), PROJECT);
  });

  test("follows the environment file and the script", { skip }, async () => {
    const found = await editor.ask<DocumentLink[]>("textDocument/documentLink", "MLproject");
    deepEqual(
      found.map(({ range, target }) => [textOf(range), target]),
      [
        ["python_env.yaml", editor.uriOf("python_env.yaml")],
        ["train.py", editor.uriOf("train.py")],
      ],
    );
  });

  test("renames a parameter with its placeholder, and is told why a name cannot be", { skip }, async () => {
    const range = await editor.ask<Range>("textDocument/prepareRename", "MLproject", "{l");
    equal(textOf(range), "lr");
    const edit = await editor.ask<WorkspaceEdit>("textDocument/rename", "MLproject", "{l", { newName: "rate" });
    deepEqual(
      (edit.changes?.[editor.uriOf("MLproject")] ?? []).map((one) => [textOf(one.range), one.newText]),
      [
        ["lr", "rate"],
        ["lr", "rate"],
      ],
    );
    const refused = editor.ask<WorkspaceEdit>("textDocument/rename", "MLproject", "{l", { newName: "1st" });
    equal(
      await refused.catch(String),
      "Error: The name of a parameter has letters, digits, _ and -, and begins with a letter or _.",
    );
  });

  test("is told of a run in a cell of a notebook, and completes its entry points and parameters", {
    skip,
  }, async () => {
    // As a local window names them, and as a remote one does.
    const machines = ["", "", "127.0.0.1:8080"];
    const cell = (count: number) =>
      `${editor.uriOf("explore.ipynb").replace("file://", `vscode-notebook-cell://${machines[count]}`)}#W${count}sZmlsZQ==`;
    await editor.show(cell(0), "python", "import mlflow\n");
    await editor.show(cell(1), "python", 'mlflow.run(".", "mian")\n');
    const codes = await until("the problem of the cell", () => {
      const { diagnostics = [] } = editor.told.get(cell(1)) ?? {};
      return diagnostics.length > 0 && diagnostics.map(({ code }) => code);
    });
    deepEqual(codes, ["run-entry-point-unknown"]);
    deepEqual(editor.told.get(cell(0))?.diagnostics ?? [], []);
    await editor.show(cell(2), "python", 'mlflow.run(".", entry_point="")\nmlflow.run(".", parameters={""})\n');
    const labels = async (behind: string) => {
      const items = await editor.ask<CompletionItem[]>("textDocument/completion", cell(2), behind);
      return items.map(({ label }) => label);
    };
    deepEqual(await labels('entry_point="'), ["main"]);
    deepEqual(await labels('{"'), ["lr"]);
  });
});
