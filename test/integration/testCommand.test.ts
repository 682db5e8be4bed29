import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isAlive } from "../../src/processes/processes.ts";
import { numberIn } from "../support/environment.ts";
import { repository, run } from "../support/repository.ts";

const SKIPPING =
  'import { test } from "node:test";\n\ntest("needs a browser", { skip: "no browser" }, () => {});\n\ntest("stands", () => {});\n';
const FAILING = 'import { test } from "node:test";\n\ntest("breaks", () => {\n  throw new Error("broken");\n});\n';
const ENDING = 'import { test } from "node:test";\n\ntest("ends", () => process.exit(0));\n';
const LATE =
  'import { test } from "node:test";\n\ntest("ends", () => {\n  setTimeout(() => {\n    throw new Error("late");\n  });\n});\n';
const BROKEN =
  'import { test } from "node:test";\n\ntest("stands", () => {});\n\nawait Promise.reject(new Error("unready"));\n';
const HANGING = 'import { test } from "node:test";\n\nawait new Promise(() => {});\n\ntest("never", () => {});\n';
const STRAY = `import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

test("leaves one", () => {
  const stray = spawn("sleep", ["500"], { stdio: "inherit", detached: true });
  stray.unref();
  writeFileSync("stray", stray.pid + "\\n");
});
`;
const IDLE = 'console.log("nothing to build");\n';

/** `npm test` in a repository whose build does nothing, on a machine that seems to have everything. */
function npmTest(files: Record<string, string>, words: string[], variables: Record<string, string> = {}) {
  const folder = repository({ "scripts/build.mjs": IDLE, "scripts/package.mjs": IDLE, ...files });
  const cache = join(folder, "cache");
  for (const path of [
    "code-server-4.139.1/node_modules/code-server/out/node/entry.js",
    "node-24/node_modules/node/bin/node",
  ]) {
    mkdirSync(join(cache, "flowdeck", path, ".."), { recursive: true });
    writeFileSync(join(cache, "flowdeck", path), "");
  }
  const headers = `node-24/node_modules/node/node_modules/node-${process.platform}-${process.arch}/include`;
  mkdirSync(join(cache, "flowdeck", headers), { recursive: true });
  const program = process.execPath;
  const names = ["PYTHON", "SKINNY", "SCRIPTS", "KUBERNETES", "DEBUGPY", "CHROMIUM"];
  const machine = Object.fromEntries(names.map((name) => [`FLOWDECK_${name}`, program]));
  const { status, output } = run(folder, process.execPath, ["scripts/test.mjs", ...words], {
    XDG_CACHE_HOME: cache,
    ...machine,
    ...variables,
  });
  return { status, output, folder, last: output.trimEnd().split("\n").at(-1) };
}

test("npm test ends in the count of what passed, failed and was skipped", () => {
  const { status, output, last } = npmTest({ "test/store/a.test.ts": SKIPPING, "test/store/b.test.ts": FAILING }, [
    "unit",
  ]);
  equal(last, "2 passed, 1 failed, 1 skipped");
  match(output, /skipped: test\/store\/a\.test\.ts › needs a browser \(no browser\)/);
  match(output, /test\/store\/b\.test\.ts › breaks/);
  equal(status, 1);
});

test("a file whose program ends before its tests, goes wrong after them or has none is a failure", () => {
  const files = { "test/long/a.test.ts": ENDING, "test/long/b.test.ts": LATE, "test/long/c.test.ts": IDLE };
  const { output, last } = npmTest(files, ["long"]);
  match(output, /a\.test\.ts: it ended with code 0 before its tests did/);
  match(output, /b\.test\.ts: it ended with code 1, although no test failed\n.*late/);
  match(output, /c\.test\.ts holds no test/);
  equal(last, "2 passed, 3 failed, 0 skipped");
});

test("a file that breaks after its first test, or never comes to it, is a failure", () => {
  const files = { "test/long/a.test.ts": BROKEN, "test/long/b.test.ts": HANGING };
  const { output, last } = npmTest(files, ["long"]);
  match(output, /a\.test\.ts\n.*unready/);
  match(output, /b\.test\.ts: it ended with code 13 before its tests did/);
  match(last ?? "", /^\d+ passed, 2 failed, 0 skipped$/);
});

test("a program that a test leaves behind is not waited for", () => {
  const { last, folder } = npmTest({ "test/long/a.test.ts": STRAY }, ["long"]);
  const stray = numberIn(join(folder, "stray"));
  ok(stray !== undefined, "it was started");
  const isLeft = isAlive({ pid: stray });
  if (isLeft) process.kill(stray);
  deepEqual([last, isLeft], ["2 passed, 0 failed, 0 skipped", true]);
});

test("a skipped end-to-end test is counted as skipped", () => {
  const { status, last } = npmTest({ "test/e2e/a.test.ts": SKIPPING }, ["e2e"]);
  equal(last, "2 passed, 0 failed, 1 skipped");
  equal(status, 0);
});

test("with CI=true a skipped end-to-end or real-client test is a failure", () => {
  for (const suite of ["e2e", "conformance"]) {
    const { status, last } = npmTest({ [`test/${suite}/a.test.ts`]: SKIPPING }, [suite], { CI: "true" });
    equal(last, "2 passed, 1 failed, 0 skipped");
    equal(status, 1);
  }
});

test("a build that fails is a failure of every suite that needs it", () => {
  const broken = { "scripts/build.mjs": 'throw new Error("broken");\n', "test/integration/a.test.ts": SKIPPING };
  const { status, output, last } = npmTest(broken, ["integration"]);
  match(output, /integration: not run, because the build failed/);
  equal(last, "0 passed, 2 failed, 0 skipped");
  equal(status, 1);
});

test("a word that names no suite and no file is told", () => {
  const { status, output } = npmTest({}, ["units"]);
  match(output, /`units` is no suite/);
  equal(status, 1);
});
