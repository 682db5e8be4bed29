// One registered model of 10,000 versions: what a window and a deployment ask of it.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManyVersions } from "../../test/store/manyVersions.ts";
import { recordRow } from "../support/compare.mjs";
import { measure } from "../support/measure.mjs";
import { startServer } from "../support/servers.mjs";

const BENCH = "server: one model of 10,000 versions";
const NAMES = ["flowdeck", "mlflow"];
const VERSIONS = 10_000;
/** These look at every version on both sides: no index of MLflow's schema has the stage or the time. */
const OF_ALL = ["a page of 100, by time", "a stage that empties another"];
const name = "big";

const get = (path, query) => (client, i) => client.get(`${path}?${words(query(i))}`);
const post = (path, body) => (client, i) => client.post(path, body(i));

/** Each asks for something else each time, where there is something else. */
const REQUESTS = {
  "the model, its latest versions": get("registered-models/get", () => ({ name })),
  "the version of an alias": get("registered-models/alias", () => ({ name, alias: "champion" })),
  "an alias is moved": post("registered-models/alias", (i) => ({ name, alias: "moving", version: String(i + 1) })),
  "one version": get("model-versions/get", (i) => ({ name, version: i + 1 })),
  "a page of 100, newest first": get("model-versions/search", (i) => ({
    filter: `name = 'big' AND version_number > ${i}`,
    order_by: "version_number DESC",
    max_results: 100,
  })),
  "a page of 100, by time": get("model-versions/search", (i) => ({
    filter: `name = 'big' AND version_number > ${i}`,
    max_results: 100,
  })),
  "a page of 100 by a tag": get("model-versions/search", (i) => ({
    filter: `name = 'big' AND tags.round = '${i % 10}'`,
    max_results: 100,
  })),
  "all versions": get("model-versions/search", () => ({ filter: "name = 'big'", max_results: VERSIONS })),
  "a stage that empties another": post("model-versions/transition-stage", (i) => ({
    name,
    version: String(i + 1),
    stage: "Production",
    archive_existing_versions: true,
  })),
  "a new version": post("model-versions/create", () => ({ name, source: "s3://bucket/new" })),
};

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const path = join(folder, "mlflow.db");
    createManyVersions(path, VERSIONS);
    const figures = {};
    for (const server of NAMES) {
      const copy = join(folder, `${server}.db`);
      copyFileSync(path, copy);
      figures[server] = await measureServer(server, copy);
    }
    for (const what of Object.keys(REQUESTS)) {
      const of = Object.fromEntries(NAMES.map((server) => [server, figures[server][what]]));
      recordRow(BENCH, what, of, { goal: OF_ALL.includes(what) ? "≥ 5×" : "≥ 10×" });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureServer(name, path) {
  const figures = {};
  const server = await startServer(name, { path });
  for (const [what, request] of Object.entries(REQUESTS)) {
    const send = async (client, i) => {
      const answer = await request(client, i);
      if (answer.status !== 200) throw new Error(`refused: ${answer.text().slice(0, 80)}`);
      return answer;
    };
    figures[what] = await measure(server, send, { warm: 2, most: 200 });
    console.log(name, what, figures[what].cpu?.toFixed(2) ?? figures[what].failure);
  }
  await server.stop();
  return figures;
}

function words(query) {
  return Object.entries(query)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join("&");
}
