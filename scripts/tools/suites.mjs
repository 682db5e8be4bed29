// The test suites: which files they hold, how they run, and what came out.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readdirSync, statfsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "./cache.mjs";
import { node24 } from "./nodeModules.mjs";
import { root, stopTree, stopWithUs } from "./run.mjs";

/** Folders of test/ that are suites of their own; every other folder is a room of the unit suite. */
const OWN_FOLDERS = ["integration", "conformance", "e2e", "long"];
const NO_TESTS = ["fixtures", "support"];

/**
 * `perTest` and `whole` are time limits in ms; `mustRun` suites may not be skipped in CI; the temporary folders of
 * `inMemory` suites are in memory, so that hundreds of small databases wait for no disk. Files of `alone` measure by the
 * clock, have several scoring servers beside the editor, or take files
 * away from under it: they run first, one after another, with nothing beside them.
 */
export const SUITES = {
  unit: { concurrency: 3, perTest: 60_000, whole: 300_000, mustRun: false, inMemory: true },
  integration: { concurrency: 2, perTest: 300_000, whole: 1_800_000, mustRun: false },
  conformance: { concurrency: 2, perTest: 600_000, whole: 2_400_000, mustRun: true },
  e2e: {
    concurrency: 2,
    perTest: 900_000,
    whole: 3_600_000,
    mustRun: true,
    alone: ["measures", "walk", "modelStory", "predict", "serving", "replaced"],
  },
  long: { concurrency: 1, perTest: 7_200_000, whole: 14_400_000, mustRun: false },
};

/** Test files of a suite, sorted. */
export function filesOf(suite) {
  const entries = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
  const files = entries.filter((path) => path.endsWith(".test.ts")).map((path) => join("test", path));
  return files.sort().filter((path) => {
    const folder = path.split(/[\\/]/)[1];
    if (NO_TESTS.includes(folder)) return false;
    return suite === "unit" ? !OWN_FOLDERS.includes(folder) : folder === suite;
  });
}

/**
 * Runs `files` as one suite and tells each failure and skip as it comes.
 * Gives { passed, failed, skipped: [{ name, reason }], ms, slowest: [{ file, ms }] }.
 */
export async function runSuite(suite, files, env = process.env) {
  const { concurrency, whole, alone = [] } = SUITES[suite];
  const started = Date.now();
  const result = { passed: 0, failed: 0, skipped: [], ms: 0, slowest: [] };
  mkdirSync(join(root, "test-results"), { recursive: true });
  const log = createWriteStream(join(root, "test-results", `${suite}.log`));
  const isAlone = (file) => alone.includes(basename(file, ".test.ts"));
  const running = { suite, result, log, env, until: started + whole };
  await runFiles(running, files.filter(isAlone), 1);
  await runFiles(
    running,
    files.filter((file) => !isAlone(file)),
    concurrency,
  );
  log.end();
  result.ms = Date.now() - started;
  result.slowest.sort((one, other) => other.ms - one.ms);
  return result;
}

async function runFiles({ suite, result, log, env, until }, files, concurrency) {
  if (files.length === 0) return;
  const { perTest, inMemory, whole } = SUITES[suite];
  const stopped = `the suite was stopped after ${whole / 1000} s`;
  // Those before took all of the time: it is told once.
  if (Date.now() >= until) {
    if (result.failed === 0) fail(result, suite, stopped);
    return;
  }
  const child = spawn(
    node24,
    [
      "--test",
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${perTest}`,
      `--test-reporter=${new URL("reporter.mjs", import.meta.url).href}`,
      ...files,
    ],
    // Fifty programs read the same sources: what was compiled once need not be again.
    {
      cwd: root,
      env: { NODE_COMPILE_CACHE: join(cacheFolder, "compiled"), ...(inMemory && temporaryInMemory()), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    },
  );
  const release = stopWithUs(child);
  const timer = setTimeout(() => {
    fail(result, suite, stopped);
    stopTree(child);
  }, until - Date.now());
  child.stderr.pipe(log, { end: false });
  const printed = new Map();
  const ended = new Promise((resolved) => child.on("close", resolved));
  for await (const line of createInterface({ input: child.stdout })) {
    const event = readEvent(line);
    if (event === undefined || event.kind === "output") {
      log.write(event?.text ?? `${line}\n`);
      if (event !== undefined) printed.set(event.file, ((printed.get(event.file) ?? "") + event.text).slice(-4000));
    } else take(event, result, suite, printed);
  }
  const code = await ended;
  clearTimeout(timer);
  release();
  if (code !== 0 && result.failed === 0)
    fail(result, suite, `node --test ended with code ${code}: see test-results/${suite}.log`);
}

/** The variable that puts temporary folders into memory, where the system has room for them there. */
function temporaryInMemory() {
  const folder = "/dev/shm";
  if (!existsSync(folder)) return {};
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 ** 30 ? { TMPDIR: folder } : {};
}

function take(event, result, suite, printed) {
  const file = event.file === undefined ? "" : relative(root, event.file);
  const name = `${file} › ${event.name}`;
  const isFile = event.name === file;
  if (event.kind === "file") {
    result.slowest.push({ file, ms: event.ms });
    return;
  }
  if (event.outcome === "skipped") {
    result.skipped.push({ name, reason: event.reason ?? "no reason given" });
  } else if (event.outcome === "failed") {
    // A parent of a failed test, or its file, says nothing of its own.
    if (event.failure?.type === "subtestsFailed") return;
    const output = isFile ? `\n${printed.get(event.file) ?? ""}` : "";
    fail(result, suite, `${isFile ? file : name}\n${event.failure?.text ?? ""}${output}`);
  } else if (isFile) {
    fail(result, suite, `${file} holds no test`);
  } else if (event.kind !== "suite") {
    result.passed += 1;
  }
}

function fail(result, suite, text) {
  result.failed += 1;
  console.log(`✗ ${suite}: ${text.trimEnd().replaceAll("\n", "\n    ")}`);
}

function readEvent(line) {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
