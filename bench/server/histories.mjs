// Metric histories: of one run whole and in pages, of many runs thinned.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { record } from "../results.mjs";
import { recordRow } from "../support/compare.mjs";
import { HISTORIES, manyRuns, manyRunsOfFastTrack } from "../support/data.mjs";
import { measure } from "../support/measure.mjs";
import { NAMES, startServer } from "../support/servers.mjs";

const BENCH = "server: histories";
const { hundredThousand, million, thousandEach } = HISTORIES;
const BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=history&";

/** ms in which a long history has to be answered. */
const PATIENCE = 120_000;

const READS = {
  "get-history of 100,000 points": [`metrics/get-history?run_id=${hundredThousand}&metric_key=history`, "≥ 25×"],
  "get-history, a page of 25,000": [
    `metrics/get-history?run_id=${hundredThousand}&metric_key=history&max_results=25000`,
    "≥ 25×",
  ],
  "get-history-bulk-interval, 100 runs of 1,000 points to 320": [
    `${BULK}max_results=320&${thousandEach.map((run_id) => `run_ids=${run_id}`).join("&")}`,
    "≥ 34×",
  ],
  "get-history-bulk-interval, 100,000 points to 2,500": [`${BULK}max_results=2500&run_ids=${hundredThousand}`, "≥ 34×"],
};

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const figures = {};
    for (const name of NAMES) {
      const path = join(folder, `${name}.db`);
      copyFileSync(name === "fasttrackml" ? await manyRunsOfFastTrack() : await manyRuns(), path);
      const server = await startServer(name, { path });
      figures[name] = {};
      for (const [what, [url]] of Object.entries(READS)) {
        // mlflow makes an object of each point: it is asked once, and waited for.
        const how = name === "mlflow" ? { warm: 0, most: 1 } : { warm: 1, most: 50 };
        figures[name][what] = await measure(server, read(url, PATIENCE), how);
        console.log(name, what, figures[name][what].cpu?.toFixed(2) ?? figures[name][what].failure);
      }
      if (name === "flowdeck") await measureMillion(server);
      await server.stop();
    }
    for (const [what, [, goal]] of Object.entries(READS)) {
      const of = Object.fromEntries(NAMES.map((name) => [name, figures[name][what]]));
      recordRow(BENCH, what, of, { goal, same: compared(of) });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Memory is looked at while the answer is under way. */
async function measureMillion(server) {
  const before = server.memory();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, server.memory())), 50);
  const url = `metrics/get-history?run_id=${million}&metric_key=history`;
  const { cpu, wall, failure } = await measure(server, read(url, PATIENCE), { warm: 0, most: 1 });
  clearInterval(watch);
  const told = failure ?? `${cpu.toFixed(0)} ms (${wall.toFixed(0)})`;
  const memory = `${before.toFixed(0)} → ${most.toFixed(0)} MB of memory`;
  record(BENCH, "get-history of 1,000,000 points", { Flowdeck: `${told}, ${memory}`, goal: "≤ 100 MB" });
}

function read(url, patience) {
  return async (client) => {
    const answer = await client.get(url, patience);
    if (answer.status !== 200) throw new Error(`refused: ${answer.status}`);
    return answer;
  };
}

function compared({ flowdeck, mlflow }) {
  const metrics = [flowdeck, mlflow].map((figure) => figure?.answer && JSON.parse(figure.answer.text()).metrics);
  if (metrics[0] === undefined || metrics[1] === undefined) return "";
  const [ours, theirs] = metrics.map((list) =>
    JSON.stringify(list.map(({ timestamp, step, value }) => [Number(timestamp), Number(step), value])),
  );
  return ours === theirs ? `same ${metrics[0].length} points` : "NOT the same points";
}
