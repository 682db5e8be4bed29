import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { readSignature } from "../../src/mlflow/signature/read.ts";
import type { AskedModel, PredictHost } from "../../src/protocol/panels/predict.ts";
import type { ScoringServer } from "../../src/protocol/serving.ts";
import { predictModel } from "../../src/webview/panels/predict/model.ts";
import { DEFAULT_ARRANGEMENT } from "../../src/webview/panels/predict/savedView.ts";
import { until } from "../support/environment.ts";

type Asked = Parameters<PredictHost["model"]>[0];

const server = (id: string, state: ScoringServer["state"]): ScoringServer => ({
  ...{ id, state, store: "sqlite:///mlflow.db", model_uri: "models:/wine@champion", title: "wine@champion" },
  ...{ host: "127.0.0.1", port: 5001, url: "http://127.0.0.1:5001", started: 1, requests: 0, failures: 0 },
  ...{ env_manager: "local", workers: 1, timeout: 60, keep: false, log: "/log" },
});

/** A model over servers whose states change; what it asked of their models is noted. */
function over(list: () => ScoringServer[]) {
  const asked: Asked[] = [];
  const nothing = async () => undefined;
  const found: AskedModel = { key: "wine" };
  const answer = new Map<string, Promise<AskedModel>>();
  const host = {
    ...{ servers: async () => list(), send: async () => [], history: async () => [] },
    ...{ stop: nothing, forget: nothing, readFile: nothing, openRaw: nothing, predictFile: nothing },
    ...{ serve: nothing, restart: nothing, showLog: nothing, copy: nothing },
    model: async (query: Asked) => {
      asked.push(query);
      return answer.get(query.id) ?? found;
    },
  };
  return { model: predictModel(host, {}, DEFAULT_ARRANGEMENT), asked, answer };
}

test("the server that is asked stays the same when it does not answer any more", async () => {
  let states: ScoringServer["state"][] = ["failed", "ready"];
  const { model } = over(() => states.map((state, i) => server(`s${i}`, state)));
  model.start();
  await until("its model is known", () => model.asked.value !== undefined);
  equal(model.serverA.value?.id, "s1");
  states = ["failed", "unhealthy"];
  await model.view.serversChanged();
  equal(model.serverA.value?.id, "s1");
  equal(model.serverA.value?.state, "unhealthy");
});

test("of two servers the panel is named after the first, and anew when another one is asked", async () => {
  const { model, asked } = over(() => [server("s0", "ready"), server("s1", "ready")]);
  model.start();
  await until("its model is known", () => model.asked.value !== undefined);
  model.toggleAb();
  await until("both are known", () => asked.length === 2);
  deepEqual(asked, [{ id: "s0" }, { id: "s1", beside: true }]);
  model.toggleAb();
  model.choose("a", "s1");
  await until("it is named again", () => asked.length === 3);
  deepEqual(asked[2], { id: "s1" });
});

test("what is written before the model is known stays when it is, under the names of its columns", async () => {
  const { model, answer } = over(() => [server("s0", "ready")]);
  const late = Promise.withResolvers<AskedModel>();
  answer.set("s0", late.promise);
  model.start();
  await until("its server is known", () => model.serverA.value !== undefined);
  model.take("acid,sugar\n1,2\n3,4\n", "two.csv");
  const columns = ["sugar", "acid"].map((name) => ({ name, type: "double", required: true }));
  late.resolve({
    ...{ key: "wine", signature: readSignature({ inputs: JSON.stringify(columns) }) },
    example: '{"columns": ["acid", "sugar"], "data": [[9, 9]]}',
  });
  await until("the model is known", () => model.arrangement.value.written === "wine");
  deepEqual(
    [model.draft.value.columns, model.draft.value.rows],
    [
      ["sugar", "acid"],
      [
        ["2", "1"],
        ["4", "3"],
      ],
    ],
  );
});

test("an answer about a server that was chosen before changes nothing in the fields of the one chosen since", async () => {
  const { model, asked, answer } = over(() => [server("s0", "ready"), server("s1", "ready"), server("s2", "ready")]);
  model.start();
  await until("its model is known", () => model.asked.value !== undefined);
  const late = Promise.withResolvers<AskedModel>();
  answer.set("s1", late.promise);
  answer.set("s2", Promise.resolve({ key: "other" }));
  model.choose("a", "s1");
  model.choose("a", "s2");
  await until("the fields are those of the last", () => model.arrangement.value.written === "other");
  late.resolve({ key: "late" });
  await until("the late one is known", () => model.modelOf("s1") !== undefined);
  await until("all is read", () => asked.length >= 3);
  equal(model.arrangement.value.written, "other");
});

test("that a model cannot be read is told, and its server is asked for all the same", async () => {
  const { model, answer } = over(() => [server("s0", "ready")]);
  answer.set("s0", Promise.reject(new MlflowError("TEMPORARILY_UNAVAILABLE", "The store does not answer.")));
  model.start();
  await until("it is told", () => model.problem.value !== undefined);
  deepEqual([model.serverA.value?.id, model.failure.value], ["s0", undefined]);
});
