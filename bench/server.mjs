// The tracking server beside lean `mlflow server` 3.17.2 and FastTrackML 0.6.0: the same data, the same requests, one after another.
// `node_modules/.bin/node bench/server.mjs [part…]`; without a part, all of them. Linux only (CPU time of process trees).
import { readdirSync } from "node:fs";
import { measureParts } from "./support/parts.mjs";

const folder = new URL("server/", import.meta.url);
await measureParts(
  folder,
  readdirSync(folder).map((name) => name.replace(".mjs", "")),
);
