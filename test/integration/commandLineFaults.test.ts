import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startLocalServer } from "../../src/cli/localServer.ts";
import { root, temporaryFolder } from "../support/environment.ts";
import { projectWith } from "../support/runner.ts";

// `flowdeck run` where this machine lacks something.

async function run(env: Record<string, string>) {
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const project = await projectWith({ MLproject: 'entry_points: {main: {command: "echo done"}}\n' });
  return spawnSync(process.execPath, [join(root, "src/cli/main.ts"), "run", project], {
    cwd: temporaryFolder(),
    env: { ...inherited, XDG_STATE_HOME: temporaryFolder(), ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 240_000,
  });
}

test("a run goes on where its state cannot be kept, and says so once", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const { status, stdout, stderr } = await run({ XDG_STATE_HOME: file });
  assert.equal(status, 0, stderr);
  assert.equal(stdout.match(/cannot be written/g)?.length, 1, stdout);
  assert.match(stdout, /^Flowdeck: run \w{32} FINISHED/m);
});

test("a machine without bash is told so, and nothing waits for it", async () => {
  const { status, stdout, stderr } = await run({ PATH: temporaryFolder() });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /^Flowdeck: run \w{32} FAILED after .*\. The command could not be started: spawn bash ENOENT$/m);
});

test("a tracking server that takes half a minute to start is waited for", async ({ mock }) => {
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const starting = startLocalServer(join(root, "src/server/main.ts"), join(temporaryFolder(), "mlflow.db"));
  setTimeout(() => mock.timers.setTime(Date.now() + 30_000), 100);
  await (await starting).stop();
});

test("a folder for temporary files that is not there is named, with what helps", async () => {
  const { status, stderr } = await run({ TMPDIR: "/gone" });
  assert.equal(status, 1, stderr);
  assert.equal(stderr, "Flowdeck: The folder for temporary files, /gone, cannot be written; set TMPDIR to another.\n");
});
