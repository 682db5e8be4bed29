// The tracking server beside lean `mlflow server` 3.17.2 and FastTrackML 0.6.0: the same data, the same requests, one after another.
// `node_modules/.bin/node bench/server.mjs [part…]`; without a part, all of them. Linux only (CPU time of process trees).
import { readdirSync } from "node:fs";
import { buildOurs, stopServers } from "./support/servers.mjs";

const PARTS = readdirSync(new URL("server/", import.meta.url)).map((name) => name.replace(".mjs", ""));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}: choose from ${PARTS.join(", ")}.`);
  process.exit(2);
}
process.once("exit", stopServers);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
await buildOurs();
for (const name of wanted.length > 0 ? wanted : PARTS) {
  console.log(`\n${name}`);
  const { measurePart } = await import(`./server/${name}.mjs`);
  await measurePart();
}
