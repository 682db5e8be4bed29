import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../support/environment.ts";
import { machine, resultsFolder } from "./machine.ts";

const execute = promisify(execFile);

/** Test-only extensions beside ours. */
const FIXTURES = ["fixture-extension", "debugpy-extension", "python-extension", "python-envs-extension"].map((name) =>
  join(root, "test/e2e", name),
);

/**
 * An extensions folder that holds the newest VSIX of the repository's root and the test-only extensions; made once for each
 * content of them, shared by every test file (nothing writes to it).
 */
export async function installedExtensions(): Promise<string> {
  const vsix = newestVsix();
  const hash = createHash("sha256").update(readFileSync(vsix));
  for (const fixture of FIXTURES) {
    for (const name of readdirSync(fixture)) hash.update(readFileSync(join(fixture, name)));
  }
  const folder = join(resultsFolder, `extensions-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(resultsFolder, { recursive: true });
  for (const old of readdirSync(resultsFolder)) {
    if (old.startsWith("extensions-")) rmSync(join(resultsFolder, old), { recursive: true, force: true });
  }
  // Another file may be doing the same.
  const work = mkdtempSync(join(resultsFolder, "installing-"));
  try {
    await install(vsix, work);
    if (!existsSync(folder)) renameSync(join(work, "extensions"), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

/** Into the folder `extensions` of `work`. */
async function install(vsix: string, work: string): Promise<void> {
  const files = [vsix];
  for (const fixture of FIXTURES) {
    const file = join(work, `${basename(fixture)}.vsix`);
    const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", file];
    await execute(join(root, "node_modules/.bin/vsce"), ["package", ...flags], { cwd: fixture });
    files.push(file);
  }
  const { entry, node } = machine();
  const installed = files.flatMap((file) => ["--install-extension", file]);
  const folders = ["--extensions-dir", join(work, "extensions"), "--user-data-dir", join(work, "data")];
  await execute(node, [entry, "--config", join(work, "config.yaml"), ...folders, ...installed, "--force"]);
}

function newestVsix(): string {
  const files = readdirSync(root).filter((name) => name.endsWith(".vsix"));
  const byAge = files.map((name) => join(root, name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const [newest] = byAge;
  if (newest === undefined) throw new Error("There is no VSIX in the root of the repository: run `npm run package`.");
  return newest;
}
