import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { semanticTokens } from "../../src/language/service/semanticTokens.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { root, shared, skipWithout } from "../support/environment.ts";
import { findCodeServerModules } from "../support/textmate.ts";

const require = createRequire(import.meta.url);
const grammarFile = join(root, "syntaxes/mlproject.tmLanguage.json");

test("the grammar gives the scopes that the marked files say", () => {
  const folder = join(root, "test/language/grammar");
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".MLproject"))
    .map((name) => join(folder, name));
  const program = join(root, "node_modules/vscode-tmgrammar-test/dist/unit.js");
  const { status, stdout } = spawnSync(process.execPath, [program, ...files], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

const modules = findCodeServerModules();

test("expressions of workflows have their scopes in VS Code's own YAML", {
  skip: skipWithout(modules, "code-server"),
}, () => {
  const yaml = join(modules ?? "", "../extensions/yaml/syntaxes");
  const grammars = readdirSync(yaml).flatMap((name) => ["-g", join(yaml, name)]);
  const program = join(root, "node_modules/vscode-tmgrammar-test/dist/unit.js");
  const file = join(root, "test/language/grammar/workflow.yaml");
  const { status, stdout } = spawnSync(process.execPath, [program, ...grammars, file], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

interface Grammar {
  tokenizeLine(
    line: string,
    state: unknown,
  ): { tokens: Array<{ startIndex: number; endIndex: number; scopes: string[] }>; ruleStack: unknown };
}
let grammar: Grammar;

before(async () => {
  const textmate = require("vscode-textmate");
  const oniguruma = require("vscode-oniguruma");
  await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, "utf8"), grammarFile),
  });
  grammar = await registry.loadGrammar("source.mlproject");
});

/** The innermost scope at each offset of `text` that `offsets` names. */
function scopesAt(text: string, offsets: readonly number[]): string[] {
  const found = new Map<number, string>();
  let state: unknown = null;
  let start = 0;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const offset of offsets) {
      const token = tokens.find(
        ({ startIndex, endIndex }) => startIndex <= offset - start && offset - start < endIndex,
      );
      if (token !== undefined && offset >= start) found.set(offset, token.scopes.at(-1) ?? "");
    }
    start += line.length + 1;
  }
  return offsets.map((offset) => found.get(offset) ?? "");
}

const folder = shared("mlprojects");
test("semantic tokens have the scopes of the grammar in the real files", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const scopes: Record<string, string[]> = manifest.contributes.semanticTokenScopes[0].scopes;
  let count = 0;
  const others: string[] = [];
  for (const name of readdirSync(folder ?? "").filter((one) => one.endsWith(".MLproject"))) {
    const text = readFileSync(join(folder ?? "", name), "utf8").replaceAll("\r\n", "\n");
    // MLflow knows four types; the grammar leaves other words as texts.
    const tokens = semanticTokens(readMlproject(text)).filter(
      ({ type, modifier }) => type !== "type" || modifier === "defaultLibrary",
    );
    const found = scopesAt(
      text,
      tokens.map(({ range }) => range.start),
    );
    for (const [index, { type, modifier, range }] of tokens.entries()) {
      const wanted = (modifier === "declaration" ? scopes[`${type}.declaration`] : scopes[type])?.[0];
      count += 1;
      if (found[index] !== wanted)
        others.push(`${name}: ${text.slice(range.start, range.end)} ${found[index]} ${wanted}`);
    }
  }
  assert.ok(count > 500, `${count} tokens`);
  assert.deepEqual(others, []);
});
