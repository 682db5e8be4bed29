// What both stores hold before they are asked: every kind of value that a search can stumble over.
import assert from "node:assert/strict";
import type { Call, Side } from "./call.ts";

/** Keys that the filters ask for: plain, dotted, spaced, numeric, with quotes' worth of oddities. */
export const METRIC_KEYS = ["acc", "loss", "val/auc", "a b", "m-1", "1"];
export const PARAM_KEYS = ["lr", "model.depth", "a b", "empty", "Upper"];
export const TAG_KEYS = ["team", "mlflow.note.content", "mlflow.runName", "mlflow.user", "a b", "k-1"];
export const TEXTS = [
  "",
  "a",
  "A",
  "ab",
  "a%b",
  "a_b",
  "ä",
  "ÄB",
  "it's",
  'say "x"',
  "1",
  "10",
  "0.1",
  "a\nb",
  "a\\b",
  "😀",
];

const METRIC_VALUES = [0, 1, -1, 0.5, 0.5, 1e-300, 1e300, "NaN", "Infinity", "-Infinity", 2 ** 53, -0.25];

/** A POST of JSON. */
export const post = (path: string, body: object): Call & { body: object } => ({
  method: "POST",
  path: `/api/2.0/mlflow/${path}`,
  body,
});

/** The value at `index`, from the start again after the last one. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index % list.length];
  if (value === undefined) throw new RangeError("An empty list.");
  return value;
}

/** Sends a call that has to succeed; `read` finds the id that is called `name` from then on. */
export async function must(side: Side, call: Call, name?: string, read?: (body: ReturnType<typeof Object>) => string) {
  const { status, body } = await side.send(call);
  assert.equal(status, 200, `${side.url}: ${JSON.stringify(call)} ${JSON.stringify(body)}`);
  if (name !== undefined && read !== undefined) side.name(name, read(Object(body)));
}

/** Artifacts of the first three runs. */
export const FILES = [
  ["a.txt", "first"],
  ["plots/b.json", "{}"],
  ["plots/deep/c%20d.html", "<b>"],
  ["%C3%A4.bin", ""],
] as const;

export const RUNS = 36;

/** Three experiments (and Default) and RUNS runs; the ids are called `exp1`… and `run0`…. */
export async function fillRuns(side: Side): Promise<void> {
  for (const [number, name] of ["first", "Second", "ä_third"].entries()) {
    const tags = [{ key: "team", value: at(TEXTS, number) }];
    await must(side, post("experiments/create", { name, tags }), `exp${number + 1}`, (body) => body.experiment_id);
  }
  for (let number = 0; number < RUNS; number++) {
    // The name is given, or made: as a tag beside it, it is refused.
    const keys = TAG_KEYS.filter((key, i) => key !== "mlflow.runName" && (number + i) % 3 === 0);
    const tags = keys.map((key, i) => ({ key, value: at(TEXTS, number + i) }));
    const created = {
      experiment_id: `<exp${1 + (number % 3)}>`,
      user_id: at(["ann", "bob", ""], number),
      // Ties, and one that was not given.
      ...(number % 7 === 0 ? {} : { start_time: 1000 + (number % 5) }),
      ...(number % 4 === 0 ? {} : { run_name: at(TEXTS.slice(1), number) }),
      tags,
    };
    const run = `<run${number}>`;
    await must(side, post("runs/create", created), `run${number}`, (body) => body.run.info.run_id);
    const metrics = METRIC_KEYS.flatMap((key, i) =>
      (number + i) % 4 === 0
        ? []
        : [0, 1].map((step) => ({
            key,
            value: at(METRIC_VALUES, number * (step + 1) + i),
            timestamp: 10 + step,
            step,
          })),
    );
    const params = PARAM_KEYS.filter((_, i) => (number + i) % 4 !== 1).map((key, i) => ({
      key,
      value: key === "empty" ? "" : at(TEXTS, number * 3 + i),
    }));
    await must(side, post("runs/log-batch", { run_id: run, metrics, params, tags: [] }));
    if (number % 3 === 1) await must(side, post("runs/log-inputs", { run_id: run, datasets: [datasetOf(number)] }));
    if (number % 2 === 1) {
      const status = at(["FINISHED", "FAILED", "KILLED", "SCHEDULED"], number >> 1);
      await must(
        side,
        post("runs/update", { run_id: run, status, ...(number % 4 === 1 ? { end_time: 2000 + (number % 3) } : {}) }),
      );
    }
    if (number < 3) {
      for (const [path, text] of FILES) {
        const to = `/api/2.0/mlflow-artifacts/artifacts/${1 + (number % 3)}/${run}/artifacts/${path}`;
        await must(side, { method: "PUT", path: to, raw: text, contentType: "application/octet-stream" });
      }
    }
    if (number % 9 === 8) await must(side, post("runs/delete", { run_id: run }));
  }
}

function datasetOf(number: number) {
  const context = at(["train", "eval", ""], number);
  const dataset = {
    name: at(["wine", "Wine", "ä b"], number),
    digest: `d${number % 2}`,
    source_type: "local",
    source: "{}",
  };
  return { dataset, tags: context === "" ? [] : [{ key: "mlflow.data.context", value: context }] };
}
