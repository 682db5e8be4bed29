// Bundles every program of ARCHITECTURE.md into dist/. `--watch` rebuilds, `--minify` is for the package.
import { cp, mkdir, readFile, rm } from "node:fs/promises";
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
 * Built-in modules in parts. An import of `node:fs` asks for all that it offers, streams and `readline` behind it; taken whole, it gives what is
 * asked of it. And the language packages ask for sockets and `crypto` when they are loaded, and use them for pipes by name only.
 * That is a fifth of what starting the language server takes.
 */
const builtIns = {
  name: "built-in modules when used",
  setup(build) {
    build.onResolve({ filter: /^(?:node:fs|node:fs\/promises)$/ }, ({ path }) => ({ path, namespace: "whole" }));
    build.onLoad({ filter: /.*/, namespace: "whole" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("${path}");`,
    }));
    build.onResolve({ filter: /^(?:child_process|crypto|net)$/ }, ({ path, importer }) =>
      /[/\\]node_modules[/\\]vscode-(?:jsonrpc|languageserver)[/\\]/.test(importer)
        ? { path, namespace: "when used" }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "when used" }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule("${path}")[name] });`,
    }));
  },
};

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
    languageServer: "src/language/main.ts",
    runner: "src/projects/runner.ts",
    serve: "src/models/serve.ts",
    cli: "src/cli/main.ts",
  },
  outdir: "dist",
  splitting: true,
  chunkNames: "[name]-[hash]",
  plugins: [builtIns],
};

/** Split, so that activation loads neither the language client nor the YAML reader. */
const extension = {
  ...node,
  entryPoints: { extension: "src/extension/extension.ts" },
  plugins: [],
  chunkNames: "chunks/[name]-[hash]",
};

/**
 * `import { text } from "bundled:file"`: the file as it is, for what must run from the page's own bytes. And a package that
 * would ask for more than the panels' policy allows is left out.
 */
const asNeeded = {
  name: "as needed",
  setup(build) {
    build.onResolve({ filter: /^bundled:/ }, async ({ path, resolveDir, kind }) => {
      const found = await build.resolve(path.replace(/^bundled:/, ""), { resolveDir, kind });
      return { path: found.path, namespace: "text", errors: found.errors };
    });
    build.onLoad({ filter: /.*/, namespace: "text" }, async ({ path }) => ({
      contents: `export const text = ${JSON.stringify(await readFile(path, "utf8"))};`,
    }));
    // hyparquet-compressors makes WebAssembly of it at once, which the panels' policy refuses; hyparquet has its own.
    build.onResolve({ filter: /^hysnappy$/ }, () => ({ path: "hysnappy", namespace: "none" }));
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({
      contents: "export const snappyUncompressor = () => undefined, snappyUncompress = undefined;",
    }));
  },
};

/** Panels. Split, so that each viewer is loaded with the first file of its kind. */
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
    compare: "src/webview/panels/compare/main.tsx",
    workflow: "src/webview/panels/workflow/main.tsx",
    model: "src/webview/panels/model/main.tsx",
    loggedModels: "src/webview/panels/loggedModels/main.tsx",
    predict: "src/webview/panels/predict/main.tsx",
  },
  outdir: "dist/webview",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  plugins: [asNeeded],
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
