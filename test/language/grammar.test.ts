import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { findCodeServerModules } from "../support/textmate.ts";
import { root, skipWithout } from "../support/environment.ts";

interface Token {
  startIndex: number;
  endIndex: number;
  scopes: string[];
}
interface Grammar {
  tokenizeLine(line: string, state: unknown): { tokens: Token[]; ruleStack: unknown };
}

const modules = findCodeServerModules();
const file = join(root, "syntaxes/mlproject.tmLanguage.json");

/** The grammar in VS Code's own tokenizer, which comes with code-server. */
async function loadGrammar(folder: string): Promise<Grammar> {
  const require = createRequire(join(folder, "x.js"));
  const textmate = require("vscode-textmate");
  const oniguruma = require("vscode-oniguruma");
  await oniguruma.loadWASM(readFileSync(join(folder, "vscode-oniguruma/release/onig.wasm")));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope: string) =>
      scope === "source.mlproject" ? textmate.parseRawGrammar(readFileSync(file, "utf8"), file) : null,
  });
  return registry.loadGrammar("source.mlproject");
}

describe("the grammar", { skip: skipWithout(modules, "code-server's tokenizer") }, () => {
  let grammar: Grammar;
  before(async () => {
    grammar = await loadGrammar(modules ?? "");
  });

  /** Innermost scope of each word that is marked as «word», in order. */
  function scopes(marked: string): string[] {
    let state: unknown = null;
    const found: string[] = [];
    for (const line of marked.split("\n")) {
      const plain = line.replace(/[«»]/g, "");
      const { tokens, ruleStack } = grammar.tokenizeLine(plain, state);
      state = ruleStack;
      const marks = [...line.matchAll(/«([^»]*)»/g)];
      marks.forEach((match, index) => {
        const start = match.index - 2 * index;
        const token = tokens.find((one) => one.startIndex <= start && start < one.endIndex);
        assert.equal(plain.slice(token?.startIndex, token?.endIndex).trim(), match[1]?.trim(), line);
        found.push(token?.scopes.at(-1) ?? "");
      });
    }
    return found;
  }

  const cases: Array<[what: string, marked: string, expected: string[]]> = [
    [
      "keys, texts and comments",
      "«name»: «wine quality» «#» my\n«my-own_key»: «x:y»",
      [
        "entity.name.tag",
        "string.unquoted.plain",
        "punctuation.definition.comment",
        "entity.name.tag",
        "string.unquoted.plain",
      ],
    ],
    [
      "values in brackets",
      "  eta: {«type»: «float», «default»: «0.08»}",
      ["entity.name.tag", "support.type", "entity.name.tag", "constant.numeric.float"],
    ],
    [
      "YAML 1.1 numbers and texts",
      "a: «1e-5»\nb: «1.0e-5»\nc: «010»\nd: «1:30»\ne: «yes»\nf: «y»\ng: «~»",
      [
        "string.unquoted.plain",
        "constant.numeric.float",
        "constant.numeric.integer",
        "constant.numeric.integer",
        "constant.language.boolean",
        "string.unquoted.plain",
        "constant.language.null",
      ],
    ],
    [
      "a quoted command",
      '    «command»: "python x.py «--eta» {«eta»} «{{»"\n    «next»: x',
      [
        "entity.name.tag.command",
        "variable.parameter.option",
        "variable.parameter",
        "constant.character.escape.brace",
        "entity.name.tag",
      ],
    ],
    [
      "a plain command over lines",
      "    command: python x.py\n      «--a» {«a»}\n    «parameters»: {}",
      ["variable.parameter.option", "variable.parameter", "entity.name.tag"],
    ],
    [
      "a block command",
      "    command: «|»\n      python x.py «\\»\n\n        «-e» {«my-param»:>10} '{«b»}' «&&» true\n  «main»:",
      [
        "keyword.control.flow.block-scalar",
        "constant.character.escape.line-continuation",
        "variable.parameter.option",
        "variable.parameter",
        "variable.parameter",
        "keyword.operator.shell",
        "entity.name.tag",
      ],
    ],
    [
      "a command in brackets",
      '  main: {«command»: "x {«a»}", «parameters»: {}}',
      ["entity.name.tag.command", "variable.parameter", "entity.name.tag"],
    ],
    ["a lone brace", '    command: "x «}»"', ["invalid.illegal.brace"]],
    [
      "a block text that is no command",
      "        description: >\n          «not {a} a key: x»\n        «type»: «path»",
      ["string.unquoted.block", "entity.name.tag", "support.type"],
    ],
    [
      "anchors and merges",
      "a: «&x» {«<<»: «*x»}",
      ["entity.name.type.anchor", "entity.name.tag", "variable.other.alias"],
    ],
  ];
  for (const [what, marked, expected] of cases) {
    test(what, () =>
      assert.deepEqual(
        scopes(marked),
        expected.map((scope) => `${scope}.mlproject`),
      ),
    );
  }

  test("stands alone: it takes no other grammar in", () => {
    const includes = [...readFileSync(file, "utf8").matchAll(/"include": "([^"]*)"/g)].map((match) => match[1]);
    assert.ok(includes.length > 10 && includes.every((one) => one?.startsWith("#")));
  });
});
