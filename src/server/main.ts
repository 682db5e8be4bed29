// Entry of the detached tracking server. What V8 compiled is kept beside the program, so that the next start need not do it again.
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";

const FLUSH_AFTER_MS = 5_000;

if (!import.meta.url.endsWith(".ts")) {
  // In a folder that cannot be written nothing is kept.
  enableCompileCache(join(import.meta.dirname, "compiled"));
  setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref();
}
const { runServer } = await import("./server.ts");
process.exitCode = await runServer(process.argv.slice(2));
