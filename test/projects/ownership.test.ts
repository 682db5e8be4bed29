import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { claimRun } from "../../src/projects/workflow/ownership.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const folder = temporaryFolder();
before(() => {
  const known = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = folder;
  whenOver(() => {
    if (known === undefined) delete process.env["XDG_STATE_HOME"];
    else process.env["XDG_STATE_HOME"] = known;
  });
});

test("a run has one owner even where something in the folder of claims cannot be read", async () => {
  mkdirSync(join(folder, "flowdeck/owners/odd"), { recursive: true });
  const { give } = await claimRun("one");
  await assert.rejects(claimRun("one"), {
    message: `The run one is being run by process ${process.pid}; stop that one first.`,
  });
  await give();
  await (await claimRun("one")).give();
});
