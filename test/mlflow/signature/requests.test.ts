import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { readInputExample, readServingExample } from "../../../src/mlflow/signature/examples.ts";
import type { ExampleInfo } from "../../../src/mlflow/signature/examples.ts";
import { printJson } from "../../../src/mlflow/signature/json.ts";
import { readSignature } from "../../../src/mlflow/signature/read.ts";
import { OLD_RECORDS, OLD_SPLIT, recognise } from "../../../src/mlflow/signature/recognise.ts";
import {
  formProblem,
  formsOf,
  printRequest,
  REQUEST_FORMS,
  valuesProblem,
} from "../../../src/mlflow/signature/requests.ts";
import type { ModelInput, RequestForm } from "../../../src/mlflow/signature/requests.ts";
import type { Signature } from "../../../src/mlflow/signature/types.ts";

const wine = readSignature({
  inputs: '[{"name": "acid", "type": "double"}, {"name": "sugar", "type": "long"}]',
  params: '[{"name": "digits", "type": "long", "default": 2, "shape": null}]',
});
const image = readSignature({ inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]' });
const pair = readSignature({
  inputs:
    '[{"name": "a", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}, {"name": "b", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]',
});
const unnamed = readSignature({ inputs: '[{"type": "double"}]' });

/** What is asked, in one line. */
function shown(input: ModelInput): string {
  if (input.kind === "tensors") return `tensors ${printJson(input.tensors)}`;
  if (input.kind === "body") return `body ${printJson(input.body)}`;
  return `${input.table.columns?.join() ?? "unnamed"} ${printJson(input.table.rows)}`;
}

const ROWS = "acid,sugar [[7.4,2],[7.8,3]]";
const RECORDS = '[{"acid": 7.4, "sugar": 2}, {"acid": 7.8, "sugar": 3}]';
const SPLIT = '{"columns": ["acid", "sugar"], "data": [[7.4, 2], [7.8, 3]]}';

const TEXTS: [
  what: string,
  text: string,
  signature: Signature | undefined,
  expected: string,
  form: RequestForm | undefined,
  said?: string,
][] = [
  ["dataframe_split", `{"dataframe_split": ${SPLIT}}`, wine, ROWS, "dataframe_split"],
  [
    "dataframe_split with an index",
    '{"dataframe_split": {"index": [5], "columns": ["acid"], "data": [[1]]}}',
    wine,
    "acid [[1]]",
    "dataframe_split",
  ],
  ["dataframe_records", `{"dataframe_records": ${RECORDS}}`, wine, ROWS, "dataframe_records"],
  [
    "records that differ",
    '{"dataframe_records": [{"acid": 1}, {"sugar": 2}]}',
    wine,
    "acid,sugar [[1,null],[null,2]]",
    "dataframe_records",
  ],
  ["inputs by name", '{"inputs": {"acid": [7.4, 7.8], "sugar": [2, 3]}}', wine, ROWS, "inputs"],
  ["inputs as records", `{"inputs": ${RECORDS}}`, wine, ROWS, "inputs"],
  ["instances", `{"instances": ${RECORDS}}`, wine, ROWS, "instances"],
  ["a tensor", '{"inputs": [[1, 2]]}', image, "tensors [[1,2]]", "inputs"],
  [
    "instances of named tensors",
    '{"instances": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}',
    pair,
    'tensors {"a":[1,3],"b":[2,4]}',
    "instances",
  ],
  ["values without names", '{"inputs": [1, 2.5]}', unnamed, "unnamed [[1],[2.5]]", "inputs"],
  ["inputs without a signature", '{"inputs": [[1]]}', undefined, 'body {"inputs":[[1]]}', "inputs"],
  ["chat messages", '{"messages": [{"role": "user"}]}', undefined, 'body {"messages":[{"role":"user"}]}', undefined],
  ["CSV", "acid,sugar\n7.4,2\n7.8,3\n", wine, 'acid,sugar [["7.4","2"],["7.8","3"]]', "csv"],
  [
    "CSV with quotes",
    '"acid","su,gar"\r\n"7.4","a ""b""\n c"\r\n',
    wine,
    'acid,su,gar [["7.4","a \\"b\\"\\n c"]]',
    "csv",
  ],
  [
    "cells of a spreadsheet",
    "acid\tsugar\n7.4\t\n",
    wine,
    'acid,sugar [["7.4",null]]',
    undefined,
    "The columns are separated by tabs.",
  ],
  ["the tutorial's old form", SPLIT, wine, ROWS, undefined, OLD_SPLIT],
  ["the tutorial's old form without a signature", SPLIT, undefined, ROWS, undefined, OLD_SPLIT],
  ["the older list of records", RECORDS, wine, ROWS, undefined, OLD_RECORDS],
  [
    "a list by itself",
    "[[1, 2]]",
    image,
    "tensors [[1,2]]",
    undefined,
    "This is a list by itself; it is sent as inputs.",
  ],
  [
    "one row by itself",
    '{"acid": 1, "sugar": 2}',
    wine,
    "acid,sugar [[1,2]]",
    undefined,
    "This is one row by itself; it is sent as dataframe_split.",
  ],
];

for (const [what, text, signature, expected, form, said] of TEXTS) {
  test(`a text is recognised: ${what}`, () => {
    const read = recognise(text, signature);
    if ("problem" in read) throw new Error(read.problem);
    deepEqual([shown(read.input), read.form, read.said], [expected, form, said]);
  });
}

test("params come with any form", () => {
  const read = recognise(`{"params": {"digits": 3}, "columns": ["acid"], "data": [[1]]}`, wine);
  deepEqual("problem" in read ? read : read.params, { digits: 3n });
});

const WRONG: [text: string, problem: string][] = [
  ["", "There is nothing to send yet."],
  ['{"inputs": 1', "This is not JSON: `,` or `}` is missing, in line 1 at 13."],
  ['{"inputs": [1], "instances": [1]}', "A request has one of inputs and instances, not both."],
  ['{"rows": []}', "A request has one of dataframe_split, dataframe_records, inputs, instances, and this has rows."],
  ['{"dataframe_split": {"columns": ["a", "b"], "data": [[1]]}}', "Row 1 has 1 values for 2 columns."],
  ['{"dataframe_split": {"rows": []}}', "dataframe_split takes columns, data and index, and this has rows."],
  ['{"dataframe_records": {"a": 1}}', "dataframe_records takes a list of objects, one a row."],
  ["hello", "This is neither JSON nor CSV with a line of column names and rows below it."],
  ["a,b\n1,2,3\n", "Row 1 has 3 values for 2 columns."],
];

for (const [text, problem] of WRONG) {
  test(`what is no request is told: ${text}`, () => deepEqual(recognise(text, undefined), { problem }));
}

const table: ModelInput = {
  kind: "table",
  table: {
    columns: ["acid", "sugar"],
    rows: [
      [7, 2n],
      [Number.NaN, 3n],
    ],
  },
};

const PRINTED: [RequestForm, string][] = [
  [
    "dataframe_split",
    '{"dataframe_split":{"columns":["acid","sugar"],"data":[[7.0,2],[NaN,3]]},"params":{"digits":3}}',
  ],
  ["dataframe_records", '{"dataframe_records":[{"acid":7.0,"sugar":2},{"acid":NaN,"sugar":3}],"params":{"digits":3}}'],
  ["inputs", '{"inputs":[{"acid":7.0,"sugar":2},{"acid":NaN,"sugar":3}],"params":{"digits":3}}'],
  ["instances", '{"instances":[{"acid":7.0,"sugar":2},{"acid":NaN,"sugar":3}],"params":{"digits":3}}'],
  ["csv", "acid,sugar\n7.0,2\nNaN,3\n"],
];

for (const [form, body] of PRINTED) {
  test(`rows are printed as ${form}`, () =>
    equal(printRequest(form, { input: table, params: { digits: 3n } }).body, body));
}

test("named tensors are printed as instances one object a row", () => {
  const tensors: ModelInput = { kind: "tensors", tensors: { a: [1n, 2n], b: [3n, 4n] } };
  equal(printRequest("instances", { input: tensors, params: {} }).body, '{"instances":[{"a":1,"b":3},{"a":2,"b":4}]}');
});

test("a form that cannot carry what the signature has is not offered, and says why", () => {
  const nested = readSignature({
    inputs: '[{"name": "tags", "type": "array", "items": {"type": "string"}}, {"name": "day", "type": "datetime"}]',
  });
  deepEqual(formsOf(nested), ["dataframe_split", "dataframe_records", "inputs"]);
  const columns = nested.inputs?.kind === "columns" ? nested.inputs.columns : [];
  equal(formProblem("csv", columns), "MLflow reads no array from CSV, and tags is one.");
  deepEqual(formsOf(wine), REQUEST_FORMS);
  deepEqual(formsOf(image), ["inputs", "instances"]);
  deepEqual(formsOf({ ...unnamed, fromTypeHint: true }), ["inputs"]);
});

test("values that CSV would change are told", () => {
  const texts: ModelInput = { kind: "table", table: { columns: ["a"], rows: [["NA"]] } };
  equal(valuesProblem("csv", { input: texts, params: {} }, undefined), "MLflow's reader of CSV takes NA for nothing.");
  equal(
    valuesProblem("csv", { input: table, params: { digits: 1n } }, undefined),
    "CSV carries no params, and digits is set.",
  );
});

const EXAMPLES: [what: string, text: string, info: ExampleInfo, signature: Signature | undefined, expected: string][] =
  [
    ["a dataframe", SPLIT, { type: "dataframe", params: false }, wine, ROWS],
    [
      "a dataframe without names",
      '{"data": [[1.5]]}',
      { type: "dataframe", params: false },
      unnamed,
      "unnamed [[1.5]]",
    ],
    [
      "a dataframe with params",
      `{"inputs": ${SPLIT}, "params": {"digits": 1}}`,
      { type: "dataframe", params: true },
      wine,
      ROWS,
    ],
    ["an array", "[[1.0, 2.0]]", { type: "ndarray", params: false }, image, "tensors [[1.0,2.0]]"],
    ["an array of mlflow 1", '{"inputs": [[1.0]]}', { type: "ndarray", params: false }, image, "tensors [[1.0]]"],
    [
      "arrays by name",
      '{"a": [1.0], "b": [2.0]}',
      { type: "ndarray", params: false },
      pair,
      'tensors {"a":[1.0],"b":[2.0]}',
    ],
    ["an object", '{"acid": 1.0, "sugar": 2}', { type: "json_object", params: false }, wine, "acid,sugar [[1.0,2]]"],
    ["a chat", '{"messages": []}', { type: "json_object", params: false }, undefined, 'body {"messages":[]}'],
    [
      "a sparse matrix",
      '{"data": [5.0, 6.0], "indices": [1, 0], "indptr": [0, 1, 2], "shape": [2, 2]}',
      { type: "sparse_matrix_csr", params: false },
      image,
      "tensors [[0.0,5.0],[6.0,0.0]]",
    ],
  ];

for (const [what, text, info, signature, expected] of EXAMPLES) {
  test(`an input example is read: ${what}`, () => {
    const read = readInputExample(text, info, signature);
    equal(read === undefined ? undefined : shown(read.input), expected);
  });
}

test("an example to serve is a whole request, with params", () => {
  const read = readServingExample(`{"dataframe_split": ${SPLIT}, "params": {"digits": 1}}`, wine);
  deepEqual([read && shown(read.input), read?.params], [ROWS, { digits: 1n }]);
});
