// Searches of a registry of 100 models with 100 versions each. FastTrackML has none.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordRow } from "../support/compare.mjs";
import { manyRuns, runId } from "../support/data.mjs";
import { measure } from "../support/measure.mjs";
import { startServer } from "../support/servers.mjs";

// The others are asked for the same thing again and again: ours answers that from what it has kept.
const BENCH = "server: searches of 10,000 model versions";
const NAMES = ["flowdeck", "mlflow"];

const READS = {
  "models, 100 a page": ["registered-models/search", { max_results: 100 }],
  "models LIKE, by time": [
    "registered-models/search",
    { filter: "name LIKE 'model_1%'", order_by: "last_updated_timestamp DESC" },
  ],
  "models by a tag": ["registered-models/search", { filter: "tags.task = 'classification'" }],
  "versions, all": ["model-versions/search", { max_results: 10_000 }],
  "versions of a model": ["model-versions/search", { filter: "name = 'model_7'" }],
  "versions by a tag, 100 a page": [
    "model-versions/search",
    { filter: "tags.validation = 'passed'", max_results: 100 },
  ],
  "versions of a model, another each time": ["model-versions/search", (i) => ({ filter: `name = 'model_${i % 100}'` })],
  "versions by a run": ["model-versions/search", { filter: "run_id = 'cfcd208495d565ef66e7dff9f98764da'" }],
  "versions by a run, another each time": [
    "model-versions/search",
    (i) => ({ filter: `run_id = '${runId(i * 101)}'` }),
  ],
  "versions by name and number": [
    "model-versions/search",
    { order_by: ["name ASC", "version_number DESC"], max_results: 200 },
  ],
};

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const path = join(folder, "mlflow.db");
    copyFileSync(await manyRuns(), path);
    const figures = {};
    for (const name of NAMES) {
      const server = await startServer(name, { path });
      figures[name] = {};
      for (const [what, [call, query]] of Object.entries(READS)) {
        figures[name][what] = await measure(server, read(call, query), { warm: 1, most: 100 });
        console.log(name, what, figures[name][what].cpu?.toFixed(2) ?? figures[name][what].failure);
      }
      await server.stop();
    }
    for (const [what, [, query]] of Object.entries(READS)) {
      const of = Object.fromEntries(NAMES.map((name) => [name, figures[name][what]]));
      recordRow(BENCH, what, of, { goal: "≥ 15×", same: typeof query === "function" ? "" : compared(of) });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `query` is the same each time, or made from the request's number. */
function read(call, query) {
  return async (client, i) => {
    const words = Object.entries(typeof query === "function" ? query(i) : query).flatMap(([name, value]) =>
      [value].flat().map((each) => `${name}=${encodeURIComponent(each)}`),
    );
    const answer = await client.get(`${call}?${words.join("&")}`);
    if (answer.status !== 200) throw new Error(`refused: ${answer.text().slice(0, 80)}`);
    return answer;
  };
}

function compared({ flowdeck, mlflow }) {
  const [ours, theirs] = [flowdeck, mlflow].map((figure) => {
    if (figure?.answer === undefined) return undefined;
    const { registered_models, model_versions = [] } = JSON.parse(figure.answer.text());
    return (registered_models ?? model_versions).map(({ name, version = "" }) => `${name}/${version}`).join();
  });
  if (ours === undefined || theirs === undefined) return "";
  return ours === theirs ? "same" : "NOT the same";
}
