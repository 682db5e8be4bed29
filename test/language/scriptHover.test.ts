import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { usesElsewhere, definitions } from "../../src/language/service/crossReferences.ts";
import { hover } from "../../src/language/service/hover.ts";
import { signature } from "../../src/language/service/signature.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { withCursor } from "./cursorText.ts";
import { fixture, scriptFolder } from "./scriptFolder.ts";

const caller =
  'import mlflow\nmlflow.run(".", "main", parameters={"e": 3, "other": 1})\nmlflow.run(".", "test", parameters={"e": 3})\n';
const main = (command: string) =>
  `entry_points:\n  main:\n    parameters:\n      e: {type: float, default: 3}\n    command: ${command}\n`;

function at(marked: string) {
  const { text, offset } = withCursor(main(marked));
  const workspace = scriptFolder({ MLproject: text, "all.py": caller });
  return { document: readMlproject(text), offset, workspace };
}

function hovered(marked: string): string {
  const { document, offset, workspace } = at(marked);
  const contents = hover(document, offset, workspace)?.contents;
  return typeof contents === "object" && "value" in contents ? contents.value : "";
}

const lineOf = (text: string) =>
  fixture("plain.py")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

describe("hover and signature of a call", () => {
  test("an option says its type, default, help and place", () => {
    const line = lineOf('"--alpha"');
    assert.equal(
      hovered("python plain.py --al|pha 0.1"),
      `\`--alpha\` float, default 0.5\n\nWeight of the penalty.\n\n[plain.py:${line}](file:///p/plain.py#L${line})`,
    );
  });
  test("a value says what takes it", () => {
    assert.match(hovered("python plain.py --alpha 0|.1"), /^`--alpha` float/);
  });
  test("a script says what it takes", () => {
    const text = hovered("python pla|in.py -e 1");
    assert.match(text, /^Trains a model\.\n\n```\nplain\.py \[--alpha ALPHA\] --epochs EPOCHS \[--solver SOLVER\]/);
  });
  test("a parameter says where its value goes", () => {
    assert.match(
      hovered("python plain.py -e {|e}"),
      /Passed to `--epochs` \(int, required\) in \[plain\.py:\d+\]\(.*\) — Passes over the data\./,
    );
  });
  test("a signature shows the option at the cursor", () => {
    const shown = (marked: string) => {
      const { document, offset, workspace } = at(marked);
      const help = signature(document, offset, workspace);
      const [one] = help?.signatures ?? [];
      const label = one?.parameters?.[help?.activeParameter ?? 0]?.label;
      return Array.isArray(label) ? one?.label.slice(label[0], label[1]) : undefined;
    };
    assert.equal(shown("python plain.py --solver |"), "[--solver SOLVER]");
    assert.equal(shown("python plain.py --solver sg| -e 1"), "[--solver SOLVER]");
    assert.equal(shown("python positional.py |"), "data");
    assert.equal(shown("python positional.py a |"), "[size]");
    assert.equal(shown("python commands.py train --lr |"), "--lr LR");
    assert.equal(shown("echo |"), undefined);
  });
});

describe("from an MLproject to its scripts", () => {
  const found = (marked: string) => {
    const { document, offset, workspace } = at(marked);
    return definitions(document, offset, workspace).map(
      ({ path, range }) =>
        `${path ?? ""} ${(path === undefined ? document.text : (workspace.read(path) ?? "")).slice(range.start, range.end)}`,
    );
  };
  test("a placeholder leads to its parameter and to the option that takes it", () => {
    assert.deepEqual(found("python plain.py -e {|e}"), [" e", 'plain.py "--epochs"']);
  });
  test("an option leads to its declaration, a script to its file", () => {
    assert.deepEqual(found("python plain.py --al|pha 1"), ['plain.py "--alpha"']);
    assert.deepEqual(found("python imported.py --dep|th 1"), ['options.py "--depth"']);
    assert.deepEqual(found("python pl|ain.py"), ["plain.py "]);
  });
  test("the uses of a parameter are those of its entry point", () => {
    const { document, workspace } = at("python plain.py -e {e}|");
    const [entryPoint] = document.entryPoints;
    assert.ok(entryPoint);
    const uses = usesElsewhere(document, entryPoint, "e", workspace).map(({ path, range }) => `${path} ${range.start}`);
    assert.deepEqual(uses, [
      `plain.py ${fixture("plain.py").indexOf('"--epochs"')}`,
      `all.py ${caller.indexOf('"e"') + 1}`,
    ]);
  });
});
