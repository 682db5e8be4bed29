import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { taskFlags, type TaskDefaults, type TaskWords } from "../../src/extension/projects/taskFlags.ts";

test("a task says what it says itself, and what the settings say else", () => {
  const usual: TaskDefaults = { envManager: "auto", paramQuoting: "raw", python: undefined };
  const rows: [TaskWords, Partial<TaskDefaults>, string][] = [
    [{}, {}, "--entry-point main"],
    [{ entryPoint: "auto", envManager: "auto", runName: "auto" }, {}, "--entry-point auto --run-name auto"],
    [{}, { envManager: "local", python: "/p" }, "--entry-point main --env-manager local --python /p"],
    [{ envManager: "uv" }, { envManager: "local" }, "--entry-point main --env-manager uv"],
    [{}, { paramQuoting: "mlflow" }, "--entry-point main --param-quoting mlflow"],
    [{ parameters: { a: 1, b: true, c: "x" } }, {}, "--entry-point main -P a=1 -P b=true -P c=x"],
  ];
  for (const [task, more, expected] of rows) deepEqual(taskFlags(task, { ...usual, ...more }).join(" "), expected);
});
