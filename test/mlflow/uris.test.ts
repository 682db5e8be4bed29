import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isLocalUri,
  localPath,
  parseModelsUri,
  parseRunsUri,
  parseTrackingUri,
  proxiedPath,
  withoutSecrets,
} from "../../src/mlflow/uris.ts";

const TRACKING: [string, object][] = [
  ["sqlite:///mlflow.db", { kind: "sqlite", path: "mlflow.db" }],
  ["sqlite:////home/me/mlflow.db", { kind: "sqlite", path: "/home/me/mlflow.db" }],
  ["sqlite:///C:/me/mlflow.db", { kind: "sqlite", path: "C:/me/mlflow.db" }],
  ["sqlite:///a.db?timeout=5", { kind: "sqlite", path: "a.db" }],
  ["sqlite:////home/me/what?/mlflow.db", { kind: "sqlite", path: "/home/me/what?/mlflow.db" }],
  ["file:///home/me/ml%20runs", { kind: "files", path: "/home/me/ml runs" }],
  ["./mlruns", { kind: "files", path: "./mlruns" }],
  ["C:\\me\\mlruns", { kind: "files", path: "C:\\me\\mlruns" }],
  ["https://host:5000/", { kind: "http", url: "https://host:5000" }],
  ["databricks", { kind: "databricks" }],
  ["databricks://work", { kind: "databricks", profile: "work" }],
];

for (const [uri, expected] of TRACKING) {
  test(`a tracking URI is read: ${uri}`, () => assert.deepEqual(parseTrackingUri(uri), expected));
}

for (const uri of ["sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://host/db", "s3://bucket"]) {
  test(`a store that is not ours is refused: ${uri}`, () => {
    assert.throws(() => parseTrackingUri(uri), { error_code: "INVALID_PARAMETER_VALUE" });
  });
}

test("local locations are told from others, and their paths read", () => {
  assert.deepEqual(["/a", "a", "file:///a", "C:\\a"].map(isLocalUri), [true, true, true, true]);
  assert.deepEqual(["s3://a", "mlflow-artifacts:/a", "http://a"].map(isLocalUri), [false, false, false]);
  assert.equal(localPath("file:///a%20b"), "/a b");
  assert.equal(localPath("/a%20b"), "/a%20b");
});

const PROXIED: [string, string | undefined][] = [
  ["mlflow-artifacts:/1/r/artifacts", "1/r/artifacts"],
  ["mlflow-artifacts://host:5000/1/r", "1/r"],
  ["http://host/api/2.0/mlflow-artifacts/artifacts/1/r", "1/r"],
  ["http://host/other", undefined],
  ["s3://bucket/1", undefined],
];

for (const [uri, expected] of PROXIED) {
  test(`the proxied folder of ${uri}`, () => assert.equal(proxiedPath(uri), expected));
}

const MODELS: [string, object | undefined][] = [
  ["models:/wine/3", { kind: "version", name: "wine", version: "3" }],
  ["models:/wine@champion", { kind: "alias", name: "wine", alias: "champion" }],
  ["models:/wine/Production", { kind: "stage", name: "wine", stage: "Production" }],
  ["models:/m-0123", { kind: "model", model_id: "m-0123" }],
  ["models:/wine/3/4", undefined],
  ["runs:/a/b", undefined],
];

for (const [uri, expected] of MODELS) {
  test(`a models URI: ${uri}`, () => assert.deepEqual(parseModelsUri(uri), expected));
}

test("a runs URI gives its run and path", () => {
  assert.deepEqual(parseRunsUri("runs:/abc/model/data"), { run_id: "abc", path: "model/data" });
  assert.equal(parseRunsUri("models:/abc"), undefined);
});

test("a text for people has neither credentials nor signed parts of addresses", () => {
  const cases: [text: string, shown: string][] = [
    ["see https://me:pw@host/a and http://t@host/b.", "see https://host/a and http://host/b."],
    [
      "https://a.blob.core.windows.net/c/x?sv=2024&sig=a%2Fb%3D&se=1 failed",
      "https://a.blob.core.windows.net/c/x?sv=2024&sig=***&se=1 failed",
    ],
    [
      "https://b.s3.amazonaws.com/x?X-Amz-Credential=AK%2F1&X-Amz-Date=2&X-Amz-Security-Token=t&X-Amz-Signature=s",
      "https://b.s3.amazonaws.com/x?X-Amz-Credential=***&X-Amz-Date=2&X-Amz-Security-Token=***&X-Amz-Signature=***",
    ],
    [
      "https://storage.googleapis.com/b/x?x-goog-signature=s#part",
      "https://storage.googleapis.com/b/x?x-goog-signature=***#part",
    ],
    [
      "'https://host/x?token=t' and https://host/y?access_token=u",
      "'https://host/x?token=***' and https://host/y?access_token=***",
    ],
    ["https://host/x?tokens=3&design=2&key=4", "https://host/x?tokens=3&design=2&key=4"],
    ["a token=3 in a text, and what?sig", "a token=3 in a text, and what?sig"],
    [
      "pkg @ https://host/p.whl?api_key=k ; python_version > '3'",
      "pkg @ https://host/p.whl?api_key=*** ; python_version > '3'",
    ],
    [
      "pkg@https://host/p.whl?sig=k;python_version>'3', `https://host/x?refresh_token=a.b` or https://host/y#id_token=t.",
      "pkg@https://host/p.whl?sig=***;python_version>'3', `https://host/x?refresh_token=***` or https://host/y#id_token=***.",
    ],
    ["https://host/x?page_token=3&pwd=a,b", "https://host/x?page_token=3&pwd=***,b"],
  ];
  for (const [text, shown] of cases) assert.equal(withoutSecrets(text), shown);
});
