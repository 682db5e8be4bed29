// The Experiment panel in real Chromium: beside MLflow 3.17.2's own page over the same database, and by itself against its goals.
// `node_modules/.bin/node bench/explorer.mjs [part…]`; without a part, all of them. Linux only.
import { closeBrowser } from "../test/e2e/support/panelPage.ts";
import { measureParts } from "./support/parts.mjs";

try {
  await measureParts(new URL("explorer/", import.meta.url), ["beside", "table", "charts", "wide"]);
} finally {
  await closeBrowser();
}
