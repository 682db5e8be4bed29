// Runs test files in a program of their own.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "./cache.mjs";
import { node24 } from "./nodeModules.mjs";
import { root, startLimited } from "./run.mjs";

/** ms for the rest of the output once a program has ended. */
const OUTPUT_WAIT = 2_000;

/**
 * Runs `files`, one after another, in one program; what it prints goes to `log`. It is ended after `limit` ms.
 * Gives { events, output, failure, ms }: what testProgram.mjs told, the end of what was printed, why the program did not
 * come to an end of its own, or with a code that no failed test explains, and how long it took.
 */
export async function runTestFiles(files, { perTest, limit, env, log }) {
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-tests-"));
  const told = join(folder, "events");
  const { child, end } = startLimited(
    node24,
    [join(import.meta.dirname, "testProgram.mjs"), told, String(perTest), ...files.map((file) => join(root, file))],
    // Fifty programs read the same sources: what was compiled once need not be again.
    { cwd: root, env: { NODE_COMPILE_CACHE: join(cacheFolder, "compiled"), ...env }, limit },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      log.write(text);
      output = (output + text).slice(-4000);
    });
  }
  const code = await endOf(child);
  const late = end();
  const events = readEvents(told);
  rmSync(folder, { recursive: true, force: true });
  return { events, output, failure: failureOf(events, code, late && limit), ms: Date.now() - began };
}

/** Its code, once all that it printed is here; what it left behind may hold its output for ever, and is not waited for. */
function endOf(child) {
  return new Promise((resolved) => {
    child.on("close", resolved);
    child.on("exit", () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, OUTPUT_WAIT).unref();
    });
  });
}

/** What tells that the program went wrong, where no failed test does. */
function failureOf(events, code, late) {
  if (late !== false) return `it was stopped after ${Math.round(late / 1000)} s`;
  if (!events.some(({ kind }) => kind === "end")) return `it ended with code ${code} before its tests did`;
  if (code === 0 || events.some(({ outcome }) => outcome === "failed")) return undefined;
  return `it ended with code ${code}, although no test failed`;
}

function readEvents(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // A program that was ended in the middle may have written half a line.
  lines.pop();
  return lines.map((line) => JSON.parse(line));
}
