import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkParams } from "../../src/mlflow/signature/checkParams.ts";
import { checkTable } from "../../src/mlflow/signature/checkTable.ts";
import { checkTensor } from "../../src/mlflow/signature/checkTensor.ts";
import { isObject, printJson, readJson } from "../../src/mlflow/signature/json.ts";
import type { Json } from "../../src/mlflow/signature/json.ts";
import { readSignature } from "../../src/mlflow/signature/read.ts";
import { formProblem, printRequest, REQUEST_FORMS, valuesProblem } from "../../src/mlflow/signature/requests.ts";
import type { ModelInput, RequestForm } from "../../src/mlflow/signature/requests.ts";
import type { TensorSpec } from "../../src/mlflow/signature/types.ts";
import { findPython, root, skipWithout } from "../support/environment.ts";
import { clientEnvironment } from "../support/python.ts";
import { randomFrom } from "../support/random.ts";
import type { Random } from "../support/random.ts";

// Our check of rows, tensors and params against a signature, beside MLflow's own parsing and `_enforce_schema`, over seeded cases:
// what ours takes, MLflow takes and leaves as it is; what ours refuses, MLflow refuses or changes.

const python = findPython();
const skip = skipWithout(python, "Python with mlflow 3.17.2");
const COUNT = Number(process.env["FLOWDECK_CASES"] ?? "400");

interface Case {
  inputs: string;
  form: RequestForm;
  body: string;
  /** Values as they were sent, and the names of their columns. */
  sent: string;
  names: (string | null)[];
}

interface Answer {
  taken: boolean;
  same?: boolean;
  error?: string;
  repr?: string;
}

function ask(cases: object[]): Answer[] {
  const output = execFileSync(python ?? "", [join(root, "test/conformance/python/enforceSchema.py")], {
    input: cases.map((each) => JSON.stringify(each)).join("\n"),
    encoding: "utf8",
    env: clientEnvironment(""),
    maxBuffer: 1 << 28,
  });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}

const PLAIN = ["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"];
const POOL = [
  ...[
    "true",
    "false",
    "null",
    "0",
    "1",
    "-3",
    "7",
    "3000000000",
    "-2147483648",
    "9007199254740993",
    "9223372036854775807",
  ],
  ...[
    "9223372036854775808",
    "1.0",
    "0.5",
    "1e39",
    "1e-7",
    "NaN",
    "-Infinity",
    '""',
    '"7"',
    '"7.5"',
    '"red"',
    '"true"',
    '"false"',
  ],
  ...[
    '"aGVsbG8="',
    '"aGVsbG8"',
    '"2026-11-26"',
    '"2026-11-26T14:05:00"',
    '"2026-11-26 14:05"',
    '"2026-02-30"',
    '"2026-11-26T14:05:00.123456"',
  ],
  ...['"2026-11-26T14:05:00Z"', '"1500-01-01"', '"nan"', "[]", "[1, 2]", '["a"]', "{}", '{"a": 1}'],
].map(readJson);

/** Values that a type is likely to take. */
const LIKELY: Record<string, Json[]> = {
  boolean: [true, false],
  integer: [0n, 1n, -3n, 7n, 2147483647n, 1],
  long: [0n, 1n, -3n, 9007199254740993n, 7, "12"],
  float: [0.5, 1n, 7n, -0.25, null, "7.5"],
  double: [0.5, 1n, 7n, 1e300, null, "7.5", Number.NaN],
  string: ["red", "", "white wine", "NA", "a,b"],
  binary: ["aGVsbG8=", "", "AAECAwQ="],
  datetime: ["2026-11-26", "2026-11-26T14:05:00", "2026-11-26 14:05:00.5", null],
};

function randomType(random: Random, depth: number): Record<string, Json> {
  if (depth > 2 || random.next() < 0.65) return { type: random.pick(PLAIN) };
  switch (random.pick(["array", "object", "map", "any"])) {
    case "array":
      return { type: "array", items: randomType(random, depth + 1) };
    case "map":
      return { type: "map", values: randomType(random, depth + 1) };
    case "object": {
      const names = ["a", "b", "c"].slice(0, 1 + random.below(3));
      const properties = names.map((name) => [
        name,
        { ...randomType(random, depth + 1), required: random.next() < 0.6 },
      ]);
      return { type: "object", properties: Object.fromEntries(properties) as Record<string, Json> };
    }
    default:
      return { type: "any" };
  }
}

function randomValue(random: Random, type: Record<string, Json>): Json {
  if (random.next() < 0.08) return random.pick(POOL);
  const many = <T>(make: () => T): T[] => Array.from({ length: random.below(4) }, make);
  switch (type["type"]) {
    case "array":
      return many(() => randomValue(random, type["items"] as Record<string, Json>));
    case "map":
      return Object.fromEntries(
        many(() => [random.pick(["x", "y", "z"]), randomValue(random, type["values"] as Record<string, Json>)]),
      );
    case "object":
      return Object.fromEntries(
        Object.entries(type["properties"] as Record<string, Record<string, Json>>).flatMap(([name, property]) =>
          random.next() < 0.15 ? [] : [[name, randomValue(random, property)]],
        ),
      );
    case "any":
      return random.pick(POOL);
    default:
      return random.pick(LIKELY[typeof type["type"] === "string" ? type["type"] : ""] ?? POOL);
  }
}

/** Beside numbers, it is whatever pandas makes of the column. */
function isOpen(type: Record<string, Json>): boolean {
  return type["type"] === "any";
}

/** In lists MLflow's pandas takes dates by its own version: 2 does, 3 does not. */
function hasNestedDate(type: Record<string, Json>): boolean {
  const text = printJson(type);
  return type["type"] !== "datetime" && text.includes('"datetime"');
}

describe("rows are checked as MLflow checks them", { skip }, () => {
  if (skip !== false) return;
  const random = randomFrom(20261126);
  const ours: { problems: string[]; case: Case; shown: string }[] = [];
  const count = COUNT;
  while (ours.length < count) {
    const isNamed = random.next() < 0.85;
    const columns = Array.from({ length: 1 + random.below(3) }, (_, i) => ({
      ...randomType(random, 0),
      ...(isNamed ? { name: `col ${i}` } : {}),
      required: isNamed ? random.next() < 0.7 : true,
    }));
    if (columns.some(hasNestedDate) || (columns.some(isOpen) && random.next() < 0.7)) continue;
    const inputs = printJson(columns);
    const schema = readSignature({ inputs }).inputs;
    assert.equal(schema?.kind, "columns");
    const given = columns.filter(() => random.next() > 0.05);
    const names = given.map((column) => ("name" in column ? String(column.name) : ""));
    if (isNamed && random.next() < 0.1) names.push("other");
    const rows = Array.from({ length: 1 + random.below(3) }, () =>
      names.map((_, i) => {
        const column = given[i];
        return column === undefined
          ? random.pick(POOL)
          : column.required || random.next() < 0.7
            ? randomValue(random, column)
            : null;
      }),
    );
    const checked = checkTable(schema.columns, { ...(isNamed ? { columns: names } : {}), rows });
    const problems = checked.problems.map(({ text }) => text);
    const table = problems.length === 0 ? checked.table : { ...(isNamed ? { columns: names } : {}), rows };
    const input: ModelInput = { kind: "table", table };
    const able = REQUEST_FORMS.filter((form) => formProblem(form, schema.columns) === undefined);
    const form = problems.length > 0 ? "dataframe_split" : random.pick(able);
    if (valuesProblem(form, { input, params: {} }, schema) !== undefined) continue;
    if (table.rows[0]?.length === 0) continue;
    // MLflow looks for its places as numbers among names that are texts, and takes nested ones for optional once.
    const isNested = (type: object) => !("type" in type) || !PLAIN.includes(String(type.type));
    if (!isNamed && columns.some(isNested) && /NaN|null/.test(printJson(rows))) continue;
    // pandas keeps objects in a column of texts; to us they are no texts.
    const holdsObjects = (i: number) => rows.some((row) => isObject(row[i]) || Array.isArray(row[i]));
    if (given.some((column, i) => "type" in column && column.type === "string" && holdsObjects(i))) continue;
    const { body } = printRequest(form, { input, params: {} });
    const sent = printJson(table.rows);
    const known = (table.columns ?? table.rows[0] ?? [])
      .map((name) => (isNamed && typeof name === "string" ? name : null))
      .filter((name) => name !== "other");
    ours.push({ problems, case: { inputs, form, body, sent, names: known }, shown: `${inputs} ${form} ${body}` });
  }
  const theirs = ask(ours.map((each) => each.case));
  const wrong: string[] = [];
  let taken = 0;
  for (const [i, { problems, shown }] of ours.entries()) {
    const answer = theirs[i];
    if (problems.length === 0) {
      taken += 1;
      if (answer?.taken !== true) wrong.push(`MLflow refuses what we take: ${shown}\n   ${answer?.error}`);
      else if (answer.same !== true && !shown.includes('"any"'))
        wrong.push(`MLflow changes what we take: ${shown}\n   ${answer.repr}`);
    } else if (answer?.taken === true && answer.same === true) {
      wrong.push(`we refuse what MLflow takes: ${shown}\n   ${problems.join(" ")}`);
    }
  }
  test("what ours takes MLflow takes as it is, what ours refuses it refuses or changes", () => {
    assert.equal(wrong.slice(0, 20).join("\n"), "", `${wrong.length} of ${ours.length}`);
    assert.ok(taken > count / 5 && taken < count * 0.95, `${taken} of ${count} were taken`);
  });
});

describe("tensors are checked as MLflow checks them", { skip }, () => {
  if (skip !== false) return;
  const random = randomFrom(7);
  const DTYPES = [
    "float32",
    "float64",
    "float16",
    "int8",
    "int32",
    "int64",
    "uint8",
    "uint64",
    "bool",
    "str",
    "object",
  ];
  const POOL_OF = (dtype: string): Json[] =>
    dtype.startsWith("float")
      ? [0.5, 1n, -2, null, Number.NaN]
      : dtype.includes("int")
        ? [0n, 1n, 127n, 2]
        : dtype === "bool"
          ? [true, false]
          : ["a", "bc"];
  const odd: Json[] = [1.5, 300n, -1n, "x", true, null, 70_000n, 1e39, [1n]];
  const cases = Array.from({ length: COUNT }, () => {
    const dtype = random.pick(DTYPES);
    const shape = random.pick([[-1], [-1, 2], [2, 2], [-1, -1], [-1, 2, 3]]);
    const lengths = shape.map((length) => (length === -1 || random.next() < 0.05 ? 1 + random.below(3) : length));
    const make = (depth: number): Json => {
      if (depth === lengths.length) return random.next() < 0.05 ? random.pick(odd) : random.pick(POOL_OF(dtype));
      const length = random.next() < 0.02 ? 4 : (lengths[depth] ?? 1);
      return Array.from({ length }, () => make(depth + 1));
    };
    const name = random.next() < 0.5 ? { name: "x" } : {};
    const inputs = printJson([{ ...name, type: "tensor", "tensor-spec": { dtype, shape: shape.map(BigInt) } }]);
    const schema = readSignature({ inputs }).inputs;
    const [spec]: TensorSpec[] = schema?.kind === "tensors" ? schema.tensors : [];
    assert.ok(spec);
    const value = make(0);
    const checked = checkTensor(value, spec);
    const problem = "problem" in checked ? checked.problem : undefined;
    const tensor = "problem" in checked ? value : checked.value;
    const tensors: Json = spec.name === undefined ? tensor : { [spec.name]: tensor };
    const form = dtype === "object" ? "inputs" : random.pick(["inputs", "instances"] as const);
    const { body } = printRequest(problem === undefined ? form : "inputs", {
      input: { kind: "tensors", tensors },
      params: {},
    });
    return { problem, case: { inputs, form, body, sent: printJson(tensors), names: [] }, shown: `${inputs} ${body}` };
  });
  const theirs = ask(cases.map((each) => each.case));
  const wrong = cases.flatMap(({ problem, shown }, i) => {
    const answer = theirs[i];
    if (problem !== undefined)
      return answer?.taken === true && answer.same === true ? [`we refuse: ${shown}\n  ${problem}`] : [];
    return answer?.taken === true && answer.same === true
      ? []
      : [`we take: ${shown}\n  ${answer?.error ?? answer?.repr}`];
  });
  test("what ours takes MLflow takes as it is, what ours refuses it refuses or changes", () => {
    assert.equal(wrong.slice(0, 20).join("\n"), "", `${wrong.length} of ${cases.length}`);
    const refused = cases.filter(({ problem }) => problem !== undefined).length;
    assert.ok(refused > COUNT / 10 && refused < COUNT * 0.9, `${refused} refused`);
  });
});

describe("params are checked as MLflow checks them", { skip }, () => {
  if (skip !== false) return;
  const random = randomFrom(11);
  const DEFAULTS: Record<string, string> = {
    boolean: "true",
    integer: "1",
    long: "1",
    float: "0.5",
    double: "0.5",
    string: '"a"',
    datetime: '"2026-11-26"',
  };
  const cases = Array.from({ length: COUNT }, () => {
    const type = random.pick(Object.keys(DEFAULTS));
    const isList = random.next() < 0.3;
    const plain = DEFAULTS[type] ?? "null";
    const params_schema = `[{"name": "p", "type": "${type}", "default": ${isList ? `[${plain}]` : plain}, "shape": ${isList ? "[-1]" : "null"}}]`;
    const { params: specs } = readSignature({ params: params_schema });
    const one = (): Json => (random.next() < 0.4 ? random.pick(POOL) : random.pick(LIKELY[type] ?? POOL));
    const value = isList && random.next() < 0.9 ? Array.from({ length: 1 + random.below(2) }, one) : one();
    const given = { p: value };
    const checked = checkParams(specs, given);
    const problem = checked.problems[0]?.text;
    const params = printJson(problem === undefined ? checked.params : given);
    return { problem, case: { params_schema, params }, shown: `${params_schema} ${params}`, value };
  });
  const theirs = ask(cases.map((each) => each.case));
  const wrong = cases.flatMap(({ problem, shown, value }, i) => {
    if ((problem === undefined) === theirs[i]?.taken) return [];
    // numpy reads dates of any year and with a zone, and makes lists of lists and objects.
    if (problem !== undefined && shown.includes("datetime")) return [];
    if (isObject(value)) return [];
    return [`${problem === undefined ? "we take" : "we refuse"}: ${shown}\n  ${problem ?? theirs[i]?.error}`];
  });
  test("what ours takes MLflow takes, what ours refuses it refuses", () => {
    assert.equal(wrong.slice(0, 20).join("\n"), "", `${wrong.length} of ${cases.length}`);
  });
});
