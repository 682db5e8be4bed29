import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { hostname } from "node:os";
import { ownMark } from "../../src/processes/processes.ts";
import { KeptOutput } from "../../src/projects/keptOutput.ts";
import { closeAbandoned } from "../../src/projects/state.ts";
import { root, temporaryFolder } from "../support/environment.ts";

const before = process.env["TMPDIR"];
const [states, temporary] = [temporaryFolder(), temporaryFolder()];
process.env["TMPDIR"] = temporary;
after(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
});

const store = {
  getRun: () => Promise.reject(new Error("asked")),
  updateRun: () => Promise.reject(new Error("asked")),
  searchRuns: () => Promise.reject(new Error("asked")),
};

/** A folder as a runner makes one, that tells of this owner. */
function folderOf(name: string, owner: object | undefined): string {
  const folder = join(temporary, name);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, "output.log"), "printed\n");
  if (owner !== undefined) writeFileSync(join(folder, "owner.json"), JSON.stringify(owner));
  return folder;
}

test("what a runner that was killed kept of an output goes with the next start, and nothing that may be another's", async () => {
  const program = `
    import { KeptOutput } from ${JSON.stringify(join(root, "src/projects/keptOutput.ts"))};
    new KeptOutput(() => undefined, false).write(Buffer.from("printed"), "stdout");
    process.kill(process.pid, "SIGKILL");
  `;
  const { signal } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", program]);
  assert.equal(signal, "SIGKILL");
  const [killed = ""] = readdirSync(temporary);
  assert.match(killed, /^flowdeck-output-/);
  const living = new KeptOutput(() => undefined, false);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const dead = { pid, host: hostname() };
  const stay = [
    folderOf("flowdeck-output-unmarked", undefined),
    folderOf("flowdeck-output-elsewhere", { ...dead, host: "another" }),
    folderOf("flowdeck-output-odd", { pid: "1" }),
    folderOf("flowdeck-output-ours", ownMark()),
    folderOf("another-output-x", dead),
  ];
  const elsewhere = folderOf("target", dead);
  const link = join(temporary, "flowdeck-output-link");
  symlinkSync(elsewhere, link);
  const gone = folderOf("flowdeck-output-dead", dead);
  await closeAbandoned(states, store);
  assert.deepEqual([existsSync(join(temporary, killed)), existsSync(gone)], [false, false]);
  for (const one of [...stay, link, living.file, elsewhere]) assert.ok(existsSync(one), one);
  living.remove();
  assert.equal(existsSync(living.file), false);
});

const others = process.getuid?.() === 0 ? false : "needs root, to make a folder of another user";

test("what another user's runner left is that user's", { skip: others }, async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const folder = folderOf("flowdeck-output-other", { pid, host: hostname() });
  assert.equal(spawnSync("chown", ["-R", "65534", folder]).status, 0);
  await closeAbandoned(states, store);
  assert.ok(existsSync(folder));
});
