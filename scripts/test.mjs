// `npm test`: installs what is missing, builds, packages, checks and runs every suite. `npm test -- unit e2e` or
// `npm test -- test/store/series.test.ts` runs a part. The last line is the count.
import { basename, join, resolve } from "node:path";
import { runStep, STEPS } from "./check.mjs";
import { ensureCodeServer } from "./tools/codeServer.mjs";
import { ensureNodeModules } from "./tools/nodeModules.mjs";
import { ensureDebugpy, ensureKubernetes, ensurePython, ensureScripts, ensureSkinny } from "./tools/python.mjs";
import { root, tellAndFail, Trouble } from "./tools/run.mjs";
import { runSuites } from "./tools/runSuites.mjs";
import { filesOf, SUITES } from "./tools/suites.mjs";
import { ensureChromium } from "./tools/system.mjs";

const ALL = ["check", "unit", "integration", "conformance", "e2e"];
const NEEDS_BUILD = ["integration", "conformance", "e2e", "long"];
const total = { passed: 0, failed: 0, skipped: 0 };

async function test() {
  const wanted = plan(process.argv.slice(2));
  const env = { ...process.env };
  // Of a file that one names one wants to see all: in a suite each of its states is looked at in some themes only.
  if (process.argv.slice(2).some((word) => word.endsWith(".test.ts"))) env.FLOWDECK_THEMES ??= "all";
  await ensureNodeModules();
  env.FLOWDECK_SHARED ??= resolve(root, "../shared");

  if (wanted.has("check")) {
    for (const step of STEPS) countStep(await runStep(step));
  }
  const names = [...wanted.keys()].filter((name) => name !== "check");
  // The unit tests know what Python says too, but never wait for an install of it.
  if (names.some((name) => NEEDS_BUILD.includes(name))) await offer(env, "FLOWDECK_PYTHON", ensurePython);
  if (names.includes("conformance")) await offer(env, "FLOWDECK_SKINNY", ensureSkinny);
  if (names.includes("conformance")) await offer(env, "FLOWDECK_SCRIPTS", ensureScripts);
  if (names.includes("conformance") || names.includes("e2e")) await offer(env, "FLOWDECK_KUBERNETES", ensureKubernetes);
  if (names.includes("e2e")) {
    await offer(env, "FLOWDECK_DEBUGPY", ensureDebugpy);
    await prepareEditor(env);
  }

  let built = false;
  if (names.some((name) => NEEDS_BUILD.includes(name))) {
    built = await runStep(["build", "node", [join(root, "scripts/build.mjs"), "--minify"]]);
    built = built && (await runStep(["package", "node", [join(root, "scripts/package.mjs"), "--no-build"]]));
    countStep(built);
  }
  const unbuilt = built ? [] : names.filter((name) => NEEDS_BUILD.includes(name));
  for (const name of unbuilt) {
    console.log(`✗ ${name}: not run, because the build failed`);
    total.failed += 1;
  }
  // The unit suite computes all the time, and is over in seconds; of the others one waits while another computes.
  const own = names.filter((name) => name === "unit");
  const beside = names.filter((name) => name !== "unit" && !unbuilt.includes(name));
  for (const group of [own, beside].filter(({ length }) => length > 0)) {
    const files = new Map(group.map((name) => [name, wanted.get(name)]));
    const { ms, busy } = await runSuites(files, env, suiteEnded);
    console.log(`  ${group.join(", ")}: ${seconds(ms)}, the cores ${Math.round(busy * 100)} % of it at work`);
  }
  if (total.failed > 0) process.exitCode = 1;
}

/** Suites by name with their files, from the words of the command line. */
function plan(words) {
  const wanted = new Map();
  for (const word of words.length === 0 ? ALL : words) {
    if (word === "check") wanted.set("check", []);
    else if (word in SUITES) wanted.set(word, filesOf(word));
    else {
      const suite = Object.keys(SUITES).find((name) => filesOf(name).includes(word));
      if (suite === undefined) {
        throw new Trouble(`\`${word}\` is no suite (check, ${Object.keys(SUITES).join(", ")}) and no test file.`);
      }
      wanted.set(suite, [...(wanted.get(suite) ?? []), word]);
    }
  }
  return wanted;
}

/** Sets env[name] to what `ensure` finds; its trouble is told, and the tests that need it skip with their own reason. */
async function offer(env, name, ensure) {
  try {
    env[name] = await ensure();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.log(`- ${error.message}`);
  }
}

/** Browser and code-server; what keeps them away becomes the skip reason of the end-to-end tests. */
async function prepareEditor(env) {
  try {
    env.FLOWDECK_CHROMIUM = await ensureChromium();
    const { entry, node } = await ensureCodeServer();
    Object.assign(env, { FLOWDECK_CODE_SERVER: entry, FLOWDECK_CODE_SERVER_NODE: node });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    env.FLOWDECK_E2E_SKIP = error.message.split("\n")[0];
    console.log(`- ${error.message}`);
  }
}

function suiteEnded(name, result) {
  let { failed } = result;
  let skipped = 0;
  for (const { name: test, reason } of result.skipped) {
    // `../shared` lies beside the project, not in it: a clone elsewhere has none, which no CI can help.
    const forbidden = process.env.CI === "true" && SUITES[name].mustRun && !/shared/.test(reason);
    if (forbidden) failed += 1;
    else skipped += 1;
    console.log(forbidden ? `✗ ${test}: skipped, which CI=true forbids (${reason})` : `- skipped: ${test} (${reason})`);
  }
  count({ passed: result.passed, failed, skipped });
  console.log(
    `${failed === 0 ? "✓" : "✗"} ${name}: ${result.passed} passed, ${failed} failed, ${skipped} skipped (${seconds(result.ms)})`,
  );
  if (result.ms > 60_000) {
    const slowest = result.files.slice(0, 5).map(({ file, ms }) => `${basename(file)} ${Math.round(ms / 1000)} s`);
    console.log(`  slowest: ${slowest.join(", ")}`);
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

function countStep(passed) {
  count(passed ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 });
}

function count({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

await test().catch((error) => {
  total.failed += 1;
  tellAndFail(error);
});
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
