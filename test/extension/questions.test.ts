import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/environment.ts";

// Read as text: `vscode` is not there.

const folder = join(root, "src/extension");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const textOf = (name: string) => readFileSync(join(folder, name), "utf8");
const HOME = join("platform", "questions.ts");

test("every list and box stays open when a panel takes the focus: one file shows them all", () => {
  const asking = files.filter((name) => /\.show(QuickPick|InputBox)\b/.test(textOf(name)));
  assert.deepEqual(asking, [HOME]);
  const shown = [...textOf(HOME).matchAll(/\bshow(?:QuickPick|InputBox)?\(.*\);/g)].map(([call]) => call);
  assert.equal(shown.length, 3);
  for (const call of shown) assert.match(call, /ignoreFocusOut: true/);
});

test("what VS Code asks in a list of its own stays open too", () => {
  for (const name of files) {
    const text = textOf(name);
    for (const [call] of text.matchAll(/showWorkspaceFolderPick\([^)]*\)/g)) assert.match(call, /ignoreFocusOut: true/);
    const boxes = [...text.matchAll(/create(InputBox|QuickPick)\b/g)].length;
    assert.equal([...text.matchAll(/\.ignoreFocusOut = true/g)].length, boxes, name);
  }
});
