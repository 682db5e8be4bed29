import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { checkParams, readParam } from "../../../src/mlflow/signature/checkParams.ts";
import { checkTable } from "../../../src/mlflow/signature/checkTable.ts";
import { checkTensor } from "../../../src/mlflow/signature/checkTensor.ts";
import { fieldText, readField } from "../../../src/mlflow/signature/fields.ts";
import { readJson } from "../../../src/mlflow/signature/json.ts";
import type { ColumnSpec, DataType, ParamSpec, ValueType } from "../../../src/mlflow/signature/types.ts";

const list = (type: DataType): ValueType => ({ type: "array", items: { type } });
const place: ValueType = {
  type: "object",
  properties: [
    { name: "city", value: { type: "string" }, required: true },
    { name: "zip", value: { type: "long" }, required: false },
  ],
};

const FIELDS: [type: DataType | ValueType, text: string, read: unknown][] = [
  ["long", "11", 11n],
  ["long", " 9007199254740993 ", 9007199254740993n],
  ["long", "11.0", 11n],
  ["long", "eleven", "free_so2 takes a whole number, such as 11."],
  ["long", "1.5", "free_so2 takes a whole number, such as 11."],
  ["long", "", "free_so2 is required."],
  ["long", "9223372036854775808", "free_so2 takes a whole number from -9223372036854775808 to 9223372036854775807."],
  ["integer", "2147483648", "free_so2 takes a whole number from -2147483648 to 2147483647."],
  ["double", "7.4", 7.4],
  ["double", "7", 7],
  ["double", "1e-3", 0.001],
  ["double", "-inf", Number.NEGATIVE_INFINITY],
  ["double", "7,4", "free_so2 takes a number with a point, such as 7.4."],
  ["double", "much", "free_so2 takes a number, such as 0.5."],
  ["float", "1e39", "free_so2 takes a number up to 3.4e38."],
  ["boolean", "True", true],
  ["boolean", "yes", "free_so2 takes true or false."],
  ["string", "", ""],
  ["string", "  white", "  white"],
  ["binary", "aGVsbG8=", "aGVsbG8="],
  ["binary", "hello", "free_so2 takes bytes in Base64, such as aGVsbG8=."],
  ["datetime", "2026-11-26", "2026-11-26"],
  ["datetime", "2026-11-26 14:05", "2026-11-26 14:05"],
  ["datetime", "2026-02-30", "free_so2 takes a date, such as 2026-11-26 or 2026-11-26T14:05:00."],
  ["datetime", "2026-11-26T14:05:00Z", "free_so2 takes a date without a zone, such as 2026-11-26T14:05:00."],
  ["datetime", "1500-01-01", "free_so2 takes a date from 1677 to 2262."],
  [list("double"), "[1, 2.5]", [1, 2.5]],
  [list("double"), "1, 2", "free_so2 takes a list, such as [0.5]."],
  [list("long"), "[1, 2.5]", "free_so2[1] takes a whole number, such as 11."],
  [
    list("float"),
    "[0.5]",
    "free_so2[0] is a float within a list or object, which MLflow's scoring server takes from no JSON; log the model with double there.",
  ],
  [place, '{"city": "Oslo"}', { city: "Oslo" }],
  [place, '{"zip": 1}', "free_so2.city is required."],
  [place, '{"city": "Oslo", "zip": "x"}', "free_so2.zip takes a whole number, such as 11."],
  [place, '{"city": "Oslo", "land": "NO"}', "free_so2 has land, which the signature does not; it knows city, zip."],
  [{ type: "map", values: { type: "double" } }, '{"a": 1}', { a: 1 }],
  [{ type: "any" }, "red", "red"],
  [{ type: "any" }, '"1"', "1"],
  [{ type: "any" }, "[1]", [1n]],
];

for (const [type, text, expected] of FIELDS) {
  const value = typeof type === "string" ? { type } : type;
  test(`a field of ${value.type} reads ${JSON.stringify(text)}`, () => {
    const read = readField(text, { name: "free_so2", value, required: true });
    deepEqual("problem" in read ? read.problem : read.value, expected);
  });
}

test("nothing in an optional field is not given", () => {
  deepEqual(readField(" ", { name: "a", value: { type: "long" }, required: false }), { value: null });
});

test("what a field shows is read as the same value", () => {
  const cases: [ValueType, unknown][] = [
    [{ type: "any" }, "1"],
    [{ type: "any" }, "red"],
    [{ type: "string" }, "1"],
    [{ type: "double" }, 0.1],
    [list("string"), ["a", "b"]],
  ];
  for (const [value, json] of cases) {
    const text = fieldText(json as never, value);
    deepEqual(readField(text, { name: "a", value, required: true }), { value: json });
  }
});

const column = (name: string, type: DataType, required = true): ColumnSpec => ({ name, value: { type }, required });

test("a table is put into the signature's order, with what is missing and what is unknown", () => {
  const specs = [column("a", "double"), column("b", "long"), column("c", "string", false)];
  const checked = checkTable(specs, {
    columns: ["b", "x", "a", "c"],
    rows: [
      [1n, 0n, "2", null],
      ["3", 0n, 4n, null],
    ],
  });
  deepEqual(checked, {
    table: {
      columns: ["a", "b"],
      rows: [
        [2, 1n],
        [4, 3n],
      ],
    },
    problems: [],
    notes: ["The model does not know x, which is left out."],
  });
  deepEqual(checkTable(specs, { columns: ["b"], rows: [[1n]] }).problems, [
    { column: "a", text: "a is missing; the model needs it." },
  ]);
  deepEqual(
    checkTable(specs, {
      columns: ["a", "b"],
      rows: [
        [1n, 1n],
        [1n, "eleven"],
      ],
    }).problems,
    [{ row: 1, column: "b", text: "b takes a whole number, such as 11." }],
  );
});

test("whole numbers that some rows have are refused, as pandas has no nothing among them", () => {
  deepEqual(checkTable([column("a", "long", false)], { columns: ["a"], rows: [[1n], [null]] }).problems, [
    { row: 1, column: "a", text: "a takes a value in every row, or in none." },
  ]);
});

test("dates of several forms are sent in one, which pandas wants of a column", () => {
  const { table } = checkTable([column("a", "datetime")], {
    columns: ["a"],
    rows: [["2026-11-26"], ["2026-11-26 14:05"]],
  });
  deepEqual(table.rows, [["2026-11-26T00:00:00.000000000"], ["2026-11-26T14:05:00.000000000"]]);
});

test("columns without names are counted", () => {
  const specs: ColumnSpec[] = [
    { value: { type: "double" }, required: true },
    { value: { type: "double" }, required: true },
  ];
  deepEqual(checkTable(specs, { rows: [[1n]] }).problems[0]?.text, "The model takes 2 columns, and the rows have 1.");
  deepEqual(checkTable(specs, { rows: [[1n, 2n, 3n]] }).table, { rows: [[1, 2]] });
});

const TENSORS: [dtype: string, shape: number[], text: string, expected: unknown][] = [
  [
    "float32",
    [-1, 2],
    "[[1, 2], [3, 4.5]]",
    [
      [1, 2],
      [3, 4.5],
    ],
  ],
  ["float32", [-1, 2], "[[1, 2, 3]]", "image takes the shape (-1, 2), and this is (1, 3)."],
  ["float32", [-1, 2], "[[1, 2], [3]]", "image takes lists of one length on each level, for float32 (-1, 2)."],
  ["float32", [-1], '[1, "x"]', "image[1] takes a float32, and this is text."],
  ["uint8", [-1], "[255, 256]", "image[1] takes a uint8, and this is a whole number."],
  ["int64", [-1], "[1.5]", "image[0] takes a int64, and this is a number."],
  ["bool", [-1], "[true, 1]", "image[1] takes a bool, and this is a whole number."],
  ["object", [-1], '[1, "x", [2]]', [1n, "x", [2n]]],
];

for (const [dtype, shape, text, expected] of TENSORS) {
  test(`a tensor ${dtype} (${shape.join(", ")}) takes or refuses ${text}`, () => {
    const checked = checkTensor(readJson(text), { name: "image", dtype, shape });
    deepEqual("problem" in checked ? checked.problem : checked.value, expected);
  });
}

const param = (type: DataType, shape?: [-1]): ParamSpec => ({
  name: "digits",
  value: { type },
  default: "2",
  ...(shape === undefined ? {} : { shape }),
});

const PARAMS: [ParamSpec, text: string, expected: unknown][] = [
  [param("long"), "", undefined],
  [param("long"), "3", 3n],
  [param("long"), "3.5", "digits takes a whole number, such as 11."],
  [param("double"), "3", 3],
  [param("string"), " half up ", " half up "],
  [param("boolean"), "true", true],
  [param("double", [-1]), "[1, 0.5]", [1, 0.5]],
  [param("double", [-1]), "1", "digits takes a list, such as [1, 2]."],
  [param("datetime"), "today", "digits takes a date, such as 2026-11-26 or 2026-11-26T14:05:00."],
];

for (const [spec, text, expected] of PARAMS) {
  test(`a param of ${spec.value.type}${spec.shape === undefined ? "" : "s"} reads ${JSON.stringify(text)}`, () => {
    const read = readParam(text, spec);
    deepEqual(read === undefined ? undefined : "problem" in read ? read.problem : read.value, expected);
  });
}

test("params that the model does not know are told of, for MLflow only logs it", () => {
  deepEqual(checkParams([param("long")], { digits: 1n, depth: 2n }).notes, [
    "The model has no param depth, which would be ignored.",
  ]);
  deepEqual(checkParams(undefined, { depth: 2n }).notes, ["The model takes no params, so depth would be ignored."]);
});
