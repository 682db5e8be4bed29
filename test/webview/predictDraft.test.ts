import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { readSignature } from "../../src/mlflow/signature/read.ts";
import { emptyDraft, fitDraft, readDraft, textOfFields, type Draft } from "../../src/webview/panels/predict/draft.ts";
import { answerGrid, largestDifference } from "../../src/webview/panels/predict/answers.ts";
import { columnWidth, fieldWidth, isLongField } from "../../src/webview/panels/predict/labels.ts";
import { readPredictArrangement, toSave, DEFAULT_ARRANGEMENT } from "../../src/webview/panels/predict/savedView.ts";

const wine = readSignature({
  inputs: '[{"name": "acid", "type": "double"}, {"name": "so2", "type": "long", "required": false}]',
  params: '[{"name": "digits", "type": "long", "default": 2, "shape": null}]',
});
const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft(wine), ...change });

test("fields are read as a request, without columns that no row gives", () => {
  const read = readDraft(
    draft({
      rows: [
        ["7", ""],
        ["1e1", " "],
      ],
      params: { digits: "3" },
    }),
    wine,
  );
  deepEqual(read.problems, []);
  deepEqual(read.request, {
    input: { kind: "table", table: { columns: ["acid"], rows: [[7], [10]] } },
    params: { digits: 3n },
  });
});

test("each wrong field is told with its row", () => {
  const read = readDraft(
    draft({
      rows: [
        ["7", "1"],
        ["x", "eleven"],
      ],
      params: { digits: "no" },
    }),
    wine,
  );
  deepEqual(read.problems, [
    { row: 1, column: "acid", text: "acid takes a number, such as 0.5." },
    { row: 1, column: "so2", text: "so2 takes a whole number, such as 11." },
    { param: "digits", text: "digits takes a whole number, such as 11." },
  ]);
  equal(read.request, undefined);
});

test("a text is read, its fields follow it, and what the fields hold is written as the same text", () => {
  const text = '{"dataframe_split": {"columns": ["so2", "acid", "x"], "data": [[1, 0.5, 2]]}, "params": {"digits": 1}}';
  const read = readDraft(draft({ text }), wine);
  deepEqual(read.fields?.rows, [["0.5", "1"]]);
  deepEqual(read.notes, ["The model does not know x, which is left out."]);
  deepEqual(read.fields?.params, { digits: "1" });
  const again = textOfFields(draft({ ...read.fields }), wine);
  deepEqual(JSON.parse(again), {
    dataframe_split: { columns: ["acid", "so2"], data: [[0.5, 1]] },
    params: { digits: 1 },
  });
});

test("wrong fields are written as texts, so that they can be mended as JSON", () => {
  equal(
    textOfFields(draft({ rows: [["x", ""]] }), wine),
    '{"dataframe_split": {"columns": ["acid", "so2"], "data": [["x", null]]}}',
  );
});

test("a CSV without a signature is read as JSON where it can be", () => {
  const read = readDraft({ ...emptyDraft(undefined), text: "a,b\n1,red\n,x\n" }, undefined);
  deepEqual(read.request?.input, {
    kind: "table",
    table: {
      columns: ["a", "b"],
      rows: [
        [1n, "red"],
        [null, "x"],
      ],
    },
  });
});

test("answers of two servers stand side by side with their difference", () => {
  const answer = (id: string, values: (number | string)[]) => ({
    id,
    title: id,
    at: 1,
    ms: 2,
    raw: "",
    table: { columns: ["q"], rows: values.map((value) => [value]), total: values.length },
  });
  const grid = answerGrid([answer("a", [5.21, 5.08]), answer("b", [5.14, 5.5])]);
  deepEqual(
    grid.columns.map(({ title, texts }) => [title, ...texts]),
    [
      ["A: q", "5.210", "5.080"],
      ["B: q", "5.140", "5.500"],
      ["B − A", "−0.070", "+0.420"],
    ],
  );
  equal(largestDifference(grid), 1);
  const words = answerGrid([answer("a", ["red", "red"]), answer("b", ["red", "white"])]);
  deepEqual(words.columns.at(-1)?.texts, ["same", "differs"]);
});

test("a value stays with its column when another version has other columns", () => {
  const other = readSignature({ inputs: '[{"name": "so2", "type": "long"}, {"name": "sugar", "type": "double"}]' });
  const written = draft({ rows: [["7", "11"]] });
  const fit = fitDraft(written, other);
  deepEqual([fit.columns, fit.rows], [["so2", "sugar"], [["11", ""]]]);
  equal(fitDraft(written, wine), written);
  equal(fitDraft(written, undefined), written);
});

test("a param may be called constructor, and is not given where nothing is written", () => {
  const odd = readSignature({
    inputs: '[{"name": "acid", "type": "double"}]',
    params: '[{"name": "constructor", "type": "string", "default": "x", "shape": null}]',
  });
  const read = readDraft({ ...emptyDraft(odd), rows: [["7"]] }, odd);
  deepEqual([read.problems, read.request?.params], [[], {}]);
});

test("a long answer is drawn in part, and kept whole", () => {
  const long = "x".repeat(2_000);
  const table = { columns: ["q"], rows: [[long]], total: 1 };
  const [column] = answerGrid([{ id: "a", title: "a", at: 1, ms: 2, raw: "", table }]).columns;
  deepEqual([column?.texts[0]?.length, column?.cells], [501, [long]]);
});

test("a hundred columns of an answer are drawn, also of two side by side, and what is left out is told", () => {
  const columns = Array.from({ length: 100 }, (_, i) => `k${i}`);
  const table = { columns, rows: [columns.map((_, i) => i)], total: 1, moreColumns: 2_900 };
  const answer = { id: "a", title: "a", at: 1, ms: 2, raw: "", table };
  const one = answerGrid([answer]);
  deepEqual([one.columns.length, one.leftOut], [100, "100 of 3,000 columns"]);
  const two = answerGrid([answer, { ...answer, id: "b", table: { ...table, total: 12_000 } }]);
  deepEqual([two.columns.length, two.leftOut], [99, "33 of 3,000 columns and 1 of 12,000 rows"]);
  const { moreColumns: _, ...small } = table;
  equal(answerGrid([{ ...answer, table: small }]).leftOut, undefined);
});

test("the form's columns are as wide as its fields need, and only what is too long for them has a row of its own", () => {
  const short = fieldWidth("free_so2", "long", false);
  const longer = fieldWidth("volatile_acidity", "double", false);
  const [date, list] = [
    fieldWidth("order_date_of_the_customer", "string", true),
    fieldWidth("weights", "double (-1, 3)", true),
  ];
  deepEqual([short, longer, date, list].map(isLongField), [false, false, true, false]);
  equal(columnWidth([short]), 210);
  equal(columnWidth([short, longer, date]), longer);
  // Two columns in a panel of 500 px.
  equal(2 * longer + 16 <= 500 - 24, true);
  equal(columnWidth([]), 210);
});

test("a tab, a copy or a row that an earlier version knew gives way to the usual one", () => {
  deepEqual(readPredictArrangement({ tab: "csv", copy: "wget", row: -2 }), DEFAULT_ARRANGEMENT);
  equal(readPredictArrangement({ tab: "grid" }).tab, "grid");
});

test("what an earlier version saved is taken as far as it fits, and long drafts are not kept", () => {
  deepEqual(readPredictArrangement({ tab: 3, ab: true, draft: { rows: [[1]] }, written: "m" }), {
    ...DEFAULT_ARRANGEMENT,
    ab: true,
  });
  const long = {
    ...DEFAULT_ARRANGEMENT,
    written: "m",
    draft: { ...DEFAULT_ARRANGEMENT.draft, text: "x".repeat(300_000) },
  };
  deepEqual(toSave(long), DEFAULT_ARRANGEMENT);
});
