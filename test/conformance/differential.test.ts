import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { findPython, skipWithout } from "../support/environment.ts";
import { fillAll } from "./differential/contentsModels.ts";
import { type Pair, startPair } from "./differential/pair.ts";
import { checkProperty, PROPERTIES } from "./differential/properties.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);

describe("a request has the same answer from mlflow 3.17 and from us", { skip }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillAll);
  });

  for (const property of PROPERTIES) {
    it(`${property.what}, ${property.count} times`, () => checkProperty(pair, property, property.count, seed));
  }

  it("and none of the requests is an error of our server", () => {
    assert.deepEqual(pair.errors, []);
  });
});
