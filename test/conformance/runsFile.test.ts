import { deepEqual, equal, ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RunField, RunRowsQuery } from "../../src/protocol/runs.ts";
import { runsCode } from "../../src/extension/tracking/table/runsCode.ts";
import { runsFile } from "../../src/extension/tracking/table/runsFile.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";

// What is exported and copied is what the real client finds.

const skip = skipWithout(findPython(), "Python with mlflow");
const AWKWARD = ['comma, "quotes"', "two\nlines", "0012", "", "ünï", "NaN", "=1+1"];

test("an exported file read by pandas equals mlflow.search_runs, and copied code finds the same rows", {
  skip,
}, async () => {
  const folder = temporaryFolder("flowdeck-export-");
  const uri = storeUri(join(folder, "mlflow.db"));
  const store = openStore(uri);
  const { experiment_id } = await store.createExperiment({ name: "wine", tags: [] });
  for (let i = 0; i < 37; i += 1) {
    const start_time = 1_700_000_000_123 + i * 1001;
    const { info } = await store.createRun({ experiment_id, run_name: `run ${i}`, start_time, tags: [] });
    const { run_id } = info;
    const text = AWKWARD[i % AWKWARD.length] ?? "";
    const values = [i / 7, Number.NaN, 1e300, -0.1 - 0.2, Number.POSITIVE_INFINITY];
    const metrics = [
      { key: "loss", value: (i * 13) % 37, timestamp: start_time, step: 0 },
      ...(i % 3 === 0 ? [{ key: "odd/key name", value: values[i % 5] ?? 0, timestamp: start_time, step: i }] : []),
    ];
    const params = [
      { key: "model", value: i % 2 === 0 ? "mlp" : "xgboost" },
      ...(i % 4 === 0 && text !== "" && text !== "NaN" ? [{ key: "text", value: text }] : []),
    ];
    await store.logBatch({ run_id, metrics, params, tags: i % 5 === 0 ? [{ key: "team", value: `t${i}` }] : [] });
    if (i % 2 === 0) await store.updateRun({ run_id, status: "FINISHED", end_time: start_time + 5 });
  }
  const filter = "metrics.loss < 30";
  const rows: RunRowsQuery = {
    ...{ experiment_ids: [experiment_id], filter },
    order: [{ field: { kind: "metric", key: "loss" }, ascending: false }],
  };
  const files: string[] = [];
  for (const format of ["csv", "json"] as const) {
    let written = "";
    let count = 0;
    for await (const { text, runs } of runsFile(store, { rows, format })) {
      written += text;
      count = runs;
    }
    equal(count, 30);
    const file = join(folder, `runs.${format}`);
    writeFileSync(file, written);
    files.push(file);
  }
  const fields: RunField[] = [
    { kind: "metric", key: "loss" },
    { kind: "metric", key: "loss", of: "min" },
    { kind: "attribute", key: "status" },
  ];
  const either = { ...rows, filter: "metrics.loss < 5 OR params.text = 'ünï'" };
  const hidden = { ...rows, hidden: (await store.runIds(rows)).run_ids.slice(0, 3) };
  const grouped = { ...rows, group_by: [{ kind: "param", key: "model" } as const] };
  const asked = [rows, either, hidden];
  const ids = await Promise.all(asked.map(async (one) => (await store.runIds(one)).run_ids));
  const code = asked.map((one, i) =>
    runsCode({
      ...{ tracking_uri: uri, rows: one, fields, run_ids: ids[i] ?? [] },
      as: i === 0 ? "searchRuns" : "pandas",
    }),
  );
  code.push(runsCode({ ...{ tracking_uri: uri, rows: grouped, fields, run_ids: ids[0] ?? [] }, as: "pandas" }));
  ok(!(code[0] ?? "").includes("run_ids"), "what MLflow can say is said in its grammar");
  const codeFile = join(folder, "code.json");
  writeFileSync(codeFile, JSON.stringify(code));
  store.close();
  const args = [...files, codeFile, experiment_id, filter, "metrics.loss DESC"];
  const told: unknown = JSON.parse(await runPython("readRunsFile.py", args, uri, folder));
  deepEqual(told, { problems: [], ids: [...ids, ids[0], 2], rows: 30 });
});
