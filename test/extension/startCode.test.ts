import { deepEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { build, type Metafile } from "esbuild";
import { root } from "../support/environment.ts";

// What a window loads before anybody has asked for anything: every module costs each window.

/** The modules that the entry leads to without a dynamic import. */
function startOf({ inputs }: Metafile, entry: string): string[] {
  const found = new Set([entry]);
  for (const module of found) {
    for (const { path, kind } of inputs[module]?.imports ?? []) {
      if (kind === "import-statement" && inputs[path] !== undefined) found.add(path);
    }
  }
  return [...found];
}

test("a window starts without the YAML reader, the language client and what fetches projects", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/extension/extension.ts"],
    outdir: join(root, "dist"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["vscode"],
    metafile: true,
    write: false,
  });
  const modules = startOf(metafile, "src/extension/extension.ts");
  ok(modules.includes("src/extension/projects/commands.ts"));
  const late = [
    /\/yaml\//,
    /vscode-languageclient/,
    /\/plainYaml\.ts$/,
    /\/sources\.ts$/,
    /\/zip\.ts$/,
    /\/models\/(editModel|promote|registerModel|standing)\.ts$/,
  ];
  deepEqual(
    modules.filter((module) => late.some((one) => one.test(module))),
    [],
  );
});
