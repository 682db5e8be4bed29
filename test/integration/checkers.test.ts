import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/environment.ts";
import { PLANTED_FAULTS } from "../support/plantedFaults.ts";
import { repository, run } from "../support/repository.ts";

// A checker that reads nothing passes silently: each is shown a fault, in a small copy of the repository.

const program = (name: string) => join(root, "node_modules/.bin", name);

const twins = PLANTED_FAULTS.filter(({ good }) => good !== undefined);
const goodFiles = Object.fromEntries(twins.map(({ path, good }) => [path, good ?? ""]));

/** `path (rule)` of each thing that lint found. */
function lint(files: Record<string, string>): string[] {
  const { output } = run(repository(files), program("oxlint"), ["--type-aware", "-f", "unix", "src", "test"]);
  return [...output.matchAll(/^(.+?):\d+:\d+: .*\((.+?)\)\]$/gm)].map(([, path, rule]) => `${path} (${rule})`);
}

const withFaults = lint({
  ...Object.fromEntries(PLANTED_FAULTS.map(({ path, bad }) => [path, bad])),
  "src/server/cycleEnd.ts": 'import { a } from "./cycle.ts";\nexport const b = (): unknown => a;\n',
});

for (const { behaviour, rule, path } of PLANTED_FAULTS) {
  test(`lint refuses: ${behaviour}`, () => ok(withFaults.includes(`${path} (${rule})`), withFaults.join("\n")));
}

test("npm run check passes where there is no fault, as in the twin of every planted one", () => {
  const { status, output } = run(repository(goodFiles), process.execPath, ["scripts/check.mjs"]);
  match(output, /✓ types.*✓ lint.*✓ format.*✓ unit tests: 1 passed, 0 failed/s);
  equal(status, 0);
});

const failing = run(
  repository({
    "src/server/wrong.ts": 'export const wrong: number = "text";\n',
    "src/store/upwards.ts": 'export { a } from "../server/start.ts";\n',
    "src/server/page.ts": "export const title = (): string => document.title;\n",
    "src/server/loose.ts": "export type Loose = any;\n",
    "src/server/crooked.ts": "export const   crooked = 'quoted'\n",
    "test/mlflow/start.test.ts":
      'import { equal } from "node:assert/strict";\nimport { test } from "node:test";\n\ntest("1 is 2", () => equal(1, 2));\n',
    "test/mlflow/empty.test.ts": "export const nothing = 1;\n",
  }),
  process.execPath,
  ["scripts/check.mjs"],
);

test("the compiler refuses an import of a room that is not referenced", () =>
  match(failing.output, /src\/store\/upwards\.ts.*TS6307/));

test("the compiler refuses DOM types outside webview", () => match(failing.output, /src\/server\/page\.ts.*TS2584/));

test("npm run check fails in each of its steps", () => {
  const { status, output } = failing;
  equal(status, 1);
  match(output, /src\/server\/wrong\.ts.*TS2322/);
  match(output, /no-explicit-any.*\n.*src\/server\/loose\.ts/);
  for (const step of ["types", "lint", "format"]) match(output, new RegExp(`✗ ${step}`));
  match(output, /✗ unit: .*1 is 2/);
  match(output, /empty\.test\.ts holds no test/);
  match(output, /✗ unit tests: 0 passed, 2 failed/);
});
