import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { planDocker, type DockerQuery } from "../../src/projects/docker.ts";
import { environmentIdentity } from "../../src/projects/workflow/identity.ts";
import { UnmetNeed } from "../../src/projects/unmetNeed.ts";
import { temporaryFolder } from "../support/environment.ts";

// `docker` is a stand-in that answers as its daemon would.

const before = { ...process.env };
after(() => Object.assign(process.env, before));
beforeEach(async () => {
  process.env["PATH"] = [await dockerOf("image"), before["PATH"]].join(":");
});

/** A folder with a docker whose `info` works, and which has the image of that name with two tags. */
async function dockerOf(image: string, exit = 0, id = "sha256:1"): Promise<string> {
  const file = join(temporaryFolder(), "docker");
  const answer = `[{"Id":"${id}","RepoTags":["first:tag","${image}"]}]`;
  await writeFile(file, `#!/bin/sh\n[ "$1" = info ] && exit ${exit}\n[ "$3" = ${image} ] && echo '${answer}'\n`);
  await chmod(file, 0o755);
  return dirname(file);
}

const query = (changes: Partial<DockerQuery> = {}): DockerQuery => ({
  docker: { image: "image", volumes: [], environment: [] },
  name: "p",
  projectFolder: "/",
  args: [],
  build: false,
  ...changes,
});
const run = {
  run_id: "R",
  experiment_id: "1",
  artifact_uri: "mlflow-artifacts:/1/R/artifacts",
  tracking_uri: "https://host",
};
const BASE = "docker run --rm --label flowdeck.run_id=R";
const VARIABLES = "-e MLFLOW_RUN_ID=R -e MLFLOW_TRACKING_URI=https://host -e MLFLOW_EXPERIMENT_ID=1";

const places: [artifact_uri: string, env: Record<string, string>, volumes: string, variables: string][] = [
  ["mlflow-artifacts:/1", {}, "", ""],
  ["/tmp/a b", {}, " -v '/tmp/a b:/tmp/a b'", ""],
  ["file:///tmp/a", {}, " -v /tmp/a:/tmp/a", ""],
  ["s3://b/k", { AWS_ACCESS_KEY_ID: "x", HOME: "/no" }, "", " -e AWS_ACCESS_KEY_ID"],
  [
    "s3://b/k",
    { AWS_SECRET_ACCESS_KEY: "x", MLFLOW_S3_ENDPOINT_URL: "u", HOME: "/no" },
    "",
    " -e AWS_SECRET_ACCESS_KEY -e MLFLOW_S3_ENDPOINT_URL",
  ],
  ["wasbs://c@a/b", { AZURE_STORAGE_ACCESS_KEY: "x" }, "", " -e AZURE_STORAGE_ACCESS_KEY"],
  [
    "gs://b/k",
    { GOOGLE_APPLICATION_CREDENTIALS: "/k.json" },
    " -v /k.json:/.gcs",
    " -e GOOGLE_APPLICATION_CREDENTIALS=/.gcs",
  ],
  [
    "hdfs://h/p",
    { MLFLOW_KERBEROS_TICKET_CACHE: "/t", MLFLOW_KERBEROS_USER: "u" },
    " -v /t:/t",
    " -e MLFLOW_KERBEROS_TICKET_CACHE -e MLFLOW_KERBEROS_USER",
  ],
  ["dbfs:/x", {}, "", ""],
];
for (const [artifact_uri, env, volumes, variables] of places) {
  test(`a container reaches artifacts at ${artifact_uri} with ${Object.keys(env).join(" and ") || "nothing more"}`, async () => {
    Object.assign(process.env, env);
    try {
      const { container } = await planDocker(query());
      assert.equal(
        container.commandFor({ ...run, artifact_uri }),
        `${BASE}${volumes} ${VARIABLES}${variables} first:tag `,
      );
    } finally {
      for (const key of Object.keys(env)) delete process.env[key];
      Object.assign(process.env, before, { PATH: process.env["PATH"] });
    }
  });
}

test("arguments and volumes stand as written, values are quoted, what is copied and the token go by name", async () => {
  process.env["COPIED"] = "secret";
  const docker = {
    image: "image",
    volumes: ["$PWD/d:/d"],
    environment: [["A", "x y$(id)"] as [string, string], "COPIED"],
  };
  const { container } = await planDocker(query({ docker, args: [["t"], ["gpus", '"device=0"'], ["network", "mine"]] }));
  const command = container.commandFor({ ...run, tracking_uri: "http://127.0.0.1:5", token: "secret" });
  assert.equal(
    command,
    `docker run --rm -t --gpus "device=0" --network mine --label flowdeck.run_id=R -v $PWD/d:/d ${VARIABLES.replace("https://host", "http://127.0.0.1:5")} -e 'A=x y$(id)' -e COPIED -e MLFLOW_TRACKING_TOKEN first:tag `,
  );
});

test("a password in the server's address is copied by name, and seen by nobody who lists processes", async () => {
  const { container } = await planDocker(query());
  const command = container.commandFor({ ...run, tracking_uri: "https://me:secret@host" });
  assert.equal(command, `${BASE} ${VARIABLES.replace("=https://host", "")} first:tag `);
});

test("a server of this machine is reached through the host's network", async () => {
  const { container } = await planDocker(query());
  assert.match(
    container.commandFor({ ...run, tracking_uri: "http://localhost:5" }),
    /^docker run --rm --network host /,
  );
});

test("an image that is not there is fetched, one that is there is not", async () => {
  const known = await planDocker(query());
  assert.deepEqual([known.detail, known.build], ["image image, which is there", undefined]);
  const docker = { image: "other", volumes: [], environment: [] };
  const missing = await planDocker(query({ docker }));
  assert.equal(missing.detail, "fetching the image other");
  assert(missing.build !== undefined);
});

test("an image for a project without a commit has its name alone", async () => {
  const { container, detail } = await planDocker(
    query({ build: true, name: "mine", projectFolder: temporaryFolder() }),
  );
  assert.equal(detail, "building the image mine from image");
  assert.match(container.commandFor(run), / mine $/);
});

test("a docker that is missing, or whose daemon does not answer, is told with what works instead", async () => {
  process.env["PATH"] = [await dockerOf("image", 1), before["PATH"]].join(":");
  await assert.rejects(
    planDocker(query()),
    (error) =>
      error instanceof UnmetNeed &&
      error.instead === "local" &&
      /daemon does not answer .*; start it, or choose the environment manager local/.test(error.message),
  );
  process.env["PATH"] = temporaryFolder();
  await assert.rejects(planDocker(query()), /docker, which was not found; install it, or choose/);
});

test("a variable that must be copied and is not set is told in MLflow's words", async () => {
  const docker = { image: "image", volumes: [], environment: ["NOT_SET_HERE", ["A", "1"] as [string, string]] };
  await assert.rejects(
    planDocker(query({ docker })),
    /expects the NOT_SET_HERE, A environment variables to be set .*but NOT_SET_HERE was not set/,
  );
});

test("an image that was built anew under the same name is another environment", async () => {
  const identity = async () =>
    environmentIdentity({ manager: "docker", activation: "", path: [], ...(await planDocker(query())) });
  const first = await identity();
  assert.equal(await identity(), first);
  process.env["PATH"] = [await dockerOf("image", 0, "sha256:2"), before["PATH"]].join(":");
  assert.notEqual(await identity(), first);
});
