// Runs test suites beside each other: while one of them waits, another computes.
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative } from "node:path";
import { cacheFolder } from "./cache.mjs";
import { root } from "./run.mjs";
import { environmentOf, programsOf, SUITES } from "./suites.mjs";
import { runTestFiles } from "./testFiles.mjs";

/** Programs of all suites at a time. */
const AT_ONCE = 3;

/** The least that a program may take, in ms: several files may share it. */
const LEAST = 300_000;

/** How long each file took last, in ms. */
const TIMES = join(cacheFolder, "testTimes.json");

/**
 * Runs the files of several suites, a map from a suite's name to its files, and tells each failure as its file ends. When a suite is over,
 * `ended` is called with its name and { passed, failed, skipped: [{ name, reason }], ms, files: [{ file, ms }] }, the slowest first.
 * Gives { ms, busy }: how long all took, and which part of that the machine's cores were at work.
 */
export async function runSuites(wanted, env, ended) {
  const started = Date.now();
  const before = coreTimes();
  mkdirSync(join(root, "test-results"), { recursive: true });
  const times = readTimes();
  const suites = [...wanted].map(([name, files]) => startSuite(name, files, env, ended));
  const programs = suites.flatMap(({ programs: own }) => own);
  for (const program of programs.filter(({ alone }) => alone)) await runProgram(program, times);
  // A long one that begins last would run with nothing beside it.
  const expected = ({ files }) => files.reduce((sum, file) => sum + (times[file] ?? 60_000), 0);
  const waiting = programs.filter(({ alone }) => !alone).sort((one, other) => expected(other) - expected(one));
  await runBeside(waiting, times);
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(TIMES, JSON.stringify(times, undefined, 1));
  return { ms: Date.now() - started, busy: busyPart(before, coreTimes()) };
}

/** Runs one suite and gives its result. */
export async function runSuite(name, files, env = process.env) {
  let result;
  await runSuites(new Map([[name, files]]), env, (_, given) => (result = given));
  return result;
}

function startSuite(name, files, env, ended) {
  const result = { passed: 0, failed: 0, skipped: [], ms: 0, files: [] };
  const suite = {
    name,
    result,
    env: { ...environmentOf(name), ...env },
    log: createWriteStream(join(root, "test-results", `${name}.log`)),
    running: 0,
    left: 0,
    /** When its first program was started. */
    began: undefined,
    end() {
      suite.log.end();
      result.ms = Date.now() - suite.began;
      result.files.sort((one, other) => other.ms - one.ms);
      ended(name, result);
    },
  };
  suite.programs = programsOf(name, files).map((program) => ({ ...program, suite }));
  suite.left = suite.programs.length;
  return suite;
}

/** Runs the programs in their order, but for those of a suite of which enough are running. */
async function runBeside(waiting, times) {
  const next = () => {
    const at = waiting.findIndex(({ suite }) => suite.running < SUITES[suite.name].concurrency);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const running = new Set();
  for (;;) {
    for (let program; running.size < AT_ONCE && (program = next()) !== undefined; ) {
      const run = runProgram(program, times).finally(() => running.delete(run));
      running.add(run);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}

async function runProgram({ suite, files }, times) {
  const { perTest, whole } = SUITES[suite.name];
  const began = Date.now();
  suite.began ??= began;
  suite.running += 1;
  // Tests that ended may have left something that keeps their program alive.
  const limit = Math.min(suite.began + whole - began, Math.max(2 * perTest, LEAST));
  if (limit > 0) await takeProgram(suite, files, { perTest, limit, env: suite.env, log: suite.log }, times);
  // Those before took all of the time.
  else fail(suite, `${files.join(", ")}: not run, because the suite took more than ${whole / 1000} s`);
  suite.running -= 1;
  suite.left -= 1;
  if (suite.left === 0) suite.end();
}

async function takeProgram(suite, files, options, times) {
  const { events, output, failure, ms: whole } = await runTestFiles(files, options);
  for (const event of events) take(event, suite, files);
  if (failure !== undefined) fail(suite, `${files.join(", ")}: ${failure}\n${output}`);
  for (const file of files) {
    const own = events.filter((event) => event.file !== undefined && relative(root, event.file) === file);
    const ms = files.length === 1 ? whole : own.reduce((sum, event) => sum + (event.ms ?? 0), 0);
    suite.result.files.push({ file, ms });
    times[file] = Math.round(ms);
  }
}

function take(event, suite, files) {
  if (event.kind === "end") return;
  // Tests that several files share are in a file of their own.
  const file = files.length === 1 ? files[0] : relative(root, event.file ?? root);
  const name = `${file} › ${event.name}`;
  const isFile = event.kind === "file";
  const { result } = suite;
  if (event.outcome === "skipped") {
    result.skipped.push({ name, reason: event.reason ?? "no reason given" });
  } else if (event.outcome === "failed") {
    // A parent of a failed test says nothing of its own.
    if (event.failure?.type === "subtestsFailed") return;
    fail(suite, `${isFile ? file : name}\n${event.failure?.text ?? ""}`);
  } else if (isFile) {
    fail(suite, `${file} holds no test`);
  } else if (event.kind !== "suite") {
    result.passed += 1;
  }
}

function fail({ name, result }, text) {
  result.failed += 1;
  console.log(`✗ ${name}: ${text.trimEnd().replaceAll("\n", "\n    ")}`);
}

function readTimes() {
  if (!existsSync(TIMES)) return {};
  try {
    return JSON.parse(readFileSync(TIMES, "utf8"));
  } catch (error) {
    // Another run may be writing it: then nothing is known.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function coreTimes() {
  const all = cpus().map(({ times }) => times);
  const sum = (key) => all.reduce((total, times) => total + times[key], 0);
  return { idle: sum("idle"), all: Object.keys(all[0] ?? {}).reduce((total, key) => total + sum(key), 0) };
}

function busyPart(before, after) {
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}
