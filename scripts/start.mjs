// `npm start`: builds Flowdeck and opens a copy of examples/wine in a VS Code profile of its own.
// `--browser` uses code-server, `--port N` its port, `--folder DIR` opens another folder. Ctrl-C ends it.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cacheFolder } from "./tools/cache.mjs";
import { ensureCodeServer } from "./tools/codeServer.mjs";
import { bin, ensureNodeModules } from "./tools/nodeModules.mjs";
import { root, run, stopTree, tellAndFail, Trouble } from "./tools/run.mjs";
import { SETTINGS } from "./tools/settings.mjs";
import { findProgram } from "./tools/system.mjs";
import { newestVsix } from "./tools/targets.mjs";

const DEFAULT_PORT = 8765;

/** Profiles and the copies of the example. */
const home = process.env.FLOWDECK_START_HOME ?? join(cacheFolder, "start");

async function start() {
  const options = readOptions();
  if (options.port !== undefined) await refuseTakenPort(options.port);
  await ensureNodeModules();
  const desktop = options.browser ? undefined : findDesktop();
  const codeServer = desktop === undefined ? await ensureCodeServer() : undefined;
  console.log("Building and packaging …");
  await run(bin("node"), ["scripts/package.mjs"], { failure: "Flowdeck could not be built." });
  const folder = options.folder ?? copyExample();
  const profile = prepareProfile(desktop === undefined ? "browser" : "desktop", options.folder === undefined);
  if (desktop !== undefined) await openDesktop(desktop, profile, folder);
  else await openBrowser(codeServer, profile, folder, options.port ?? (await freePort(DEFAULT_PORT)));
}

function readOptions() {
  const { values } = readArguments();
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new Trouble(`--port ${values.port} is no port: name a number from 1 to 65535.`);
  }
  const folder = values.folder === undefined ? undefined : resolve(process.env.INIT_CWD ?? ".", values.folder);
  if (folder !== undefined && !existsSync(folder)) throw new Trouble(`--folder ${folder} does not exist.`);
  return { browser: values.browser === true || port !== undefined, port, folder };
}

function readArguments() {
  try {
    const options = { browser: { type: "boolean" }, port: { type: "string" }, folder: { type: "string" } };
    return parseArgs({ options });
  } catch (error) {
    throw new Trouble(`${error.message}. npm start takes -- --browser, --port N and --folder DIR.`);
  }
}

/** Desktop VS Code, where there is one and a display to show it on. */
function findDesktop() {
  const windowed = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return windowed ? findProgram("code") : undefined;
}

/** A copy of the example for each content it had, so that what was changed or logged in one stays. */
function copyExample() {
  const example = join(root, "examples/wine");
  const hash = createHash("sha256");
  for (const entry of readdirSync(example, { withFileTypes: true })) {
    if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(example, entry.name)));
  }
  const copy = join(home, hash.digest("hex").slice(0, 8), "wine");
  if (!existsSync(copy)) cpSync(example, copy, { recursive: true });
  return copy;
}

/** Settings stay as the person left them; the installed extension is always the one just built. */
function prepareProfile(kind, ownFolder) {
  const userData = join(home, `${kind}-data`);
  const extensions = join(home, `${kind}-extensions`);
  rmSync(extensions, { recursive: true, force: true });
  // VS Code caches manifests by version: a changed package.json of the same version would be passed over.
  rmSync(join(userData, "CachedProfilesData"), { recursive: true, force: true });
  const settings = join(userData, "User/settings.json");
  if (!existsSync(settings)) {
    mkdirSync(join(userData, "User"), { recursive: true });
    writeFileSync(settings, JSON.stringify(SETTINGS, null, 2));
  }
  return { userData, extensions, trusted: ownFolder };
}

async function openDesktop(code, { userData, extensions, trusted }, folder) {
  const profile = ["--user-data-dir", userData, "--extensions-dir", extensions];
  await run(code, [...profile, "--install-extension", newestVsix(), "--force"], {
    failure: "VS Code could not install the extension.",
  });
  const trust = trusted ? ["--disable-workspace-trust"] : [];
  const child = spawn(code, [...profile, ...trust, "--new-window", "--wait", folder], {
    stdio: "ignore",
    detached: true,
  });
  console.log(`Flowdeck is ready in the VS Code window of ${folder}`);
  await untilEnded(child);
}

async function openBrowser({ entry, node }, { userData, extensions, trusted }, folder, port) {
  // Without a file of its own, code-server writes one into the home folder.
  const config = join(home, "code-server.yaml");
  writeFileSync(config, "");
  const profile = [entry, "--config", config, "--user-data-dir", userData, "--extensions-dir", extensions];
  await run(node, [...profile, "--install-extension", newestVsix(), "--force"], {
    failure: "code-server could not install the extension.",
  });
  const address = `127.0.0.1:${port}`;
  const trust = trusted ? ["--disable-workspace-trust"] : [];
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"];
  const child = spawn(node, [...profile, ...quiet, ...trust, "--auth", "none", "--bind-addr", address, folder], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (output = (output + chunk).slice(-4000)));
  const ended = untilEnded(child);
  await Promise.race([
    untilHealthy(address),
    ended.then(() => {
      throw new Trouble(`code-server ended at once:\n${output}`);
    }),
  ]);
  console.log(`Flowdeck is ready at http://${address}/?folder=${encodeURI(folder)}`);
  await ended;
}

/** Ctrl-C ends the editor with everything it started, and us without an error. */
function untilEnded(child) {
  const ended = new Promise((resolved, rejected) => {
    child.on("error", rejected);
    child.on("close", resolved);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      stopTree(child, "SIGTERM");
      const late = setTimeout(() => stopTree(child), 3_000);
      ended.finally(() => clearTimeout(late)).then(() => process.exit(0), tellAndFail);
    });
  }
  return ended;
}

async function untilHealthy(address) {
  const end = Date.now() + 60_000;
  while (!(await isHealthy(address))) {
    if (Date.now() > end) throw new Trouble(`code-server did not answer on ${address} within a minute. Start again.`);
    await pause(200);
  }
}

function isHealthy(address) {
  return new Promise((resolved) => {
    get(`http://${address}/healthz`, (response) => {
      response.resume();
      resolved(response.statusCode === 200);
    }).on("error", () => resolved(false));
  });
}

async function refuseTakenPort(port) {
  if (await isFree(port)) return;
  throw new Trouble(`Port ${port} is taken by another program. Choose another: npm start -- --port ${port + 1}`);
}

async function freePort(first) {
  for (let port = first; port < first + 50; port += 1) if (await isFree(port)) return port;
  throw new Trouble(`No port from ${first} to ${first + 49} is free. Name one: npm start -- --port N`);
}

function isFree(port) {
  return new Promise((resolved) => {
    const server = createServer();
    server.once("error", () => resolved(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolved(true)));
  });
}

await start().catch((error) => {
  tellAndFail(error);
  process.exit(1);
});
