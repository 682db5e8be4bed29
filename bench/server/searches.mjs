// Searches of 100,000 runs: cold, warm, by every kind of key, with filters, deep pages.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordRow } from "../support/compare.mjs";
import { manyRuns, manyRunsOfFastTrack } from "../support/data.mjs";
import { measure } from "../support/measure.mjs";
import { NAMES, startServer } from "../support/servers.mjs";

const BENCH = "server: searches of 100,000 runs";
const PAGE = { experiment_ids: ["1", "2"], max_results: 100 };

/** What is asked, in words; the token of a deep page is MLflow's own. */
const SEARCHES = {
  "newest first": {},
  "newest first, 1,000 runs a page": { max_results: 1_000 },
  "page at 50,000": { page_token: pageToken(50_000) },
  "by a metric": { order_by: ["metrics.metric_3 DESC"] },
  "by a metric, page at 50,000": { order_by: ["metrics.metric_3 DESC"], page_token: pageToken(50_000) },
  "by a metric with NaN, ascending": { order_by: ["metrics.metric_2 ASC"] },
  "by a param": { order_by: ["params.param_3 ASC"] },
  "by a tag": { order_by: ["tags.team DESC"] },
  "by an attribute": { order_by: ["attributes.end_time DESC"] },
  "by three keys": { order_by: ["params.param_2 ASC", "metrics.metric_1 DESC", "attributes.run_name ASC"] },
  "one experiment": { experiment_ids: ["2"], order_by: ["metrics.metric_7 DESC"] },
  "metric >": { filter: "metrics.metric_0 > 0.999" },
  "metric < and >=": { filter: "metrics.metric_1 < 12 and metrics.metric_5 >= 5" },
  "metric !=": { filter: "metrics.metric_2 != 0.5" },
  "param =": { filter: "params.param_2 = 'lion'" },
  "param = once": { filter: "params.param_1 = 'value 77777'" },
  "param != and by a metric": { filter: "params.param_2 != 'sgd'", order_by: ["metrics.metric_3 DESC"] },
  "param LIKE": { filter: "params.param_1 LIKE '%7777%'" },
  "param ILIKE": { filter: "params.param_2 ILIKE 'a%'" },
  "tag = rare": { filter: "tags.rare = 'yes'" },
  "tag IS NULL": { filter: "tags.team IS NULL" },
  "param IS NOT NULL": { filter: "params.param_9 IS NOT NULL" },
  "status =": { filter: "attributes.status = 'RUNNING'" },
  "run_id IN": {
    filter: "attributes.run_id IN ('cfcd208495d565ef66e7dff9f98764da', 'c4ca4238a0b923820dcc509a6f75849b')",
  },
  "run_name LIKE": { filter: "attributes.run_name LIKE 'run-77%'" },
  "start_time and param and metric": {
    filter: "attributes.start_time > 1700020000000 and params.param_0 = '0.1' and metrics.metric_4 < 0.3",
    order_by: ["metrics.metric_4 ASC"],
  },
  "no run found": { filter: "params.param_2 = 'nothing'" },
};

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const figures = {};
    for (const name of NAMES) figures[name] = await measureServer(name, folder);
    for (const what of Object.keys(figures.flowdeck)) {
      const of = Object.fromEntries(NAMES.map((name) => [name, figures[name][what]]));
      const goal = what.startsWith("first") ? "≤ 250 ms" : what.includes("1,000") ? "" : "≤ 15 ms";
      recordRow(BENCH, what, of, { goal, same: compared(of) });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureServer(name, folder) {
  const source = name === "fasttrackml" ? await manyRunsOfFastTrack() : await manyRuns();
  const path = join(folder, "mlflow.db");
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  copyFileSync(source, path);
  const found = {};
  const server = await startServer(name, { path });
  for (const what of ["newest first", "by a metric"]) {
    if (name === "mlflow" && isQuadratic(what)) continue;
    found[`first search, ${what}`] = await measure(server, send(SEARCHES[what]), { warm: 0, most: 1 });
  }
  // What mlflow gives no answer to keeps it busy long after: it is asked one such search, at the end.
  const last = (what) => Number(isQuadratic(what));
  for (const what of Object.keys(SEARCHES).toSorted((a, b) => last(a) - last(b))) {
    if (name === "mlflow" && isQuadratic(what) && what !== "by a metric") continue;
    found[what] = await measure(server, send(SEARCHES[what]), { warm: name === "mlflow" ? 0 : 1, most: 200 });
    console.log(name, what, found[what].cpu?.toFixed(2) ?? found[what].failure);
  }
  console.log(name, "memory", server.memory().toFixed(0), "MB");
  await server.stop();
  return found;
}

/** mlflow's plan joins every run with every value of the key. */
function isQuadratic(what) {
  return (SEARCHES[what].order_by ?? []).some((clause) => !clause.startsWith("attributes."));
}

function send(search) {
  return async (client) => {
    const answer = await client.post("runs/search", { ...PAGE, ...search });
    if (answer.status !== 200) throw new Error(`refused: ${JSON.parse(answer.text()).message}`);
    return answer;
  };
}

/** Whether ours and mlflow's answers list the same runs in the same order. */
function compared({ flowdeck, mlflow }) {
  const ids = [flowdeck, mlflow].map((figure) => figure?.answer && idsOf(figure.answer));
  if (ids[0] === undefined || ids[1] === undefined) return "";
  return ids[0].join() === ids[1].join() ? `same ${ids[0].length} runs` : "NOT the same runs";
}

function idsOf(answer) {
  return (JSON.parse(answer.text()).runs ?? []).map(({ info }) => info.run_id);
}

function pageToken(offset) {
  return Buffer.from(`{"offset": ${offset}}`).toString("base64");
}
