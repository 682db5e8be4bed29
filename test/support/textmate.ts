import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./environment.ts";

/** The `node_modules` of the cached code-server that hold VS Code's tokenizer; undefined when it is not there. */
export function findCodeServerModules(): string | undefined {
  if (!existsSync(cacheFolder)) return undefined;
  return readdirSync(cacheFolder)
    .filter((name) => name.startsWith("code-server-"))
    .map((name) => join(cacheFolder, name, "node_modules/code-server/lib/vscode/node_modules"))
    .find((folder) => existsSync(join(folder, "vscode-textmate")) && existsSync(join(folder, "vscode-oniguruma")));
}
