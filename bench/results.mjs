// Adds rows to RESULTS.md: what was measured, when, of which commit.
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { cpus } from "node:os";

/** `figure` and `beside` as text with their unit; `beside` is what the figure is compared with. */
export function record(what, figure, beside) {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
  const machine = `${cpus().length} × ${cpus()[0].model.replaceAll(/\s+/g, " ").trim()}`;
  const row = [new Date().toISOString().slice(0, 10), commit, what, figure, beside, machine];
  console.log(row.join(" | "));
  appendFileSync(new URL("RESULTS.md", import.meta.url), `| ${row.join(" | ")} |\n`);
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
