import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { findScriptsPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { RENAMES } from "../support/renames.ts";

const python = findScriptsPython();
const skip = skipWithout(python, "Python with click, typer, fire, absl and hydra");

function run(script: string, command: string): string {
  const folder = mkdtempSync(join(temporaryFolder(), "renamed"));
  writeFileSync(join(folder, "own.py"), script);
  const env = { ...process.env, PATH: `${dirname(python ?? "")}:${process.env["PATH"]}` };
  // From a pipe of node's bash reads ~/.bashrc, which may put another Python first.
  return execFileSync("bash", ["-c", command.replace(/\{\w+\}/g, "0.5")], {
    ...{ cwd: folder, env, encoding: "utf8" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("a script does the same after its option was renamed", { skip }, () => {
  for (const [what, script, command, [after, newCommand]] of RENAMES) {
    test(what, () => {
      const printed = run(script.replace("|", ""), command);
      assert.match(printed, /0\.5/);
      assert.equal(run(after, newCommand), printed);
    });
  }
});
