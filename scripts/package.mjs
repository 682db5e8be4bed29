// `npm run package`: a VSIX with what is in dist/ and the SQLite prebuild of one platform, so that nothing compiles at install.
// `--target linux-x64` (default: this machine's), `--target universal` holds every prebuild; `--no-build` packs dist/ as it is.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bin, ensureNodeModules } from "./tools/nodeModules.mjs";
import { root, run, tellAndFail, Trouble } from "./tools/run.mjs";
import { PREBUILDS, hostTarget } from "./tools/targets.mjs";

async function packageExtension() {
  const { values } = parseArgs({ options: { target: { type: "string" }, "no-build": { type: "boolean" } } });
  const target = values.target ?? hostTarget();
  if (target !== "universal" && PREBUILDS[target] === undefined) {
    throw new Trouble(`${target} is no target: universal, ${Object.keys(PREBUILDS).join(", ")}.`);
  }
  await ensureNodeModules();
  if (values["no-build"] !== true) {
    await run(bin("node"), ["scripts/build.mjs", "--minify"], { failure: "The build failed." });
  }
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = `${name}-${target}-${version}.vsix`;
  const ignoreFile = join(root, "dist", ".vscodeignore");
  writeFileSync(ignoreFile, ignoreRules(target));
  try {
    await run(
      bin("vsce"),
      [
        "package",
        "--no-dependencies",
        "--allow-missing-repository",
        "--no-rewrite-relative-links",
        "--ignoreFile",
        ignoreFile,
        "--out",
        file,
        ...(target === "universal" ? [] : ["--target", target]),
      ],
      { failure: "vsce could not make the package." },
    );
  } finally {
    rmSync(ignoreFile);
  }
  console.log(join(root, file));
}

function ignoreRules(target) {
  const rules = readFileSync(join(root, ".vscodeignore"), "utf8");
  const prebuilds = target === "universal" ? Object.values(PREBUILDS) : [PREBUILDS[target]];
  return `${rules}${prebuilds.map((prebuild) => `!dist/prebuilds/${prebuild}\n`).join("")}`;
}

await packageExtension().catch(tellAndFail);
