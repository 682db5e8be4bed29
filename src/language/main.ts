// Entry of the language server. What V8 compiled is kept beside the program, so that the next start need not do it again.
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";

/** ms; by then the first file is open and checked. */
const FLUSH_AFTER = 5_000;

if (!import.meta.url.endsWith(".ts")) {
  // In a folder that cannot be written nothing is kept.
  enableCompileCache(join(import.meta.dirname, "compiled"));
  setTimeout(flushCompileCache, FLUSH_AFTER).unref();
}
await import("./server.ts");
