import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { parseLoggedModelOrderBy, parseOrderBy } from "../../src/mlflow/filter/orderBy.ts";
import { conditionsOf, filterProblem, parseFilter } from "../../src/mlflow/filter/parse.ts";
import type { FilterSubject, FilterTree } from "../../src/mlflow/filter/tree.ts";
import { textValue } from "../../src/mlflow/filter/write.ts";
import { filters, problemLiesWithin } from "../support/filterFuzz.ts";

/** Filters and what mlflow 3.17.2's own parser makes of them: [entity, key, comparator, value]. */
const ACCEPTED: [FilterSubject, string, unknown[][]][] = [
  ["runs", "", []],
  ["runs", "metrics.rmse < 1", [["metric", "rmse", "<", 1]]],
  ["runs", "metrics.rmse < 1 and", [["metric", "rmse", "<", 1]]],
  [
    "runs",
    "metrics.accuracy > 0.5 AND params.solver = 'lbfgs'",
    [
      ["metric", "accuracy", ">", 0.5],
      ["parameter", "solver", "=", "lbfgs"],
    ],
  ],
  ["runs", "metrics.`val/auc` >= -.5", [["metric", "val/auc", ">=", -0.5]]],
  ["runs", 'metrics."a b"=1E-3', [["metric", "a b", "=", 0.001]]],
  ["runs", "params.'q' != \"x y\"", [["parameter", "q", "!=", "x y"]]],
  ["runs", "params._x ilike 'A%'", [["parameter", "_x", "ILIKE", "A%"]]],
  ["runs", "tags.mlflow.note.content LIKE '%it''s%'", [["tag", "mlflow.note.content", "LIKE", "%it''s%"]]],
  ["runs", "tags.team is not null", [["tag", "team", "IS NOT NULL", null]]],
  ["runs", "params.`key with space` IS NULL", [["parameter", "key with space", "IS NULL", null]]],
  ["runs", "`Run name` = 'a'", [["attribute", "run_name", "=", "a"]]],
  ["runs", "Created > 1700000000000", [["attribute", "start_time", ">", 1_700_000_000_000]]],
  ["runs", "run_id not in ('a', \"b\",)", [["attribute", "run_id", "NOT IN", ["a", "b"]]]],
  ["runs", "datasets.name = 'd'", [["dataset", "name", "=", "d"]]],
  ["experiments", "experiment_id IN ('1', '2')", [["attribute", "experiment_id", "IN", ["1", "2"]]]],
  ["experiments", "tags.a IS NULL", [["tag", "a", "IS NULL", null]]],
  ["registeredModels", "name LIKE '%a'", [["attribute", "name", "LIKE", "%a"]]],
  ["modelVersions", "\u00a0name\u001c=\u2003'a'\u0085", [["attribute", "name", "=", "a"]]],
  ["modelVersions", "version_number = '2'", [["attribute", "version_number", "=", 2]]],
  ["loggedModels", "creation_time > 0", [["attribute", "creation_timestamp_ms", ">", 0]]],
  ["loggedModels", "params.&`lr` = 'x'", [["parameter", "&`lr", "=", "x"]]],
  ["loggedModels", "metrics.a < Infinity", [["metric", "a", "<", Number.POSITIVE_INFINITY]]],
  ["loggedModels", "metrics.a\t= NaN", [["metric", "a", "=", Number.NaN]]],
  ["loggedModels", "metrics.a = 1_000", [["metric", "a", "=", 1_000]]],
  ["loggedModels", "params.lr = '0.1'", [["parameter", "lr", "=", "0.1"]]],
];

for (const [subject, text, expected] of ACCEPTED) {
  test(`a filter of ${subject} is read: ${text || "(empty)"}`, () => {
    const found = conditionsOf(parseFilter(subject, text)).map((c) => [c.entity, c.key, c.comparator, c.value]);
    assert.deepEqual(found, expected);
  });
}

/** Filters that mlflow 3.17.2 refuses, with its sentence (up to the order of a set). */
const REFUSED: [FilterSubject, string, string][] = [
  ["runs", "metrics.rmse > 'abc'", "Expected numeric value type for metric. Found 'abc'"],
  ["runs", "params.alpha > 3", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 3"],
  [
    "runs",
    "foo.bar = 'x'",
    "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
  ],
  ["runs", "metrics.rmse < 1 OR metrics.rmse > 2", "Invalid clause(s) in filter string: 'OR'"],
  ["runs", "metrics.rmse", "Invalid clause(s) in filter string: 'metrics.rmse'"],
  ["runs", "grid-2", "Invalid clause(s) in filter string: 'grid', '-2'"],
  ["runs", "metrics.grid-2 > 3", "Invalid clause(s) in filter string: 'metrics.grid'"],
  ["runs", "(metrics.rmse < 1)", "Invalid clause(s) in filter string: '(metrics.rmse < 1)'"],
  ["runs", "metrics.val-loss < 1", "Invalid comparison clause. Expected 'Identifier' found 'metrics.val-loss'"],
  [
    "runs",
    "params.solver = lbfgs",
    "Parameter value is either not quoted or unidentified quote types used for string value lbfgs. " +
      "Use either single or double quotes.",
  ],
  [
    "runs",
    "status IN ('FAILED')",
    "Only ['run_id'] attributes support comparison with a list of quoted string values.",
  ],
  [
    "runs",
    "run_id IN ()",
    "While parsing a list in the query, expected a non-empty list of string values, but got empty list",
  ],
  ["runs", " ", "Invalid filter ' '. Could not be parsed."],
  ["runs", "metrics.1 = 0", "Invalid clause(s) in filter string: 'metrics'"],
  ["runs", "tags.a IS NOT  NULL", "Invalid clause(s) in filter string: 'tags.a', 'IS', 'NOT  NULL'"],
  ["runs", "tags.a = 'b' -- c", "Invalid clause(s) in filter string: '-- c'"],
  ["runs", "Created > 'a'", "Expected numeric value type for numeric attribute: Created. Found 'a'"],
  ["runs", "run_id = ('a')", "Invalid comparator '=' for the list that 'run_id' is compared with."],
  [
    "runs",
    "run_id IN ('a\nb')",
    "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.",
  ],
  [
    "runs",
    "status IS NULL",
    "IS NULL / IS NOT NULL is only supported for tags and params, not for 'attribute' 'status'",
  ],
  [
    "runs",
    "tags.team == 'a'",
    "Invalid comparator '==' not one of '{'!=', '=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}",
  ],
  [
    "experiments",
    "metrics.a = 1",
    "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')",
  ],
  ["experiments", "experiment_id LIKE '1'", "Invalid comparator for experiment_id: LIKE"],
  ["experiments", "experiment_id = 'a'", "Invalid experiment ID 'a'. Experiment ID must be a valid integer."],
  ["registeredModels", "name > 'x'", "Invalid comparator for attribute: >"],
  ["registeredModels", "foo = 'x'", "Invalid attribute key 'foo' specified. Valid keys are '{'name'}'"],
  ["modelVersions", "tags.a NOT LIKE 'x'", "Invalid comparator for tag: NOT LIKE"],
  [
    "loggedModels",
    "metrics.a LIKE 1",
    "Invalid comparison operator for metrics.a: 'LIKE'. Expected one of ('>', '>=', '!=', '=', '<', '<=').",
  ],
];

for (const [subject, text, message] of REFUSED) {
  test(`a filter of ${subject} is refused: ${text}`, () => {
    assert.throws(
      () => parseFilter(subject, text),
      (error) => {
        assert.ok(error instanceof MlflowError);
        assert.equal(error.error_code, "INVALID_PARAMETER_VALUE");
        assert.equal(error.message, message);
        return true;
      },
    );
  });
}

test("a problem says where it is", () => {
  const problem = filterProblem("runs", "metrics.a > 1 AND params.b = 2");
  assert.deepEqual([problem?.start, problem?.end], [29, 30]);
  assert.equal(filterProblem("runs", "metrics.a > 1"), undefined);
  const second = filterProblem("runs", "metrics.a > 1 ; metrics.b > 1");
  assert.deepEqual([second?.start, second?.end], [14, 29]);
});

test("the extended grammar joins by OR and parentheses, AND first", () => {
  const tree = parseFilter("runs", "metrics.a > 1 OR (metrics.b < 2 OR tags.c = 'd') AND params.e = 'f'", {
    extended: true,
  });
  assert.deepEqual(shape(tree), ["or", "a", ["and", ["or", "b", "c"], "e"]]);
  assert.throws(() => parseFilter("runs", "metrics.a > 1 metrics.b < 2", { extended: true }), /metrics\.b/);
  const problem = filterProblem("runs", "metrics.a > 1 AND (params.b = 2)", { extended: true });
  assert.deepEqual([problem?.start, problem?.end], [30, 31]);
});

/** Filters of one piece many times over, which once took minutes. */
const LONG: [piece: string, times: number][] = [
  ["(", 20_000],
  ["a NOT LIKE (, ", 5_000],
  ["('", 20_000],
  ["metrics.a IN ('b', ", 5_000],
  ["`(", 20_000],
  ["metrics.a > AND ", 5_000],
  ["'\\", 20_000],
  ["-1.", 20_000],
];

for (const [piece, times] of LONG) {
  test(`a filter of ${times} times ${piece} is read or refused soon`, () => {
    const begun = process.cpuUsage();
    for (const subject of ["runs", "loggedModels"] as const) {
      assert.ok(filterProblem(subject, piece.repeat(times))?.message);
    }
    const { user } = process.cpuUsage(begun);
    assert.ok(user < 1_000_000, `${user} µs`);
  });
}

test("NOT before a condition is no word of MLflow's", () => {
  const text = "metrics.a > 1 AND NOT params.b = '2'";
  const problem = filterProblem("runs", text, { extended: true });
  assert.match(problem?.message ?? "", /NOT only in NOT IN and IS NOT NULL/);
  assert.equal(text.slice(problem?.start, problem?.end), "NOT");
});

test("spaces alone are no filter where the grammar is extended", () => {
  assert.deepEqual(parseFilter("runs", "  ", { extended: true }).terms, []);
});

test("whatever a text is, its problem lies within it", () => {
  fc.assert(fc.property(filters, problemLiesWithin), { numRuns: 1_000, seed: 4711 });
});

test("parentheses in parentheses in parentheses are refused", () => {
  const deep = "(".repeat(5_000) + "metrics.a > 1" + ")".repeat(5_000);
  const problem = filterProblem("runs", deep, { extended: true });
  assert.equal(problem?.message, "More than 50 parentheses stand in one another.");
});

function shape(tree: FilterTree): unknown {
  return tree.kind === "condition" ? tree.key : [tree.kind, ...tree.terms.map(shape)];
}

const ORDERS: [Parameters<typeof parseOrderBy>[0], string, unknown[] | string][] = [
  ["runs", "metrics.rmse", ["metric", "rmse", true]],
  ["runs", "metric.`val/auc` DESC", ["metric", "val/auc", false]],
  ["runs", "attributes.`Created` asc", ["attribute", "start_time", true]],
  ["runs", "metrics.m-1 asc", ["metric", "m-1", true]],
  ["runs", "metrics.1 DESC", ["metric", "1", false]],
  ["runs", "`metrics.a b` asc", ["metric", "a b", true]],
  ["runs", "metrics.1", "Could not be parsed."],
  ["runs", "params.Case DESC", "Could not be parsed."],
  ["runs", "`status`DESC", "Invalid attribute key '`status`DESC'"],
  ["runs", "metrics.rmse UP", "Invalid ordering key in order_by clause 'metrics.rmse UP'."],
  ["runs", "metrics.rmse ASC, params.fold", "Could not be parsed."],
  ["runs", "attributes.`Run name` DESC", "Invalid attribute key 'Run name'"],
  ["experiments", "tags.a", "Invalid order_by entity: tag"],
  ["registeredModels", "timestamp DESC", ["attribute", "timestamp", false]],
  ["registeredModels", "creation_timestamp", "Invalid order by key 'creation_timestamp' specified."],
  ["modelVersions", "version_number DESC", ["attribute", "version_number", false]],
];

for (const [subject, clause, expected] of ORDERS) {
  test(`an order_by clause of ${subject} is ${typeof expected === "string" ? "refused" : "read"}: ${clause}`, () => {
    if (typeof expected === "string") {
      assert.throws(
        () => parseOrderBy(subject, clause),
        (error) => error instanceof MlflowError && error.message.includes(expected),
      );
    } else {
      const { entity, key, ascending } = parseOrderBy(subject, clause);
      assert.deepEqual([entity, key, ascending], expected);
    }
  });
}

test("logged models are ordered by a column or a metric", () => {
  const byMetric = { entity: "metric", key: "a.b", ascending: true, dataset_name: "d" };
  assert.deepEqual(parseLoggedModelOrderBy({ field_name: "metrics.a.b", dataset_name: "d" }), byMetric);
  const byTime = { entity: "attribute", key: "creation_timestamp_ms", ascending: false };
  assert.deepEqual(parseLoggedModelOrderBy({ field_name: "creation_time", ascending: false }), byTime);
  assert.throws(() => parseLoggedModelOrderBy({ field_name: "params.a" }), /Only metrics are supported/);
});

test("a text that is written as a value is read as that text, and one with both kinds of quotes cannot be written", () => {
  for (const text of ["plain", "it's", 'the "best"', "a `b` \\ c", "%_", ""]) {
    const tree = parseFilter("runs", `tags.k = ${textValue(text) ?? assert.fail(text)}`);
    assert.deepEqual(
      conditionsOf(tree).map(({ value }) => value),
      [text],
    );
  }
  assert.equal(textValue(`it's "best"`), undefined);
});
