import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { readMlmodel } from "../../src/models/mlmodel.ts";
import { OLD_RECORDS, OLD_SPLIT, recognise } from "../../src/mlflow/signature/recognise.ts";
import { printRequest } from "../../src/mlflow/signature/requests.ts";
import type { Signature } from "../../src/mlflow/signature/types.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { clientEnvironment } from "../support/python.ts";
import { realModels } from "../support/realModels.ts";
import { serveModel } from "../support/scoring.ts";
import { startServer } from "../support/server.ts";

// MLflow's scorer itself, over HTTP, with a model that it finds through our server by its alias.

const skip = skipWithout(findPython(), "Python with mlflow");
const columns = ["fixed acidity", "volatile acidity", "citric acid", "alcohol"];
const rows = [
  [7.4, 0.7, 0, 9.4],
  [7.8, 0.88, 0, 9.8],
];
const records = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));

/** As the tutorial sends it, and what else MLflow 1 took. */
const OLD: [what: string, body: unknown, told: RegExp, said: string][] = [
  [
    "columns and data at the top",
    { columns, data: rows },
    /exactly one of the input fields .* scoring protocol has changed in MLflow version 2\.0/,
    OLD_SPLIT,
  ],
  ["a list of records", records, /exactly one of the input fields .* Received a list/, OLD_RECORDS],
];

describe("a model served by MLflow through our server", { skip }, () => {
  let url = "";
  let signature: Signature | undefined;
  before(async () => {
    const { folder, uri, models } = await realModels();
    const { url: tracking } = await startServer(["--backend-store-uri", uri, "--port", "0"], { cwd: folder });
    const { PATH = "" } = clientEnvironment("");
    const environment = { MLFLOW_TRACKING_URI: tracking, MLFLOW_DISABLE_TELEMETRY: "true", PATH };
    const { reaches } = await serveModel("models:/wine-quality@champion", { environment });
    ({ url } = await reaches("ready"));
    const files = join(folder, "mlruns/models/models", models["wine-quality"][1]?.model_id ?? "", "artifacts");
    ({ signature } = readMlmodel(readFileSync(join(files, "MLmodel"), "utf8")));
  });

  const ask = async (body: string, type = "application/json") => {
    const response = await fetch(`${url}/invocations`, { method: "POST", headers: { "Content-Type": type }, body });
    const answer: { predictions?: number[]; error_code?: string; message?: string } = Object(await response.json());
    return { status: response.status, answer };
  };

  for (const [what, body, told, said] of OLD) {
    it(`refuses ${what}, and answers what Flowdeck makes of it`, async () => {
      const refused = await ask(JSON.stringify(body));
      assert.equal(refused.status, 400);
      assert.equal(refused.answer.error_code, "BAD_REQUEST");
      assert.match(refused.answer.message ?? "", told);
      const read = recognise(JSON.stringify(body), signature);
      assert.ok(!("problem" in read));
      assert.equal(read.said, said);
      const sent = printRequest(read.form ?? "dataframe_split", read);
      const answered = await ask(sent.body, sent.contentType);
      assert.equal(answered.status, 200, JSON.stringify(answered));
      assert.equal(answered.answer.predictions?.length, rows.length);
    });
  }

  it("is the version that the alias names: only its signature has params", async () => {
    const dataframe_split = { columns, data: rows };
    const taken = await ask(JSON.stringify({ dataframe_split, params: { digits: 1 } }));
    assert.equal(taken.status, 200);
    const refused = await ask(JSON.stringify({ dataframe_split, params: { digits: "one" } }));
    assert.equal(refused.status, 400);
    assert.match(refused.answer.message ?? "", /Invalid parameters found: .*'digits'.*long/);
  });
});
