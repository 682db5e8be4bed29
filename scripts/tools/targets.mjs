// VS Code's platform names and the SQLite prebuild of each.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

export const PREBUILDS = {
  "linux-x64": "linux-x64.node",
  "linux-arm64": "linux-arm64.node",
  "alpine-x64": "linuxmusl-x64.node",
  "alpine-arm64": "linuxmusl-arm64.node",
  "darwin-x64": "darwin-x64.node",
  "darwin-arm64": "darwin-arm64.node",
  "win32-x64": "win32-x64.node",
  "win32-arm64": "win32-arm64.node",
};

/** The target of this machine. */
export function hostTarget() {
  const alpine = process.platform === "linux" && existsSync("/etc/alpine-release");
  return `${alpine ? "alpine" : process.platform}-${process.arch}`;
}

/** The newest VSIX in the root of the repository, or undefined. */
export function newestVsix() {
  const files = readdirSync(root).filter((name) => name.endsWith(".vsix"));
  const byAge = files.map((name) => join(root, name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return byAge[0];
}
