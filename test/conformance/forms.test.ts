import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { findPython, skipWithout } from "../support/environment.ts";
import { fillAll } from "./differential/contentsModels.ts";
import { FORMS } from "./differential/forms.ts";
import { checkSame, type Pair, startPair } from "./differential/pair.ts";

const skip = skipWithout(findPython(), "Python with mlflow");

describe("a request in a form of R, Java or a guess has the same answer from mlflow 3.17 and from us", { skip }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillAll);
  });

  it(`${FORMS.length} forms`, async () => {
    const differences: string[] = [];
    for (const call of FORMS) {
      await checkSame(pair, call).catch((error: unknown) => differences.push(String(error)));
    }
    assert.deepEqual(differences, []);
    assert.deepEqual(pair.errors, []);
  });

  it("but a bare NaN is stored as NaN, where MLflow stores 0", async () => {
    const query = [["run_id", "<run4>"]] as const;
    const { body } = await pair.ours.send({ method: "GET", path: "/api/2.0/mlflow/runs/get", query });
    const metrics: { key: string; value: unknown }[] = Object(body).run.data.metrics;
    const valueOf = (key: string) => metrics.find((metric) => metric.key === key)?.value;
    assert.deepEqual(["nan", "b"].map(valueOf), ["NaN", "NaN"]);
    assert.deepEqual(["inf", "minus"].map(valueOf), [Number.MAX_VALUE, -Number.MAX_VALUE]);
  });
});
