import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf } from "../../src/extension/panels/page.ts";
import { compact } from "../../src/extension/panels/port.ts";

const page = pageOf({
  panel: "experiment",
  title: "<b>wine</b>",
  subject: { uri: `sqlite:////home/o'neil/"x".db`, experiment_id: "1" },
  settings: { directions: { "o'neil": "lower" } },
  channel: "host 1",
  nonce: "NONCE",
  cspSource: "CSPSOURCE",
  uriOf: (file) => `https://webview/${file}`,
});

test("a page allows its own script and styles, and nothing else", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'nonce-NONCE'; style-src CSPSOURCE 'nonce-NONCE'; font-src CSPSOURCE; img-src CSPSOURCE data:",
  );
  assert.match(page, /<meta property="csp-nonce" content="NONCE">/);
  assert.doesNotMatch(page, /<b>|style="|onload=|javascript:/);
  assert.equal([...page.matchAll(/<script/g)].length, 1);
});

test("a page that shows artifacts allows blobs of its own and style attributes, but no network and no other script", () => {
  const parts = {
    panel: "run",
    title: "r",
    subject: {},
    settings: { directions: {} },
    channel: "host 1",
    nonce: "NONCE",
    cspSource: "CSPSOURCE",
    uriOf: String,
  };
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(pageOf({ ...parts, viewers: true }))?.[1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'nonce-NONCE'; style-src CSPSOURCE 'nonce-NONCE'; font-src CSPSOURCE; img-src CSPSOURCE data: blob:; media-src blob:; worker-src blob:; style-src-attr 'unsafe-inline'",
  );
});

test("subject and settings reach the page whole, whatever they hold", () => {
  const names: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
  const told = (name: string): unknown => {
    const text = new RegExp(`data-${name}="([^"]*)"`).exec(page)?.[1] ?? "";
    return JSON.parse(text.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => names[entity] ?? entity));
  };
  assert.deepEqual(told("settings"), { directions: { "o'neil": "lower" } });
  assert.deepEqual(told("subject"), { uri: `sqlite:////home/o'neil/"x".db`, experiment_id: "1" });
});

test("a column that is a window of a larger buffer is sent without the rest of it", () => {
  const whole = new Float64Array([1, Number.NaN, 3, 4]);
  const message = compact({
    value: { lines: [{ steps: whole.subarray(1, 3) }], logged: new Uint8Array(whole.buffer, 8, 2) },
  });
  const { value } = message as { value: { lines: { steps: Float64Array }[]; logged: Uint8Array } };
  const steps = value.lines[0]?.steps;
  assert.deepEqual(steps, new Float64Array([Number.NaN, 3]));
  assert.equal(steps?.buffer.byteLength, 16);
  assert.equal(value.logged.buffer.byteLength, 2);
});

test("what is no window stays the same object, of every kind that answers have", () => {
  for (const column of [new Float64Array(3), new Uint32Array(3), new Uint8Array(3)])
    assert.equal(compact(column), column);
  const counts = new Uint32Array([1, 2, 3]).subarray(1);
  const sent = compact({ children: counts }) as { children: unknown };
  assert.deepEqual(sent.children, new Uint32Array([2, 3]));
});
