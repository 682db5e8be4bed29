import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { cacheFolder, root, shared, skipWithout, temporaryFolder, whenOver } from "../support/environment.ts";
import { tell } from "../support/long.ts";

// MLflow's own Python tests (its repository at 3.6), unedited, against our server; ../shared/conformance drives them.

const harness = shared("conformance/run.sh");
const mirror = process.env["MLFLOW_MIRROR"];
const skip =
  skipWithout(harness, "../shared/conformance") ||
  (mirror === undefined ? "MLFLOW_MIRROR names no bare clone of MLflow's tree" : false);

/** The areas that all must pass; `FLOWDECK_UPSTREAM=all` runs the others too and tells their figure. */
const all = process.env["FLOWDECK_UPSTREAM"] === "all";

test("every core test of MLflow's own passes", { skip }, async () => {
  const results = temporaryFolder();
  const program = join(root, "dist/cli.js");
  assert.ok(existsSync(program), "npm run build comes first");
  const start = [process.execPath, join(root, "test/support/serveRelease.ts"), "3.6.0", program];
  const env = {
    ...process.env,
    ...(all ? {} : { CORE: "1" }),
    CONF_CACHE: process.env["CONF_CACHE"] ?? join(cacheFolder, "upstream"),
    CONF_OUT_DIR: results,
    CONF_LIMIT: process.env["CONF_LIMIT"] ?? "7000",
    // Their clients are of 3.6: so is the database. The harness quotes what it puts in.
    SERVER_CMD: `exec ${start.map(quoted).join(" ")} {db} --artifacts-destination {artifacts} --port {port}`,
  };
  const child = spawn(harness ?? "", [], { env, stdio: ["ignore", "pipe", "inherit"] });
  // Interrupted, the harness ends what it started, which is in groups of their own.
  whenOver(() => child.exitCode === null && child.kill("SIGINT"));
  const ended = once(child, "exit");
  let core = { passed: 0, of: 0 };
  let last = "";
  for await (const line of createInterface({ input: child.stdout })) {
    tell(line);
    last = line;
    // area, passed, of, percent, seconds, core
    const [, passed = "", of = ""] = /^\S+ +(\d+) +(\d+) .*core$/.exec(line) ?? [];
    core = { passed: core.passed + Number(passed), of: core.of + Number(of) };
  }
  const [code] = await ended;
  assert.equal(code, 0, last);
  assert.equal(core.of, 538);
  assert.equal(core.passed, core.of, readFileSync(join(results, "failed.txt"), "utf8"));
});

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
