import { equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { browserSkip } from "../e2e/support/machine.ts";
import { root } from "../support/environment.ts";

// The panels' states in every theme: of each, the end-to-end suite looks at some.

const PAGES = [
  "accessibility",
  "loggedModelsPage",
  "modelPage",
  "modelPageStates",
  "predictPage",
  "predictPageStates",
  "workflowPage",
];
for (const name of PAGES) {
  test(`the tests of ${name} pass in every theme`, { skip: browserSkip }, () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const file = join(root, `test/e2e/${name}.test.ts`);
    const options = { env: { ...env, FLOWDECK_THEMES: "all" }, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--test", file], options);
    equal(status, 0, stdout + stderr);
  });
}
