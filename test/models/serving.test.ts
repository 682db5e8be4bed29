import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isHealthCheck, readAccess } from "../../src/models/serving/accessLog.ts";
import { BoundedLog } from "../../src/models/serving/boundedLog.ts";
import { EnvironmentBuild, isLaunch } from "../../src/models/serving/environmentBuild.ts";
import { explainEnd, type Ended } from "../../src/models/serving/explain.ts";
import { Lines } from "../../src/models/serving/lines.ts";
import { readRequest } from "../../src/models/serving/stateFile.ts";
import { root, temporaryFolder } from "../support/environment.ts";

const lines: [line: string, read: ReturnType<typeof readAccess>][] = [
  // uvicorn (mlflow 2.21 and later).
  [
    'INFO:     127.0.0.1:46078 - "POST /invocations HTTP/1.1" 200 OK',
    { method: "POST", path: "/invocations", status: 200 },
  ],
  [
    '\u001B[32mINFO\u001B[0m:     127.0.0.1:46078 - "\u001B[1mPOST /invocations?x=1 HTTP/1.1\u001B[0m" \u001B[31m400 Bad Request\u001B[0m',
    { method: "POST", path: "/invocations", status: 400 },
  ],
  // gunicorn, told to log to its standard output.
  [
    '127.0.0.1 - - [27/Nov/2026:08:12:01 +0000] "POST /invocations HTTP/1.1" 200 25 "-" "curl/8.5.0"',
    { method: "POST", path: "/invocations", status: 200 },
  ],
  // Flask's own server.
  ['127.0.0.1 - - [27/Nov/2026 08:12:01] "GET /ping HTTP/1.1" 200 -', { method: "GET", path: "/ping", status: 200 }],
  ["INFO:     Started server process [3378]", undefined],
  ['The model says "POST /invocations HTTP/1.1" 200 OK', undefined],
  ["", undefined],
];
test("a request is read from the line of each server that mlflow has used", () => {
  for (const [line, read] of lines) deepEqual(readAccess(line), read, line);
});

test("only a health check that was answered is left out of the log", () => {
  const checks: [path: string, status: number, is: boolean][] = [
    ["/ping", 200, true],
    ["/health", 200, true],
    ["/version", 200, true],
    ["/ping", 404, false],
    ["/invocations", 200, false],
  ];
  for (const [path, status, is] of checks) equal(isHealthCheck({ method: "GET", path, status }), is, path);
});

const WHO: Ended = {
  ...{ title: "wine-quality 2", port: 5001, python: "/home/me/venv/bin/python", env_manager: "local" },
  ...{ workers: 1, wasLaunched: false, wasReady: false, outOfMemory: false, lines: [] },
};

/** What a start of mlflow printed. */
function printed(name: string, release = "3.17.2"): string[] {
  return readFileSync(join(root, `test/fixtures/serving/mlflow-${release}-${name}.log`), "utf8")
    .trimEnd()
    .split("\n");
}

const endings: [log: string, who: Partial<Ended>, text: string, action: string, value?: string][] = [
  [
    "missing-module",
    { title: "forecast 1" },
    "forecast 1 needs forecast-tools==1.4.0, which venv does not have; install it, or serve in a virtualenv.",
    "copyInstall",
    "/home/me/venv/bin/python -m pip install forecast-tools==1.4.0",
  ],
  ["port-taken", {}, "Port 5001 is taken by another program, so wine-quality 2 was not served.", "serveElsewhere"],
  [
    "no-conda",
    { env_manager: "conda" },
    "conda is not on this machine, so the environment of wine-quality 2 was not made; install it, or serve with the interpreter.",
    "useLocal",
  ],
  [
    "no-pyenv",
    { env_manager: "virtualenv" },
    "pyenv is not on this machine, so the environment of wine-quality 2 was not made; install it, or serve with the interpreter.",
    "useLocal",
  ],
  [
    "no-uvicorn",
    { env_manager: "uv" },
    "The uv environment of wine-quality 2 could not be made; its log says more.",
    "showLog",
  ],
  [
    "broken-pickle",
    {},
    "wine-quality 2 could not be loaded: it was logged with scikit-learn==1.5.2, and venv has 1.9.1.",
    "useVirtualenv",
  ],
  [
    "file-gone",
    {},
    "The files of wine-quality 2 were not found (model.pkl is gone); look whether its artifacts are still there.",
    "showLog",
  ],
  [
    "skinny",
    { python: "/home/me/skinny/bin/python" },
    "The mlflow of skinny cannot serve, so wine-quality 2 was not served; install the whole mlflow.",
    "copyInstall",
    "/home/me/skinny/bin/python -m pip install mlflow",
  ],
  [
    "no-mlflow",
    { python: "/home/me/scripts/bin/python" },
    "mlflow is not installed in scripts, so wine-quality 2 was not served; choose another Python.",
    "selectInterpreter",
  ],
];
for (const [log, who, text, action, value] of endings) {
  test(`what mlflow prints is told in one sentence with what helps: ${log}`, () => {
    const lines = printed(log);
    const problem = explainEnd({ ...WHO, wasLaunched: lines.some(isLaunch), ...who, lines });
    equal(problem.text, text);
    equal(problem.next?.action, action);
    equal(problem.next?.value, value);
  });
}

test("an older mlflow that does not know uv is told with what it knows", () => {
  const lines = printed("no-such-manager", "2.9.2");
  const problem = explainEnd({ ...WHO, env_manager: "uv", lines });
  equal(
    problem.text,
    "The mlflow of venv does not know uv, so wine-quality 2 was not served; serve it in a virtualenv.",
  );
  equal(problem.next?.action, "useVirtualenv");
});

test("an address that mlflow prints is told without its password, and copied with it", () => {
  const required = "own @ git+https://me:token@example.org/own";
  const lines = [` - own (current: uninstalled, required: ${required})`, "ModuleNotFoundError: No module named 'own'"];
  const { text, next } = explainEnd({ ...WHO, wasLaunched: true, lines });
  match(text, /^wine-quality 2 needs own @ git\+https:\/\/example\.org\/own, which venv does not have/);
  equal(next?.value, `/home/me/venv/bin/python -m pip install '${required}'`);
  const failed = ["CalledProcessError: Command 'git clone https://me:token@example.org/own' failed"];
  match(explainEnd({ ...WHO, lines: failed }).text, /git clone https:\/\/example\.org\/own/);
});

test("what is known of an end comes before what its log looks like", () => {
  const told = (who: Partial<Ended>) => explainEnd({ ...WHO, ...who }).text;
  const killed = ["Exception: Command 'x' returned non zero return code. Return code = -9"];
  equal(
    told({ outOfMemory: true, lines: killed }),
    "wine-quality 2 ran out of memory and was ended by the system; make room for it, and start it again.",
  );
  match(told({ outOfMemory: true, lines: killed, workers: 2 }), /by the system; serve it with fewer workers\.$/);
  const lost = ["INFO:     Child process [12] died"];
  match(told({ outOfMemory: true, lines: lost, workers: 2 }), /ran out of memory/);
  // Another program's end.
  const missing = { wasLaunched: true, lines: printed("missing-module") };
  match(told({ outOfMemory: true, ...missing }), /^wine-quality 2 needs forecast-tools/);
  match(
    told({ outOfMemory: true, workers: 2, lines: [...lost, "ValueError: bad"] }),
    /before it answered \(ValueError: bad\)/,
  );
  match(
    told({ lines: ["[1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?"] }),
    /want of memory; start it/,
  );
  match(
    told({ halfMade: "/e/mlflow-1", lines: printed("no-uvicorn") }),
    /^The environment of wine-quality 2 was left half made/,
  );
  match(told({ signal: "SIGKILL" }), /^wine-quality 2 was ended by another program/);
  match(
    told({ wasReady: true, lines: ["builtins.MemoryError: 1 GB"] }),
    /^wine-quality 2 ended \(MemoryError: 1 GB\); its log/,
  );
  match(
    told({ lines: ["ValueError: bad value"] }),
    /^wine-quality 2 ended before it answered \(ValueError: bad value\); its log/,
  );
  match(
    told({ lines: ["mlflow.exceptions.MlflowException: No such artifact: 'MLmodel'"] }),
    /^The files of wine-quality 2 were not found; look whether/,
  );
  equal(told({}), "wine-quality 2 ended before it answered; its log says more.");
});

test("a log that is full becomes the one before it, and neither is for others to read", () => {
  const file = join(temporaryFolder(), "x.log");
  const log = new BoundedLog(file, 100);
  for (let line = 0; line < 40; line += 1) log.write(`line ${line}`);
  log.close();
  const [now, before] = [file, `${file}.1`].map((each) => readFileSync(each, "utf8"));
  ok(now?.endsWith("line 39\n"));
  ok(Buffer.byteLength(now ?? "") < 120 && Buffer.byteLength(before ?? "") < 120);
  equal(statSync(file).mode & 0o777, 0o600);
  equal(log.tail.length, 40);
});

test("a log that somebody removed is begun anew when it is full", () => {
  const file = join(temporaryFolder(), "x.log");
  const log = new BoundedLog(file, 100);
  for (let line = 0; line < 5; line += 1) log.write(`line ${line} with something in it`);
  rmSync(file);
  for (let line = 5; line < 20; line += 1) log.write(`line ${line} with something in it`);
  log.close();
  ok(readFileSync(file, "utf8").endsWith("line 19 with something in it\n"));
});

test("lines are put together again, and one without an end does not gather for ever", () => {
  const read: string[] = [];
  const cut = new Lines((line) => read.push(line));
  for (const piece of ["one\ntw", "o\r\n\xc3", "\xa9\n"]) cut.write(Buffer.from(piece, "latin1"));
  cut.write(Buffer.alloc(70_000, "x"));
  cut.write(Buffer.from("end"));
  cut.end();
  deepEqual(
    read.map((line) => line.slice(0, 4)),
    ["one", "two", "é", "xxxx", "end"],
  );
});

test("an environment whose making is ended is removed, and one that an end left is found", async () => {
  const parent = temporaryFolder();
  const name = `mlflow-${"0a".repeat(20)}`;
  const [half, other] = [join(parent, name), join(parent, "mlflow-mine")];
  for (const folder of [half, other]) mkdirSync(folder);
  const begun = (folder: string) =>
    `2026/11/26 INFO mlflow.utils.virtualenv: Creating a new environment in ${folder} with /p`;
  const ended = new EnvironmentBuild();
  ended.read(begun(half));
  // Not named as mlflow names one: any program may print such a line.
  ended.read(begun(other));
  await ended.remove({});
  deepEqual([existsSync(half), existsSync(other)], [false, true]);

  mkdirSync(join(half, "bin"), { recursive: true });
  const found = `2026/11/26 INFO mlflow.utils.virtualenv: Environment ${half} already exists`;
  equal(new EnvironmentBuild().read(found), half);
  writeFileSync(join(half, "bin/uvicorn"), "");
  const whole = new EnvironmentBuild();
  equal(whole.read(found), undefined);
  whole.read(begun(half));
  whole.read("=== Running command '['bash', '-c', 'source x && exec uvicorn --host h app:app']'");
  await whole.remove({});
  ok(existsSync(half));
});

test("a request that is not whole is refused", () => {
  const whole = {
    ...{ format: 1, id: "a-1", store: "s", model_uri: "m", served_uri: "m", title: "t", python: "p", cwd: "/" },
    ...{ env_manager: "local", workers: 1, timeout: 60, host: "127.0.0.1", port: 1, keep: false, folder: "/f" },
    ...{ environment: {}, linger: 1, patience: 1 },
  };
  equal(readRequest(JSON.stringify(whole)).id, "a-1");
  for (const wrong of [{ id: "../x" }, { env_manager: "pip" }, { port: "1" }, { format: 2 }, { python: "" }]) {
    let refused = false;
    try {
      readRequest(JSON.stringify({ ...whole, ...wrong }));
    } catch {
      refused = true;
    }
    ok(refused, JSON.stringify(wrong));
  }
});
