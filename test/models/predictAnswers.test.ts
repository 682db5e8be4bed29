import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { readAnswer } from "../../src/mlflow/signature/answer.ts";
import { copyAs } from "../../src/mlflow/signature/copyAs.ts";
import { readSignature } from "../../src/mlflow/signature/read.ts";
import { explainRefusal } from "../../src/models/refusal.ts";
import { keepSent, sentTo, forgetSent } from "../../src/extension/serving/predict/sentRequests.ts";

const quality = readSignature({ outputs: '[{"name": "quality", "type": "double"}]' }).outputs;

const ANSWERS: [what: string, text: string, columns: string[], rows: unknown[][]][] = [
  ["a list of numbers", '{"predictions": [5.2, 6]}', ["quality"], [[5.2], [6]]],
  [
    "records",
    '{"predictions": [{"a": 1, "b": "x"}, {"a": 2}]}',
    ["a", "b"],
    [
      [1, "x"],
      [2, null],
    ],
  ],
  ["a Series without a name", '{"predictions": [{"0": 1.5}]}', ["quality"], [[1.5]]],
  [
    "an array of arrays",
    '{"predictions": [[1, 2], [3, 4]]}',
    ["quality", "quality[1]"],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    "named tensors",
    '{"predictions": {"x": [1, 2], "y": [3, 4]}}',
    ["x", "y"],
    [
      [1, 3],
      [2, 4],
    ],
  ],
  ["one value", '{"predictions": "yes"}', ["quality"], [["yes"]]],
  [
    "NaN, large whole numbers, nested values",
    '{"predictions": [NaN, 9007199254740993, [[1]], true, null]}',
    ["quality"],
    [["NaN"], ["9007199254740993"], ["[[1]]"], [true], [null]],
  ],
  ["what has no predictions around it", '[{"role": "assistant"}]', ["role"], [["assistant"]]],
];

for (const [what, text, columns, rows] of ANSWERS) {
  test(`an answer is a table: ${what}`, () => {
    const table = readAnswer(text, quality);
    deepEqual([table?.columns, table?.rows, table?.total], [columns, rows, rows.length]);
  });
}

test("of very many columns as many as are wanted are read, and the others counted", () => {
  const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, i]));
  const lists = Object.fromEntries(Object.keys(wide).map((name) => [name, [1, 2]]));
  for (const [what, predictions, rows] of [
    ["a list of objects", [wide, { ...wide, last: 1 }], 2],
    ["one object", wide, 1],
    ["named tensors", lists, 2],
  ] as const) {
    const text = JSON.stringify({ predictions });
    const cut = readAnswer(text, undefined, 100);
    const more = what === "a list of objects" ? 2_901 : 2_900;
    deepEqual(
      [cut?.columns.length, cut?.rows.map((row) => row.length), cut?.moreColumns],
      [100, Array(rows).fill(100), more],
      what,
    );
    const whole = readAnswer(text, undefined);
    deepEqual([whole?.columns.length, whole?.rows.length, whole?.moreColumns], [100 + more, rows, undefined], what);
  }
});

test("an answer that is no JSON has no table", () => equal(readAnswer("<html>", quality), undefined));

const inputs = readSignature({ inputs: '[{"name": "free_so2", "type": "long"}]' }).inputs;

const REFUSALS: [message: object | string, status: number, text: string][] = [
  [
    { message: "Model is missing inputs ['a', 'b']. Note that there were extra inputs: ['c']." },
    400,
    "The model needs a, b, which the request does not have; it does not know c.",
  ],
  [
    {
      message:
        "Failed to predict data 'x'. \nError: Incompatible input types for column free_so2. Can not safely convert float64 to int64.",
    },
    400,
    "free_so2 takes a whole number, such as 11, and the server could not make that of what was sent.",
  ],
  [
    { message: "dtype of input float64 does not match expected dtype float32" },
    400,
    "The model takes float32, and this was float64.",
  ],
  [
    {
      message: "Encountered an unexpected error while evaluating the model. Verify",
      stack_trace: "Traceback:\n  File\nsklearn.exceptions.NotFittedError: not fitted\n",
    },
    400,
    "The model failed on this input: NotFittedError: not fitted",
  ],
  [{ message: "Something else.\nwith more" }, 400, "wine refused it: Something else."],
  ["Request processing time exceeded limit", 504, "wine gave up, for the model took longer than its time limit."],
  ["Internal Server Error", 500, "wine answered 500: Internal Server Error"],
  ["", 404, "What answers there has no /invocations, so it is no scoring server of MLflow."],
];

for (const [message, status, text] of REFUSALS) {
  test(`a refusal is explained: ${text}`, () => {
    const body = typeof message === "string" ? message : JSON.stringify(message);
    equal(explainRefusal({ status, contentType: "", text: body, ms: 1 }, "wine", inputs).text, text);
  });
}

const ODD = `{"a": "it's \\"quoted\\" $HOME \`id\` \\\\ ü 🍷\\u2028"}`;

test("the copied curl line is one word to a shell, whatever it holds", () => {
  const line = copyAs("curl", "http://127.0.0.1:1", { body: ODD, contentType: "application/json" });
  const words = execFileSync("sh", ["-c", line.replace("curl", `printf '%s\\n'`)], { encoding: "utf8" });
  deepEqual(words.trimEnd().split("\n").at(-1), ODD);
});

test("the copied TypeScript holds the same text", () => {
  const code = copyAs("typescript", "http://127.0.0.1:1", { body: ODD, contentType: "application/json" });
  const literal = /body: (".*"),/.exec(code)?.[1];
  equal(JSON.parse(literal ?? ""), ODD);
});

test("requests are kept for their model, the same one once, the oldest dropped", async () => {
  const storage = new Map<string, unknown>();
  const kept = {
    get: (key: string) => storage.get(key),
    update: async (key: string, value: unknown) => void storage.set(key, value),
  };
  const query = (body: string) => ({
    to: ["1"],
    body,
    contentType: "application/json" as const,
    form: "dataframe_split" as const,
    rows: 1,
  });
  for (let i = 0; i < 25; i += 1)
    await keepSent(kept, "wine", query(`{"n": ${i}}`), [{ id: "1", title: "wine 1", at: i, ms: 2, raw: "" }]);
  await keepSent(kept, "wine", query('{"n": 20}'), [
    { id: "1", title: "wine 1", at: 99, ms: 2, raw: "", problem: { text: "x" } },
  ]);
  await keepSent(kept, "wine", query("x".repeat(60_000)), []);
  const list = sentTo(kept, "wine");
  equal(list.length, 20);
  deepEqual(list[0], {
    at: 99,
    form: "dataframe_split",
    body: '{"n": 20}',
    rows: 1,
    answers: [{ title: "wine 1", ms: 2, failed: true }],
  });
  ok(list.filter(({ body }) => body === '{"n": 20}').length === 1);
  for (let i = 0; i < 30; i += 1) await keepSent(kept, `model ${i}`, query("{}"), []);
  equal(sentTo(kept, "wine").length, 0);
  for (let i = 0; i < 15; i += 1) await keepSent(kept, "large", query(`${i}`.padEnd(40_000)), []);
  // 400,000 characters in all, of the newest.
  equal(sentTo(kept, "large").length, 10);
  equal(sentTo(kept, "large")[0]?.body.trim(), "14");
  equal(sentTo(kept, "model 29").length, 0);
  await keepSent(kept, "model 29", query("{}"), []);
  await forgetSent(kept, "model 29");
  equal(sentTo(kept, "model 29").length, 0);
  storage.set("flowdeck.predict.sent", { wine: [{ body: 1 }], other: "x" });
  deepEqual(sentTo(kept, "wine"), []);
});
