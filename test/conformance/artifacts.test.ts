import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer, type TestServer } from "../support/server.ts";

// The unmodified client uploads in parts, to a server that wants its token.

const skip = skipWithout(findPython(), "Python with mlflow 3.17.2");
const folder = temporaryFolder();
const TOKEN = "a-token-of-the-test";
let server: TestServer;

before(async () => {
  if (skip) return;
  writeFileSync(join(folder, "token"), TOKEN, { mode: 0o600 });
  const access = ["--access", "token", "--token-file", join(folder, "token")];
  const places = [
    "--backend-store-uri",
    `sqlite:///${join(folder, "mlflow.db")}`,
    "--artifacts-destination",
    "artifacts",
  ];
  server = await startServer([...places, ...access, "--port", "0"], { cwd: folder });
});

const LISTED = [
  ["deep/er/large.bin", 2_000_001],
  ["deep/er/ü & 100% +x.bin", 2_000_001],
];

for (const parts of ["true", "false"]) {
  test(`artifacts come back as they were sent, in parts: ${parts}`, { skip }, async () => {
    const own = temporaryFolder();
    const environment = {
      MLFLOW_TRACKING_TOKEN: TOKEN,
      MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: parts,
      MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: "500000",
      MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: "600000",
      // Not offered: the client asks, and goes on without.
      MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: parts,
    };
    const printed = await runPython("transferArtifacts.py", [own], server.url, own, environment);
    assert.deepEqual(JSON.parse(printed), {
      parts: parts === "true" ? 8 : 0,
      same: [true, true],
      listed: LISTED,
      resumed: [206, true],
      incomplete: "HTTPError",
      broken: [],
      left: [],
    });
    assert.deepEqual(readdirSync(join(folder, "artifacts", ".flowdeck-upload-parts")), []);
  });
}
