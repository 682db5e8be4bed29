import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, temporaryFolder } from "./environment.ts";
import { GROUND } from "./plantedFaults.ts";

const CONFIGURATION = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "test/tsconfig.json",
  ".oxlintrc.json",
  "biome.json",
  "scripts",
  "test/support/environment.ts",
];

/** A small repository with this one's configuration, scripts and programs, and `files`. */
export function repository(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const path of [...CONFIGURATION, ...globSync("src/*/tsconfig.json", { cwd: root })]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries({ ...GROUND, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs a program there to its end, outside of the test runner that runs us. */
export function run(
  folder: string,
  command: string,
  args: string[],
  variables: Record<string, string> = {},
): { status: number | null; output: string } {
  const { NODE_TEST_CONTEXT: _, CI: __, ...env } = process.env;
  const options = { cwd: folder, env: { ...env, ...variables }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, output: stdout + stderr };
}
