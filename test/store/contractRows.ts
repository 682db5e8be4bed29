import assert from "node:assert/strict";
import { it } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { placeOf } from "../../src/mlflow/errors.ts";
import type { FieldColumn, RunColumns, RunField, RunRowsQuery } from "../../src/protocol/runs.ts";
import { type ContractStore, metric, newExperiment, newRun, nothing, refuses } from "./contractCases.ts";

const param = (key: string): RunField => ({ kind: "param", key });
const last = (key: string): RunField => ({ kind: "metric", key });
const by = (field: RunField, ascending = true) => ({ field, ascending });
const numbersOf = (column: FieldColumn | undefined) =>
  column?.kind === "number" ? Array.from(column.values, (value, i) => (column.logged[i] === 1 ? value : null)) : [];
const textsOf = (column: FieldColumn | undefined) => (column?.kind === "text" ? column.texts : []);

/** Rows of the runs table as panels ask for them. */
export function rows(open: () => Promise<ContractStore>): void {
  /** Five runs `a` to `e`, two models with two sizes, `e` unlike the others; `c` is running. */
  async function fiveRuns(store: ContractStore) {
    const experiment_id = await newExperiment(store);
    const logged = [
      { name: "a", model: "tree", size: "1", loss: [3, 1, 2] },
      { name: "b", model: "tree", size: "2", loss: [4, 5, 4.5] },
      { name: "c", model: "net", size: "1", loss: [1, 0.5, Number.NaN] },
      { name: "d", model: "net", size: "2", loss: [2, 2, 2] },
      { name: "e" },
    ];
    const ids: Record<string, string> = {};
    for (const { name, model, size, loss = [] } of logged) {
      const run_id = await newRun(store, experiment_id, name);
      ids[name] = run_id;
      const params = model === undefined || size === undefined ? [] : [pair("model", model), pair("size", size)];
      const metrics = loss.map((value, step) => metric("loss", value, step, 1_000 + step));
      await store.logBatch({ run_id, metrics, params, tags: [] });
      if (name !== "c") await store.updateRun({ run_id, status: "FINISHED", end_time: 99_000 });
    }
    const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
    const ask = async (query: Partial<RunRowsQuery> & { fields?: RunField[]; limit?: number; offset?: number }) => {
      const columns = await store.runColumns({
        experiment_ids: [experiment_id],
        fields: [],
        offset: 0,
        limit: 100,
        ...query,
      });
      return { columns, shown: shown(columns, names) };
    };
    return { experiment_id, ids, names, ask };
  }

  /** Rows as text: `>` for each depth, a group's values in brackets, `~` before a context row, `*` after a pinned one. */
  function shown(columns: RunColumns, names: ReadonlyMap<string, string>): string {
    return columns.run_ids
      .map((id, row) => {
        const group = columns.groups.find((each) => each.row === row);
        const name = group === undefined ? (names.get(id) ?? id) : `[${group.values.join("/")}]`;
        const marks = `${">".repeat(columns.depths[row] ?? 0)}${columns.context[row] === 1 ? "~" : ""}`;
        return `${marks}${name}${columns.pinned[row] === 1 ? "*" : ""}`;
      })
      .join(" ");
  }

  const pair = (key: string, value: string) => ({ key, value });

  it("runs are sorted by several fields, what they lack comes last in both directions", async () => {
    const { ask } = await fiveRuns(await open());
    assert.equal((await ask({ order: [by(param("model")), by(param("size"), false)] })).shown, "d c b a e");
    assert.equal((await ask({ order: [by(param("model"), false), by(last("loss"))] })).shown, "a b d c e");
    assert.equal((await ask({ order: [by({ kind: "attribute", key: "run_name" }, false)] })).shown, "e d c b a");
    assert.equal((await ask({ order: [by({ kind: "attribute", key: "duration" })] })).shown, "e d b a c");
  });

  it("a metric is shown and sorted by its smallest and largest value and by the one at a step", async () => {
    const { ask } = await fiveRuns(await open());
    const of = (which: "min" | "max" | { step: number }): RunField => ({ kind: "metric", key: "loss", of: which });
    const fields = [last("loss"), of("min"), of("max"), of({ step: 1 })];
    const { columns, shown: order } = await ask({ order: [by(of("max"), false)], fields });
    assert.equal(order, "b a d c e");
    assert.deepEqual(columns.columns.map(numbersOf), [
      [4.5, 2, 2, Number.NaN, null],
      [4, 1, 2, 0.5, null],
      [5, 3, 2, 1, null],
      [5, 1, 2, 0.5, null],
    ]);
    assert.equal((await ask({ order: [by(of({ step: 1 }))] })).shown, "c a d b e");
    assert.deepEqual(numbersOf((await ask({ fields: [of({ step: 7 })] })).columns.columns[0]), [
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it("a smallest value is another one once a smaller one was logged", async () => {
    const store = await open();
    const { ask, ids } = await fiveRuns(store);
    const least: RunField = { kind: "metric", key: "loss", of: "min" };
    const query = { order: [by(least)], fields: [least] };
    assert.equal((await ask(query)).shown, "c a d b e");
    await store.logBatch({ ...nothing, run_id: ids["b"] ?? "", metrics: [metric("loss", -1, 9, 2_000)] });
    const { columns, shown: order } = await ask(query);
    assert.equal(order, "b c a d e");
    assert.deepEqual(numbersOf(columns.columns[0]), [-1, 0.5, 1, 2, null]);
  });

  it("a group has the mean, deviation, least and greatest of its runs, and what they have in common", async () => {
    const { ask } = await fiveRuns(await open());
    const fields = [last("loss"), param("model"), param("size")];
    const { columns, shown: order } = await ask({ group_by: [param("model")], order: [by(param("size"))], fields });
    assert.equal(order, "[net] >c >d [tree] >a >b [] >e");
    assert.deepEqual([columns.total, columns.runs, columns.running], [8, 5, 1]);
    assert.deepEqual(
      columns.groups.map(({ runs, running, folded }) => [runs, running, folded]),
      [
        [2, 1, false],
        [2, 0, false],
        [1, 0, false],
      ],
    );
    const [loss, model, size] = columns.columns;
    assert.deepEqual(numbersOf(loss), [2, Number.NaN, 2, 3.25, 2, 4.5, null, null]);
    assert.ok(loss?.kind === "number" && loss.spread);
    const { count, min, max, deviations } = loss.spread;
    assert.deepEqual([count[0], count[3], count[6]], [1, 2, 0]);
    assert.deepEqual([min[3], max[3], deviations[3]], [2, 4.5, Math.sqrt(3.125)]);
    assert.ok(Number.isNaN(deviations[0]));
    assert.deepEqual(textsOf(model), ["net", "net", "net", "tree", "tree", "tree", null, null]);
    assert.deepEqual([textsOf(size)[0], textsOf(size)[1]], [null, "1"]);
  });

  it("groups follow the means that runs are sorted by, and folded ones keep their runs to themselves", async () => {
    const { ask } = await fiveRuns(await open());
    const group_by = [param("model")];
    const { columns, shown: order } = await ask({ group_by, order: [by(last("loss"), false)] });
    assert.equal(order, "[tree] >b >a [net] >d >c [] >e");
    const folded_groups = columns.groups.map(({ id }) => id);
    const folded = await ask({ group_by, folded_groups });
    assert.equal(folded.columns.total, 3);
    assert.ok(folded.columns.groups.every((group) => group.folded));
    assert.equal(
      (await ask({ group_by: [param("model"), param("size")], filter: "params.size = '1'" })).shown,
      "[net/1] >c [tree/1] >a",
    );
  });

  it("children come below an unfolded parent, whose rows tell how many there are", async () => {
    const store = await open();
    const { ask, ids } = await fiveRuns(store);
    for (const [child, parent] of [
      ["b", "a"],
      ["c", "a"],
      ["d", "c"],
    ]) {
      await store.setTag({ run_id: ids[child ?? ""] ?? "", key: RUN_TAG.parentRunId, value: ids[parent ?? ""] ?? "" });
    }
    const folded = await ask({ nested: true });
    assert.equal(folded.shown, "e a");
    assert.deepEqual(
      [[...folded.columns.children], [...folded.columns.children_running]],
      [
        [0, 2],
        [0, 1],
      ],
    );
    assert.equal((await ask({ nested: true, unfolded: [ids["a"] ?? ""] })).shown, "e a >c >b");
    const all = [ids["a"] ?? "", ids["c"] ?? ""];
    assert.equal((await ask({ nested: true, unfolded: all })).shown, "e a >c >>d >b");
    assert.equal((await ask({ nested: true, unfolded: all, pinned: [ids["c"] ?? ""] })).shown, "c* >d e a >b");
  });

  it("a parent that does not match is there for its child, and can be folded", async () => {
    const store = await open();
    const { ask, ids } = await fiveRuns(store);
    for (const [child, parent] of [
      ["b", "a"],
      ["d", "b"],
    ]) {
      await store.setTag({ run_id: ids[child ?? ""] ?? "", key: RUN_TAG.parentRunId, value: ids[parent ?? ""] ?? "" });
    }
    const query = { nested: true, filter: "run_name = 'd' OR run_name = 'c'" };
    const { columns, shown: order } = await askUnlessRemote(ask, query);
    if (columns === undefined) return;
    assert.equal(order, "~a >~b >>d c");
    assert.deepEqual([columns.runs, columns.total], [2, 4]);
    assert.equal((await ask({ ...query, folded: [ids["a"] ?? ""] })).shown, "~a c");
    await store.deleteRun({ run_id: ids["a"] ?? "" });
    assert.equal((await ask(query)).shown, "~b >d c");
  });

  it("runs that name each other as parents are all there", async () => {
    const store = await open();
    const { ask, ids } = await fiveRuns(store);
    for (const [child, parent] of [
      ["a", "b"],
      ["b", "a"],
      ["c", "c"],
    ]) {
      await store.setTag({ run_id: ids[child ?? ""] ?? "", key: RUN_TAG.parentRunId, value: ids[parent ?? ""] ?? "" });
    }
    const { columns } = await ask({ nested: true, unfolded: Object.values(ids) });
    assert.deepEqual(columns.run_ids.toSorted(), Object.values(ids).toSorted());
  });

  it("pinned runs come first in their order, hidden ones not at all", async () => {
    const store = await open();
    const { ask, ids, names, experiment_id } = await fiveRuns(store);
    const some = { pinned: [ids["b"] ?? "", ids["d"] ?? ""], hidden: [ids["e"] ?? "", ids["a"] ?? ""] };
    const { columns, shown: order } = await ask(some);
    assert.equal(order, "b* d* c");
    assert.deepEqual([columns.runs, columns.running], [3, 1]);
    assert.equal((await ask({ ...some, group_by: [param("model")] })).shown, "b* d* [net] >c [tree]");
    const { run_ids } = await store.runIds({ experiment_ids: [experiment_id], ...some });
    assert.equal(run_ids.map((id) => names.get(id)).join(" "), "b d c");
  });

  it("a window has the rows asked for and the counts of all", async () => {
    const { ask } = await fiveRuns(await open());
    const { columns, shown: order } = await ask({ offset: 3, limit: 10 });
    assert.equal(order, "b a");
    assert.equal(columns.total, 5);
    assert.equal((await ask({ offset: 9 })).shown, "");
    assert.equal((await ask({ offset: -1, limit: -1 })).shown, "");
  });

  it("attributes, datasets and models are columns too", async () => {
    const store = await open();
    const { ask, ids } = await fiveRuns(store);
    const run_id = ids["a"] ?? "";
    const dataset = { name: "iris", digest: "d1", source_type: "local", source: "{}" };
    await store.logInputs({
      run_id,
      datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value: "eval" }] }],
      models: [],
    });
    await store.setTag({ run_id, key: RUN_TAG.gitCommit, value: "abc123" });
    await store.setTag({ run_id, key: RUN_TAG.loggedModels, value: '[{"artifact_path": "model"}]' });
    const attributes = ["status", "user_id", "version", "lifecycle_stage", "run_id"] as const;
    const fields: RunField[] = [
      ...attributes.map((key): RunField => ({ kind: "attribute", key })),
      { kind: "datasets" },
      { kind: "models" },
      { kind: "tag", key: RUN_TAG.gitCommit },
    ];
    const { columns } = await ask({ filter: "run_name = 'a'", fields, order: [by({ kind: "datasets" })] });
    assert.deepEqual(columns.columns, [
      ...["FINISHED", "ada", "abc123", "active", run_id].map((text) => ({ kind: "text", texts: [text] })),
      { kind: "datasets", cells: [[{ name: "iris", digest: "d1", context: "eval" }]] },
      { kind: "models", cells: [[{ name: "model" }]] },
      { kind: "text", texts: ["abc123"] },
    ]);
  });

  it("charts get the values of many runs, and which group each is in", async () => {
    const store = await open();
    const { experiment_id, names } = await fiveRuns(store);
    const fields = [last("loss"), param("size")];
    const query = { experiment_ids: [experiment_id], group_by: [param("model")], fields };
    const values = await store.runValues({ ...query, order: [by(param("size"))], limit: 4 });
    assert.equal(values.run_ids.map((id) => names.get(id)).join(" "), "c a d b");
    assert.deepEqual(
      [...values.group_of].map((group) => values.groups[group]?.values[0]),
      ["net", "tree", "net", "tree"],
    );
    assert.deepEqual([values.runs, numbersOf(values.columns[0])], [5, [Number.NaN, 2, 2, 4.5]]);
    assert.equal((await store.runValues({ experiment_ids: [experiment_id], fields: [], limit: 2 })).run_ids.length, 2);
  });

  it("keys tell how many runs have them, whether they vary, their range and most frequent values", async () => {
    const store = await open();
    const { experiment_id, ids } = await fiveRuns(store);
    const experiment_ids = [experiment_id];
    const keys = await store.runKeys({ experiment_ids });
    assert.equal(keys.runs, 5);
    assert.deepEqual(keys.params, [
      { key: "model", runs: 4, varies: true, values: ["net", "tree"] },
      { key: "size", runs: 4, varies: true, range: { min: 1, max: 2 }, values: ["1", "2"] },
    ]);
    assert.deepEqual(keys.metrics, [{ key: "loss", runs: 4, varies: true, range: { min: 2, max: 4.5 } }]);
    assert.deepEqual(keys.stepped, ["loss"]);
    const trees = await store.runKeys({ experiment_ids, filter: "params.model = 'tree'" });
    assert.deepEqual(
      [trees.runs, trees.params[0], trees.params[1]?.varies],
      [2, { key: "model", runs: 2, varies: false, values: ["tree"] }, true],
    );
    await store.setTag({ run_id: ids["a"] ?? "", key: "team", value: "blue" });
    const team = (await store.runKeys({ experiment_ids })).tags.find(({ key }) => key === "team");
    assert.deepEqual(team, { key: "team", runs: 1, varies: true, values: ["blue"] });
  });

  it("a broken filter is refused with its place", async () => {
    const { ask } = await fiveRuns(await open());
    const filter = "params.model = 'tree' AND params.size > '1'";
    await refuses(ask({ filter }), "INVALID_PARAMETER_VALUE", "Invalid comparator");
    const error: unknown = await ask({ filter }).catch((reason: unknown) => reason);
    const { start, end } = placeOf(error) ?? { start: 0, end: 0 };
    assert.equal(filter.slice(start, end), "params.size > '1'");
  });

  type Ask = Awaited<ReturnType<typeof fiveRuns>>["ask"];
  /** A remote server has no OR. */
  async function askUnlessRemote(ask: Ask, query: Partial<RunRowsQuery>) {
    try {
      return await ask(query);
    } catch (error) {
      assert.match(String(error), /A remote MLflow server joins conditions with AND only/);
      return { columns: undefined, shown: "" };
    }
  }
}
