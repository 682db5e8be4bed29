import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/environment.ts";

/** The built `flowdeck --version` on a Node that says it is this one. */
function versionOn(node: string) {
  const said = `Object.defineProperty(process.versions, "node", { value: "${node}" })`;
  const options = ["--import", `data:text/javascript,${encodeURIComponent(said)}`];
  const args = [...options, join(root, "dist/cli.js"), "--version"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, printed: stdout + stderr };
}

test("flowdeck says in one sentence that a Node is older than package.json asks for", () => {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const needed = Number(/^>=(\d+)$/.exec(engines.node)?.[1]);
  const printed = `flowdeck needs Node ${needed} or newer; this is Node ${needed - 1}.9.1.\n`;
  assert.deepEqual(versionOn(`${needed - 1}.9.1`), { status: 1, printed });
  const { status, printed: version } = versionOn(`${needed}.0.0`);
  assert.equal(status, 0);
  assert.match(version, /^flowdeck \d/);
});
