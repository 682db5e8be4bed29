// yaml-language-server, which knows YAML files by JSON schemas: what bench/language.mjs runs beside ours.
import { join } from "node:path";
import { cacheFolder, installOnce } from "./cache.mjs";
import { run, withPath } from "./run.mjs";

const VERSION = "1.25.0";

/** Its program, installed once into the cache folder. */
export async function ensureYamlServer() {
  const folder = join(cacheFolder, `yaml-language-server-${VERSION}`);
  const program = "node_modules/yaml-language-server/bin/yaml-language-server";
  await installOnce(folder, program, async (temporary) => {
    console.log(`Installing yaml-language-server ${VERSION} for the benchmark (once) …`);
    const options = ["--prefix", temporary, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
    await run("npm", ["install", ...options, `yaml-language-server@${VERSION}`], {
      env: withPath(),
      limit: 600_000,
      failure: `yaml-language-server could not be installed into ${temporary}.`,
    });
  });
  return join(folder, program);
}
