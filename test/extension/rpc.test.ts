import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Port, serve } from "../../src/protocol/rpc.ts";

/** The two ends of a channel; each message arrives a turn later. */
function channel(): [Port, Port] {
  const listeners = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const end = (own: 0 | 1): Port => ({
    post: (message) => setImmediate(() => listeners[own === 0 ? 1 : 0].forEach((listener) => listener(message))),
    onMessage: (listener) => {
      listeners[own].add(listener);
      return () => void listeners[own].delete(listener);
    },
  });
  return [end(0), end(1)];
}

interface Host {
  nameOf(run_id: string): Promise<string>;
}

test("a page is not given what the page before it at the same port had asked for", async () => {
  const [page, panel] = channel();
  const answers = new Map<string, () => void>();
  const host: Host = {
    nameOf: (run_id) => new Promise((resolve) => answers.set(run_id, () => resolve(`name of ${run_id}`))),
  };
  serve(panel, host);
  const before = connect<Host>(page);
  const left = before.remote.nameOf("old");
  before.close("Another page takes its place.");
  await assert.rejects(left, /takes its place/);
  const next = connect<Host>(page).remote.nameOf("new");
  await new Promise(setImmediate);
  answers.get("old")?.();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  answers.get("new")?.();
  assert.equal(await next, "name of new");
});
