// Keeps what the tests measured: `npm test -- test/integration/predict.test.ts test/e2e/predict.test.ts && node bench/predict.mjs`.
import { existsSync, readFileSync } from "node:fs";
import { record } from "./results.mjs";

const MEASURED = {
  "one request in the extension host, p50 by the clock": "predictHost.json",
  "one row, from the key to the drawn answer in the editor, p50 by the clock": "predict.json",
};

const ms = (value) => (value === undefined ? "" : `${value.toFixed(1)} ms`);

for (const [what, name] of Object.entries(MEASURED)) {
  const file = new URL(`../test-results/${name}`, import.meta.url);
  if (!existsSync(file)) continue;
  const { ours, frame, curl, command, message, overhead, low, high, rounds } = JSON.parse(readFileSync(file, "utf8"));
  record("predict", what, {
    "Predict panel": ms(ours),
    "its next frame": ms(frame),
    "curl, time_total": ms(curl),
    "the whole command": ms(command),
    "a message there and back": ms(message),
    "overhead over time_total": `${ms(overhead)} (half of them ${low.toFixed(1)} to ${high.toFixed(1)})`,
    rounds,
    goal: "< 10 ms",
  });
}
