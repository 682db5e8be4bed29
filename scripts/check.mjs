// `npm run check`: types and rooms, lint, format, unit tests. Seconds; run it before each commit.
import { bin, ensureNodeModules } from "./tools/nodeModules.mjs";
import { run, tellAndFail, Trouble } from "./tools/run.mjs";
import { runSuite } from "./tools/runSuites.mjs";
import { filesOf } from "./tools/suites.mjs";

/** The checks that are no tests: [name, program, arguments]. Tests plant faults to prove each one. */
export const STEPS = [
  ["types", "tsc", ["-b"]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings", "src", "test", "scripts", "bench"]],
  ["format", "biome", ["format"]],
];

/** Runs one step and prints its line; true when it passed. */
export async function runStep([name, program, args]) {
  const started = Date.now();
  try {
    await run(bin(program), args, { failure: `${name}:` });
    console.log(`✓ ${name} (${seconds(started)})`);
    return true;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.log(`✗ ${error.message}`);
    return false;
  }
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

async function check() {
  await ensureNodeModules();
  let good = true;
  for (const step of STEPS) good = (await runStep(step)) && good;
  const unit = await runSuite("unit", filesOf("unit"));
  for (const { name, reason } of unit.skipped) console.log(`- skipped: ${name} (${reason})`);
  console.log(
    `${unit.failed === 0 ? "✓" : "✗"} unit tests: ${unit.passed} passed, ${unit.failed} failed, ${unit.skipped.length} skipped (${(unit.ms / 1000).toFixed(1)} s)`,
  );
  if (!good || unit.failed > 0) process.exitCode = 1;
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) await check().catch(tellAndFail);
