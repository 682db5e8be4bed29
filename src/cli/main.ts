#!/usr/bin/env node
// Entry of the command line. The rest is loaded once the Node is known to bear it: an older one crashes in SQLite's code.

/** As `engines.node` of package.json. */
const OLDEST = 22;

if (Number.parseInt(process.versions.node, 10) >= OLDEST) {
  await keepCompiled();
  const { runCommandLine } = await import("./commandLine.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2));
} else {
  console.error(`flowdeck needs Node ${OLDEST} or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
}

/** What V8 compiled is kept beside the program, so that the next start need not do it again; nothing where that cannot be written. */
async function keepCompiled(): Promise<void> {
  if (import.meta.url.endsWith(".ts")) return;
  const [{ enableCompileCache }, { join }] = await Promise.all([import("node:module"), import("node:path")]);
  enableCompileCache(join(import.meta.dirname, "compiled"));
}
