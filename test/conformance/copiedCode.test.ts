import { deepEqual, equal, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { type RunsCodeQuery, runsCode } from "../../src/extension/tracking/table/runsCode.ts";
import type { RunField, RunOrder, RunRowsQuery } from "../../src/protocol/runs.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, root, skipWithout, temporaryFolder, whenOver } from "../support/environment.ts";
import { clientEnvironment } from "../support/python.ts";
import { right } from "./differential/filters.ts";
import { fillRows, ROW_ORDERS, ROW_WORDS } from "./differential/rows.ts";

// "Copy as mlflow.search_runs(…)" and "Copy as pandas": what a person pastes runs with the real mlflow and finds the table's rows.

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);
const SEARCHES = 30;
/** What breaks a text that is quoted carelessly. */
const AWKWARD = [
  `"both" 'quotes'`,
  "back\\slash\\n",
  "two\nlines\ttab",
  "🍷 ünï \u2028",
  "%s {x} $y #z",
  "`tick",
  "\u0001\u007f",
];
/** Keys that MLflow takes. */
const KEYS = ["ünï/é", "key with space", "a.b-c", "x:y/z", "0", "None"];

interface Asked {
  rows: RunRowsQuery;
  fields?: RunField[];
  as?: RunsCodeQuery["as"];
}

interface Told {
  error?: string;
  ids?: string[];
  columns?: string[];
  rows?: (string | null)[][];
  groups?: number;
}

describe("copied code runs with mlflow 3.17 and finds the rows of the table", { skip }, () => {
  const folder = join(temporaryFolder("flowdeck-code-"), "wine & co's #1 100%41 ünï");
  mkdirSync(folder);
  const store = openStore(storeUri(join(folder, "mlflow.db")));
  whenOver(() => store.close());

  // One for all: importing mlflow takes seconds.
  const python = spawn(findPython() ?? "", [join(root, "test/conformance/python/runCode.py")], {
    cwd: folder,
    env: clientEnvironment(""),
    stdio: ["pipe", "pipe", "ignore"],
  });
  whenOver(() => python.kill("SIGKILL"));
  const lines = createInterface(python.stdout);

  /** Runs the code of every query; what it finds is what the table has. */
  const compare = async (queries: Asked[], of = store) => {
    const tracking_uri = of.status().uri;
    const asked = await Promise.all(
      queries.map(async ({ rows, fields = [], as = "searchRuns" }) => {
        // As the panel asks for them: groups and what is nested do not matter to which runs there are.
        const { group_by: _by, nested: _nested, ...flat } = rows;
        const { run_ids } = await of.runIds(flat);
        return { run_ids, code: runsCode({ tracking_uri, rows, fields, as, run_ids }) };
      }),
    );
    const answer = once(lines, "line");
    python.stdin.write(`${JSON.stringify(asked.map(({ code }) => code))}\n`);
    const told = JSON.parse(String(await answer)) as Told[];
    for (const [i, { run_ids, code }] of asked.entries()) {
      equal(told[i]?.error, undefined, code);
      deepEqual(told[i]?.ids, run_ids, code);
    }
    return { asked, told };
  };

  after(() => python.kill("SIGKILL"));
  before(async () => {
    await fillRows(store);
    const { experiment_id } = await store.createExperiment({ name: "awkward" });
    for (const [n, text] of AWKWARD.entries()) {
      const { info } = await store.createRun({ experiment_id, run_name: text, start_time: 1_000 + n });
      const params = KEYS.map((key) => ({ key, value: text }));
      const metrics = params.map(({ key }, k) => ({ key, value: (n * 7 + k) % 5, timestamp: 1_000, step: 0 }));
      await store.logBatch({ run_id: info.run_id, params, metrics, tags: [{ key: "note", value: text }] });
    }
  });

  it(`of ${SEARCHES} filters and orders`, async () => {
    const condition = right(ROW_WORDS);
    const order = fc.uniqueArray(fc.tuple(fc.constantFrom(...ROW_ORDERS), fc.boolean()), {
      selector: ([{ clause }]) => clause,
      maxLength: 3,
    });
    const search = fc.tuple(fc.array(condition, { maxLength: 3 }), order, fc.constantFrom("AND", "OR"), fc.boolean());
    const wanted = fc.sample(search, { numRuns: SEARCHES * 3, seed }).map(([conditions, orders, word, all]) => ({
      experiment_ids: ["0", "1"],
      filter: conditions.join(` ${word} `),
      order: orders.map(([{ field }, ascending]): RunOrder => ({ field, ascending })),
      ...(all ? { run_view_type: "ALL" as const } : {}),
    }));
    const queries: { rows: RunRowsQuery }[] = [];
    // The table shows nothing of a filter that is wrong, so nothing is copied of it.
    for (const rows of wanted)
      if (queries.length < SEARCHES && (await store.runIds(rows).catch(() => undefined)) !== undefined)
        queries.push({ rows });
    equal(queries.length, SEARCHES);
    const { asked } = await compare(queries);
    const some = asked.filter(({ run_ids }) => run_ids.length > 0 && run_ids.length < 55).length;
    ok(some > SEARCHES / 5, `${some} found some of the runs`);
    const said = asked.filter(({ code }) => !code.includes("run_ids"));
    ok(said.length > SEARCHES / 3 && said.length < SEARCHES, "some in MLflow's grammar, some by their ids");
  });

  it("of names, keys and values with quotes, backslashes, line ends and signs of Python and of the grammar", async () => {
    const experiment_ids = ["2"];
    const quoted = (text: string) => (text.includes("'") ? `"${text.replaceAll('"', "")}"` : `'${text}'`);
    const fields = KEYS.flatMap((key): RunField[] => [
      { kind: "param", key },
      { kind: "metric", key },
    ]);
    const order = fields.slice(0, 4).map((field): RunOrder => ({ field, ascending: false }));
    const queries = AWKWARD.filter((text) => !text.includes("'")).flatMap((text) => [
      { rows: { experiment_ids, filter: `tags.note = ${quoted(text)}`, order }, fields, as: "pandas" as const },
      { rows: { experiment_ids, filter: `params.\`x:y/z\` = ${quoted(text)} OR run_name = 'x'` } },
    ]);
    const { asked, told } = await compare([...queries, { rows: { experiment_ids, order }, fields, as: "pandas" }]);
    for (const { run_ids } of asked.slice(0, -1)) equal(run_ids.length, 1);
    // The table of the last one holds what was logged, column by column.
    const { columns = [], rows = [] } = told.at(-1) ?? {};
    deepEqual(
      columns.slice(2),
      fields.map((field) => ("key" in field ? `${field.kind}s.${field.key}` : "")),
    );
    equal(rows.length, AWKWARD.length);
    for (const row of rows)
      for (const [i, name] of columns.entries()) if (name.startsWith("params.")) equal(row[i], row[1], name);
  });

  it("of groups, pinned and hidden runs, deleted ones, and none at all", async () => {
    const experiment_ids = ["0", "1"];
    const all = (await store.runIds({ experiment_ids })).run_ids;
    const by = (key: string): RunField => ({ kind: "param", key });
    const loss: RunField = { kind: "metric", key: "a" };
    const cases: Asked[] = [
      { rows: { experiment_ids, pinned: all.slice(20, 23).toReversed(), hidden: all.slice(0, 3) } },
      { rows: { experiment_ids, run_view_type: "DELETED_ONLY" } },
      {
        rows: {
          experiment_ids,
          run_view_type: "ALL",
          order: [{ field: { kind: "attribute", key: "duration" }, ascending: true }],
        },
      },
      { rows: { experiment_ids, filter: "params.a = 'nobody has this'" }, fields: [loss], as: "pandas" },
      { rows: { experiment_ids, hidden: all }, fields: [loss], as: "pandas" },
      { rows: { experiment_ids, group_by: [by("a"), by("b")] }, fields: [loss, by("a")], as: "pandas" },
      { rows: { experiment_ids, group_by: [{ kind: "attribute", key: "status" }] }, fields: [by("a")], as: "pandas" },
      {
        rows: { experiment_ids, filter: "metrics.a > 0", group_by: [{ kind: "tag", key: "b" }] },
        fields: [{ kind: "metric", key: "a", of: "min" }, { kind: "datasets" }],
        as: "pandas",
      },
    ];
    const { told } = await compare(cases);
    for (const [i, { rows }] of cases.entries()) {
      if (rows.group_by === undefined) continue;
      const { groups } = await store.runColumns({ ...rows, fields: [], offset: 0, limit: 500 });
      ok(groups.length > 1);
      equal(told[i]?.groups, groups.length, "as many groups as the table has");
    }
  });

  it("of a folder of runs, and of a database whose path has a percent and a question mark", async () => {
    for (const [name, kind] of [
      ["a%20b #1/mlruns", "files"],
      ["what? 5%25/mlflow.db", "sqlite"],
    ] as const) {
      const path = join(folder, name);
      mkdirSync(kind === "files" ? path : dirname(path), { recursive: true });
      const other = openStore(storeUri(path, kind));
      const { experiment_id } = await other.createExperiment({ name: "wine" });
      for (let n = 0; n < 6; n += 1) {
        const { info } = await other.createRun({ experiment_id, run_name: `run ${n}`, start_time: 1_000 + n });
        const metrics = [{ key: "a", value: n, timestamp: 1_000, step: 0 }];
        await other.logBatch({ run_id: info.run_id, metrics, params: [{ key: "a", value: `${n % 2}` }], tags: [] });
      }
      const rows = { experiment_ids: [experiment_id], filter: "metrics.a > 1" };
      const order: RunOrder[] = [{ field: { kind: "param", key: "a" }, ascending: true }];
      const either = { ...rows, filter: "params.a = '1' OR metrics.a = 4" };
      const { asked } = await compare([{ rows: { ...rows, order } }, { rows: either }], other);
      ok(asked.every(({ run_ids }) => run_ids.length > 3));
      other.close();
    }
  });
});
