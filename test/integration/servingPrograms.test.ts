import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { imageCommand } from "../../src/extension/serving/imageCommand.ts";
import { ask } from "../../src/models/serving/health.ts";
import { findPython, skipWithout, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { readRecord, recordingPrograms } from "../support/recordingPrograms.ts";
import { freePort } from "../support/ports.ts";
import { askModel, processesWith, serveModel, usualEnvironment } from "../support/scoring.ts";
import { doublingModel } from "../support/smallModel.ts";

// Programs that the real mlflow calls for a served model, and that are not on every machine: recorded, from us and from mlflow alone.

const python = findPython();
const skip = skipWithout(python, "Python with mlflow");
const programs = () => recordingPrograms({ prefix: dirname(dirname(python ?? "")), version: "3.11.7" });

/** Variables of a shell in which conda and docker are recorded. */
function recordingTo(record: string, bin: string): Record<string, string> {
  const usual = usualEnvironment();
  return { ...usual, PATH: `${bin}:${usual["PATH"]}`, RECORD: record };
}

test("a model is served in conda's environment by what mlflow itself asks conda for", { skip }, async () => {
  const { bin } = await programs();
  const model = doublingModel(["mlflow"]);
  const [ours, theirs] = [0, 1].map(() => join(temporaryFolder(), "record"));
  const environment = recordingTo(ours ?? "", bin);
  const { request, held, reaches } = await serveModel(model, { env_manager: "conda", environment });
  const { url } = await reaches("ready");
  const { answer } = await askModel(url, { dataframe_split: { columns: ["a"], data: [[21]] } });
  deepEqual(answer, { predictions: [42] });
  await held.stop();
  await until("nothing of it to be left", () => processesWith(request.id).length === 0);
  const calls = await readRecord(ours ?? "");

  const port = await freePort();
  const where = ["-m", model, "-p", String(port)];
  const args = ["-m", "mlflow", "models", "serve", ...where, "--env-manager", "conda"];
  const alone = spawn(python ?? "", args, {
    env: { ...process.env, ...recordingTo(theirs ?? "", bin) },
    detached: true,
    stdio: "ignore",
  });
  const end = () => process.kill(-(alone.pid ?? 0), "SIGKILL");
  whenOver(() => alone.exitCode ?? alone.signalCode ?? end());
  const recorded = () => readRecord(theirs ?? "");
  await until("mlflow to serve", async () => (await ask({ host: "127.0.0.1", port }, "/ping", 5_000))?.status === 200);
  const exit = once(alone, "exit");
  end();
  await exit;
  deepEqual(calls, await recorded());
  deepEqual(
    calls.map((call) => call.slice(0, call[0] === "activate" ? 1 : 3).join(" ")),
    ["conda --help", "conda --help", "conda env list", "conda env create", "activate", "activate"],
  );
});

test("what conda was making when its server was stopped is removed by conda", { skip }, async () => {
  const { bin } = await programs();
  const record = join(temporaryFolder(), "record");
  const slow = join(temporaryFolder(), "making");
  // Conda takes its time.
  const conda = join(bin, "conda");
  const text = readFileSync(conda, "utf8").replace("*create*)", `*create*) touch ${slow}; sleep 300;`);
  writeFileSync(conda, text);
  const change = { env_manager: "conda", environment: recordingTo(record, bin) } as const;
  const { request, held } = await serveModel(doublingModel(["mlflow"]), change);
  await until("conda to be at work", () => existsSync(slow));
  await held.stop();
  await until("nothing of it to be left", () => processesWith(request.id).length === 0);
  const calls = await readRecord(record);
  const [, , , , made = ""] = calls.find((call) => call[2] === "create") ?? [];
  match(made, /^mlflow-[0-9a-f]{40}$/);
  deepEqual(calls.at(-1), ["conda", "env", "remove", "-n", made, "--yes"]);
});

test("an image is built by what mlflow itself asks docker for", { skip }, async () => {
  const { bin } = await programs();
  const model = join(doublingModel(["mlflow"]), ".");
  const calls = await Promise.all(
    ["ours", "mlflow's"].map(async (whose) => {
      const record = join(temporaryFolder(), "record");
      const env = { ...process.env, ...recordingTo(record, bin), DOCKER_HOST: "tcp://127.0.0.1:1" };
      const words = ["-m", "mlflow", "models", "build-docker", "-m", model, "-n", "double:1"];
      const ours = ["bash", "-c", imageCommand(python ?? "", model, "double:1")];
      const [program = "", ...args] = whose === "ours" ? ours : [python ?? "", ...words];
      // From a pipe of node's bash reads ~/.bashrc.
      const [code] = await once(spawn(program, args, { env, stdio: "ignore" }), "close");
      equal(code, 0, whose);
      return readRecord(record);
    }),
  );
  deepEqual(calls[0], calls[1]);
  const build = calls[0]?.at(-1) ?? [];
  deepEqual(build.slice(0, 4), ["docker", "build", "-t", "double:1"]);
  equal(build.at(-1), ".");
  ok(build.includes("Dockerfile"));
});
