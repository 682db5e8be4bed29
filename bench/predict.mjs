// Keeps what test/e2e/predict.test.ts measured: `npm test -- test/e2e/predict.test.ts && node bench/predict.mjs`.
import { readFileSync } from "node:fs";
import { record } from "./results.mjs";

const { ours, curl, overhead } = JSON.parse(
  readFileSync(new URL("../test-results/predict.json", import.meta.url), "utf8"),
);
const ms = (value) => `${value.toFixed(1)} ms`;
record("predict", "one row, from the key to the drawn answer in the editor, p50 by the clock", {
  "Predict panel": ms(ours),
  "curl, time_total": ms(curl),
  overhead: ms(overhead),
  goal: "< 10 ms",
});
