import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { StoreProcess } from "../../src/extension/stores/storeProcess.ts";
import { storeUri } from "../../src/store/open.ts";
import { root, temporaryFolder, until } from "../support/environment.ts";

// The process that opens stores, as the extension starts it: the real one, behind what delays it.

const folder = temporaryFolder("flowdeck-process-");
const uri = storeUri(join(folder, "mlflow.db"));
const main = JSON.stringify(join(root, "dist/store.js"));

/** `program`: what is run in the place of the bundle; imports it in the end. */
function processOf(name: string, program: string, patience: { start: number; answer: number }) {
  const file = join(folder, name);
  writeFileSync(file, program);
  const warnings: string[] = [];
  let restarts = 0;
  const platform = {
    context: { globalStorageUri: { fsPath: folder } },
    log: { info: () => undefined, warn: (text: string) => void warnings.push(text) },
    program: () => file,
    background: (what: string, work: PromiseLike<unknown>) =>
      void work.then(undefined, (error: unknown) => warnings.push(`${what}: ${String(error)}`)),
  };
  const view = { storeChanged: async () => undefined, statusChanged: async () => undefined };
  const process = new StoreProcess(platform, view, () => (restarts += 1), patience);
  after(() => process.dispose());
  return { process, warnings, restarts: () => restarts };
}

const waited = (ms: number) => `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});`;

test("a process that takes long to start is waited for, and not started again and again", async () => {
  const slow = `${waited(3_000)} await import(${main});`;
  const { process, warnings, restarts } = processOf("slow.mjs", slow, { start: 120_000, answer: 2_000 });
  assert.equal((await process.open(uri)).state, "absent");
  assert.deepEqual([warnings, restarts()], [[], 0]);
});

test("a process that has answered once and does so no longer is ended, and the next one answers", async () => {
  // Whoever asks for this method finds it asleep.
  const asleep = `process.on("message", ({ method }) => { if (method === "searchExperiments") { ${waited(60_000)} } });`;
  const program = `${asleep} await import(${main});`;
  const { process, warnings, restarts } = processOf("asleep.mjs", program, { start: 120_000, answer: 2_000 });
  await process.open(uri);
  await assert.rejects(process.call(uri, "searchExperiments", { max_results: 1 }), {
    error_code: "TEMPORARILY_UNAVAILABLE",
  });
  await until("the next process", () => restarts() === 1);
  assert.equal((await process.open(uri)).state, "absent");
  assert.match(warnings[0] ?? "", /did not answer within \d+ ms and is ended/);
});

test("a process that never says anything is ended, too", async () => {
  const { process, warnings } = processOf("silent.mjs", "setInterval(() => undefined, 1e6);", {
    start: 300,
    answer: 100,
  });
  await assert.rejects(process.open(uri), { error_code: "TEMPORARILY_UNAVAILABLE" });
  assert.match(warnings[0] ?? "", /did not answer within/);
});
