// Bundles every program of ARCHITECTURE.md into dist/. `--watch` rebuilds, `--minify` is for the package.
import { cp, mkdir, rm } from "node:fs/promises";
import { build, context } from "esbuild";

const watch = process.argv.includes("--watch");
const minify = process.argv.includes("--minify");

const shared = {
  bundle: true,
  minify,
  sourcemap: minify ? false : "linked",
  logLevel: "warning",
  legalComments: "none",
};

// The language packages are CommonJS inside: in an ES module they need a `require` (docs/architecture.md).
const requireBanner =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/**
 * Programs that run in Node: the extension host and the processes it starts. Split, so that none loads what it seldom needs (GraphQL).
 * The parts stand beside the programs, which look for other files beside themselves.
 */
const node = {
  ...shared,
  platform: "node",
  format: "esm",
  target: "node22",
  external: ["vscode"],
  banner: { js: requireBanner },
  entryPoints: {
    store: "src/store/main.ts",
    server: "src/server/main.ts",
    readWorker: "src/server/readWorker.ts",
    languageServer: "src/language/server.ts",
    runner: "src/projects/runner.ts",
    cli: "src/cli/main.ts",
  },
  outdir: "dist",
  splitting: true,
  chunkNames: "[name]-[hash]",
};

/** Split, so that activation loads neither the language client nor the YAML reader. */
const extension = {
  ...node,
  entryPoints: { extension: "src/extension/extension.ts" },
  chunkNames: "chunks/[name]-[hash]",
};

const web = {
  ...shared,
  platform: "browser",
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryPoints: {
    experiment: "src/webview/panels/experiment/main.tsx",
    run: "src/webview/panels/run/main.tsx",
  },
  outdir: "dist/webview",
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist/prebuilds", { recursive: true });
await cp("node_modules/better-sqlite3/prebuilds", "dist/prebuilds", { recursive: true });
await cp("node_modules/@vscode/codicons/dist/codicon.css", "dist/webview/codicon.css");
await cp("node_modules/@vscode/codicons/dist/codicon.ttf", "dist/webview/codicon.ttf");

if (watch) {
  for (const options of [extension, node, web]) await (await context(options)).watch();
} else {
  await Promise.all([build(extension), build(node), build(web)]);
}
