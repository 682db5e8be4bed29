import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, root } from "../../support/environment.ts";

// What the end-to-end tests need of the machine. scripts/test.mjs sets the variables; by hand the same things are found.

const entry =
  process.env["FLOWDECK_CODE_SERVER"] ??
  join(cacheFolder, "code-server-4.139.1/node_modules/code-server/out/node/entry.js");
const node = process.env["FLOWDECK_CODE_SERVER_NODE"] ?? join(cacheFolder, "node-24/node_modules/node/bin/node");
const chromium =
  process.env["FLOWDECK_CHROMIUM"] ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

export interface Machine {
  /** Entry file of code-server. */
  entry: string;
  /** Node 24. */
  node: string;
  chromium: string;
}

/** Why no test in a browser can run here, or false. */
export const browserSkip: string | false =
  chromium === undefined || !existsSync(chromium) ? "chromium is not on this machine" : false;

/** Why no test in the editor can run here, or false. */
export const e2eSkip: string | false = whySkipped();

export function machine(): Machine {
  if (chromium === undefined) throw new Error("Chromium is missing: e2eSkip says so before.");
  return { entry, node, chromium };
}

/** Where screenshots and logs are kept. */
export const resultsFolder = join(root, "test-results");

function whySkipped(): string | false {
  const told = process.env["FLOWDECK_E2E_SKIP"];
  if (told !== undefined) return told;
  if (browserSkip) return browserSkip;
  if (!existsSync(entry) || !existsSync(node)) return "code-server is not on this machine (npm test installs it)";
  return false;
}
