// Keeps what the tests measured: `npm test -- test/integration/predict.test.ts test/e2e/predict.test.ts && node bench/predict.mjs`.
import { existsSync, readFileSync } from "node:fs";
import { record } from "./results.mjs";

const MEASURED = {
  "one request in the extension host, p50 by the clock": "predictHost.json",
  "one row, from the key to the drawn answer in the editor, p50 by the clock": "predict.json",
};

for (const [what, name] of Object.entries(MEASURED)) {
  const file = new URL(`../test-results/${name}`, import.meta.url);
  if (!existsSync(file)) continue;
  const { ours, curl, message, overhead } = JSON.parse(readFileSync(file, "utf8"));
  const ms = (value) => (value === undefined ? "" : `${value.toFixed(1)} ms`);
  const cells = { "Predict panel": ms(ours), "curl, time_total": ms(curl), "a message there and back": ms(message) };
  record("predict", what, { ...cells, overhead: ms(overhead), goal: "< 10 ms" });
}
