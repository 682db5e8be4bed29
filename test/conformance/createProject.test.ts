import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createProject } from "../../src/language/service/createProject.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { findPython, findScriptsPython, root, skipWithout } from "../support/environment.ts";
import { readerOf, runScripts, SCRIPTS } from "../support/scriptRuns.ts";

const mlflow = findPython();
const python = findScriptsPython();
const skip =
  skipWithout(mlflow, "Python with mlflow") || skipWithout(python, "Python with click, typer, fire, absl and hydra");

/** Modules of others. */
const NO_SCRIPTS = ["options.py"];

/** What the required parameters of the scripts take; `1` suits the others. */
const VALUES = { sgd: "1", metric: "rmse" };

describe("an MLproject made from a script", { skip }, () => {
  const scripts = readdirSync(SCRIPTS).filter((name) => name.endsWith(".py") && !NO_SCRIPTS.includes(name));
  const reader = readerOf();
  const texts = scripts.map((script) =>
    createProject({
      name: `of ${script}`,
      script,
      takes: reader.interfaceOf(script, ["."]),
      environment: { key: "python_env", path: "python_env.yaml" },
    }),
  );
  const built = skip === false ? build(texts) : [];

  for (const [index, script] of scripts.entries()) {
    test(`${script}: MLflow loads it, its commands run, and nothing is wrong with it`, async () => {
      const text = texts[index] ?? "";
      assert.deepEqual(
        readMlproject(text).problems.map(({ code, message }) => `${code} ${message}`),
        [],
      );
      const commands = Object.entries(built[index] ?? {});
      assert.ok(commands.length > 0);
      // Where one of a group of switches is required, no value stands for it.
      const runs = commands
        .filter(([name]) => script !== "commands.py" || name !== "train")
        .map(([, command]) => ({ script, words: wordsOf(command).slice(2) }));
      for (const [code, said] of await runScripts(python ?? "", runs)) assert.equal(code, 0, `${text}\n${said}`);
    });
  }
});

function build(texts: readonly string[]): Array<Record<string, string>> {
  const input = JSON.stringify(texts.map((text) => [text, VALUES]));
  const file = join(root, "test/conformance/python/newProjects.py");
  const answer = execFileSync(mlflow ?? "", [file], { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  return JSON.parse(answer) as Array<Record<string, string>>;
}

/** The shell's own way of splitting. */
function wordsOf(command: string): string[] {
  // From a pipe of node's bash reads ~/.bashrc, which may print something.
  const printed = execFileSync("bash", ["-c", `printf '%s\\0' ${command}`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return printed.split("\0").slice(0, -1);
}
