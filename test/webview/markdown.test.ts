import assert from "node:assert/strict";
import { test } from "node:test";
import { renderNote } from "./support/drawn.ts";

test("a note's Markdown is drawn as elements", () => {
  assert.equal(
    renderNote("# Why\nLower **eta**,\nsee `a*b`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n").replaceAll(
      "\n",
      " ",
    ),
    "<h1>Why</h1><p>Lower <strong>eta</strong>, see <code>a*b</code>.</p><ul><li>one</li><li>two</li></ul>" +
      "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
  );
});

test("no HTML, handler, script or image of a note becomes an element", () => {
  const hostile = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![pixel](http://tracker.example/p.png)",
    "<svg onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "[a](command:workbench.action.quit)",
    "[a](file:///etc/passwd)",
    "<a href='javascript:1'>x</a>",
    "```html\n<script>alert(1)</script>\n```",
    "<style>@import url(http://evil)</style>",
  ];
  for (const text of hostile) {
    const drawn = renderNote(text);
    assert.doesNotMatch(drawn, /<(script|img|svg|style|iframe|a|object)\b/, text);
    assert.doesNotMatch(drawn, /<[^>]*\son\w+=/, text);
  }
});

test("only web and mail addresses are links", () => {
  const followed: string[] = [];
  const drawn = renderNote("[a](https://mlflow.org) <mailto:a@b.org> [c](command:x) [d](relative.md)", (href) =>
    followed.push(href),
  );
  assert.equal([...drawn.matchAll(/<button/g)].length, 2);
  assert.deepEqual(followed, ["https://mlflow.org", "mailto:a@b.org"]);
});
