// The MLproject language server beside yaml-language-server 1.25 with a JSON schema for MLproject: the same documents, the same requests,
// in turns. `node_modules/.bin/node bench/language.mjs`. Linux only (CPU time and memory of processes).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/tools/run.mjs";
import { ensureYamlServer } from "../scripts/tools/yamlServer.mjs";
import { LanguageServer } from "./language/client.mjs";
import { projectText, writeProject } from "./language/documents.mjs";
import { median, record } from "./results.mjs";
import { digits } from "./support/compare.mjs";
import { buildOurs } from "./support/servers.mjs";

/** As src/extension/language/client.ts starts it. */
const OPTIONS = ["--max-semi-space-size=1"];
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };
const STARTS = 9;
const EDITS = 60;
const COMPLETIONS = 200;
/** ms without a request after which memory is measured: both have put away what they want to by then. */
const SETTLED = 8_000;
/** Where completion is asked for. */
const PLACES = ["{eta}", "type: float", "--subsample", "    parameters:", "default: 0.8"];

const folder = mkdtempSync(join(tmpdir(), "flowdeck-language-"));
const { uri, schema } = writeProject(folder);
const folderUri = pathToFileURL(folder).href;
const settings = { yaml: { validate: true, completion: true, hover: true, schemas: { [schema]: ["MLproject"] } } };
await buildOurs();
const sides = {
  ours: {
    program: join(root, "dist/languageServer.js"),
    languageId: "mlproject",
    options: OPTIONS,
    environment: ENVIRONMENT,
  },
  yaml: { program: await ensureYamlServer(), languageId: "yaml", options: [] },
};

try {
  await warmUp();
  const starts = await measureStarts();
  compare("start until initialize is answered", starts.cpu, starts.wall, "≤ ¼");
  for (const lines of [44, 2_600]) await measureDocument(lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function start(side) {
  const server = new LanguageServer(settings);
  await server.start(sides[side], folderUri);
  return server;
}

/** A start before those that are measured, as long as ours keeps what was compiled in it. */
async function warmUp() {
  const server = await start("ours");
  await server.open(uri, sides.ours.languageId, projectText(44));
  await setTimeout(SETTLED);
  server.stop();
}

async function measureStarts() {
  const found = { cpu: { ours: [], yaml: [] }, wall: { ours: [], yaml: [] } };
  for (let time = 0; time < STARTS; time += 1) {
    for (const side of ["ours", "yaml"]) {
      const server = await start(side);
      found.cpu[side].push(server.started.cpu);
      found.wall[side].push(server.started.wall);
      server.stop();
    }
  }
  return { cpu: eachSide(found.cpu, median), wall: eachSide(found.wall, median) };
}

/** Opening, editing and completing in a file of `lines` lines, the two servers in turns. */
async function measureDocument(lines) {
  const text = projectText(lines);
  const name = `${(text.split("\n").length - 1).toLocaleString("en")} lines`;
  const servers = { ours: await start("ours"), yaml: await start("yaml") };
  try {
    const opened = await timed(servers, (side) => servers[side].open(uri, sides[side].languageId, text));
    compare(`${name}: open until its diagnostics`, opened.cpu, opened.wall, lines > 1_000 ? "< 300 ms" : "");
    const edits = await repeated(servers, EDITS, (side, n) => edit(servers[side], text, n));
    compare(`${name}: edit until its diagnostics, p50`, edits.cpu, edits.p50, "< 50 ms");
    const completed = await repeated(servers, lines > 1_000 ? COMPLETIONS / 4 : COMPLETIONS, (side, n) =>
      complete(servers[side], text, n),
    );
    compare(`${name}: completion, p99`, completed.cpu, completed.p99, "< 30 ms");
    await setTimeout(SETTLED);
    const memory = eachSide(servers, (server) => server.memory());
    record("language server", `${name}: memory after that`, {
      Flowdeck: `${digits(memory.ours)} MB`,
      "yaml-language-server": `${digits(memory.yaml)} MB`,
      ours: share(memory),
      goal: "≤ ½",
    });
  } finally {
    for (const server of Object.values(servers)) server.stop();
  }
}

async function timed(servers, work) {
  const found = { cpu: {}, wall: {} };
  for (const side of ["ours", "yaml"]) {
    const before = servers[side].cpu();
    found.wall[side] = await work(side);
    found.cpu[side] = servers[side].cpu() - before;
  }
  return found;
}

/** `work` gives ms by the clock; the CPU time is the mean of one. */
async function repeated(servers, times, work) {
  const found = { cpu: {}, p50: {}, p99: {} };
  for (const side of ["ours", "yaml"]) {
    // The code warms up as it does with the first keys someone types.
    for (let n = 0; n < 10; n += 1) await work(side, n);
    const before = servers[side].cpu();
    const walls = [];
    for (let n = 0; n < times; n += 1) walls.push(await work(side, n));
    found.cpu[side] = (servers[side].cpu() - before) / times;
    found.p50[side] = median(walls);
    found.p99[side] = walls.toSorted((a, b) => a - b)[Math.floor(walls.length * 0.99)];
  }
  return found;
}

/** Makes the type of a parameter a number, or a text again: both servers tell of that line, since no parameter is one. */
async function edit(server, text, n) {
  const wrong = n % 2 === 0;
  const entryPoints = text.split("note: string").length - 1;
  const line = lineOf(text, "note: string", Math.floor(n / 2) % entryPoints);
  const range = { start: { line, character: 12 }, end: { line, character: wrong ? 18 : 13 } };
  return server.change(uri, range, wrong ? "5" : "string", (diagnostics) => {
    const isTold = diagnostics.some((one) => one.severity === 1 && one.range.start.line === line);
    return isTold === wrong;
  });
}

/** Types a character and asks what may follow, as an editor does with each key. */
async function complete(server, text, n) {
  const place = PLACES[n % PLACES.length];
  const entryPoints = text.split("command: >-").length - 1;
  const line = lineOf(text, place, n % entryPoints);
  const character = (text.split("\n")[line] ?? "").indexOf(place) + (place.startsWith("{") ? 1 : place.length);
  const at = { line, character };
  await server.edit(uri, { start: at, end: at }, "e");
  const began = performance.now();
  await server.request("textDocument/completion", {
    textDocument: { uri },
    position: { line, character: character + 1 },
    context: { triggerKind: 1 },
  });
  const took = performance.now() - began;
  await server.edit(uri, { start: at, end: { line, character: character + 1 } }, "");
  return took;
}

function lineOf(text, part, nth) {
  let at = -1;
  for (let n = 0; n <= nth; n += 1) at = text.indexOf(part, at + 1);
  return text.slice(0, at).split("\n").length - 1;
}

function compare(what, cpu, wall, goal) {
  record("language server", what, {
    Flowdeck: `${digits(cpu.ours)} ms (${digits(wall.ours)})`,
    "yaml-language-server": `${digits(cpu.yaml)} ms (${digits(wall.yaml)})`,
    ours: share(cpu),
    goal,
  });
}

/** Ours as a part of the other's. */
function share({ ours, yaml }) {
  return `${((ours / yaml) * 100).toFixed(0)} %`;
}

function eachSide({ ours, yaml }, change) {
  return { ours: change(ours), yaml: change(yaml) };
}
