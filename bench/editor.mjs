// Keeps what test/e2e/measures.test.ts measured: `npm test -- test/e2e/measures.test.ts && node bench/editor.mjs`.
import { readFileSync } from "node:fs";
import { record } from "./results.mjs";

const GOALS = {
  "activate(), CPU time": "",
  "loading and activating, CPU time of the thread": "goal 100 ms",
  "Experiments view to first run": "goal 1 s, by the clock",
  "scrolling the runs table, CPU time of the page a frame": "goal 10 ms",
  "longest hold of the host's loop, 5,000 runs": "goal 50 ms, by the clock",
};

const figures = JSON.parse(readFileSync(new URL("../test-results/measures.json", import.meta.url), "utf8"));
for (const [what, figure] of Object.entries(figures)) {
  record("editor", what, { figure: `${figure} ms`, beside: GOALS[what] ?? "" });
}
