// The Experiment panel in real Chromium: beside MLflow 3.17.2's own page over the same database, and by itself against its goals.
// `node_modules/.bin/node bench/explorer.mjs [part…]`; without a part, all of them. Linux only.
import { buildOurs, stopServers } from "./support/servers.mjs";

const PARTS = ["beside", "table", "charts", "wide"];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}: choose from ${PARTS.join(", ")}.`);
  process.exit(2);
}
process.once("exit", stopServers);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
await buildOurs();
const { closeBrowser } = await import("../test/e2e/support/panelPage.ts");
try {
  for (const name of wanted.length > 0 ? wanted : PARTS) {
    console.log(`\n${name}`);
    const { measurePart } = await import(`./explorer/${name}.mjs`);
    await measurePart();
  }
} finally {
  await closeBrowser();
}
