import { deepEqual, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/environment.ts";

// The codes of problems, as docs/checking-projects.md lists them and as the code has them.

const documented = [
  ...readFileSync(join(root, "docs/checking-projects.md"), "utf8").matchAll(/^\| `([a-z-]+)` \|/gm),
].map(([, code = ""]) => code);

function sources(room: string, without = "none"): string {
  const folder = join(root, "src", room);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith(`${without}/`),
  );
  return names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}

// Workflow files have codes of their own.
const code = sources("projects", "workflow") + sources("language");

/** Where a code is given: to a collector of problems, or in a problem made by hand. */
const GIVEN = [
  /(?:problems\.(?:error|warning|hint)|#refuse|\bcode:|\bcode =)\(?\s*"([a-z]+(?:-[a-z]+)+)"/g,
  /problems\.add\([^"]*(?:"(?:error|warning|hint)"[^"]*)*"([a-z]+(?:-[a-z]+)+)"/g,
  /"(script-[a-z]+(?:-[a-z]+)*)"/g,
];

test("every code of a problem is documented", () => {
  const given = new Set(GIVEN.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? "")));
  ok(given.size > 60, `${given.size} codes were found`);
  deepEqual(
    [...given].filter((one) => !documented.includes(one)),
    [],
  );
});

test("every code of a problem of workflow files is documented", () => {
  const text = sources("projects/workflow");
  const given = new Set(
    [...text.matchAll(GIVEN[0] ?? /x/g), ...text.matchAll(GIVEN[1] ?? /x/g)].map((match) => match[1]),
  );
  ok(given.size > 20, `${given.size} codes were found`);
  const page = readFileSync(join(root, "docs/workflows.md"), "utf8");
  deepEqual(
    [...given].filter((one) => !page.includes(`\`${one}\``)),
    [],
  );
});

test("every documented code is given, and stands once", () => {
  deepEqual(
    documented.filter((one) => !code.includes(`"${one}"`)),
    [],
  );
  deepEqual(documented.toSorted(), [...new Set(documented)].toSorted());
});

test("the setting of severities offers every code", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  deepEqual(
    manifest.contributes.configuration.properties["flowdeck.mlproject.severity"]?.propertyNames.enum,
    documented,
  );
});

interface Manifest {
  contributes: { configuration: { properties: Record<string, { propertyNames: { enum: string[] } }> } };
}
