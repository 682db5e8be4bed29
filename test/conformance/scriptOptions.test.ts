import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findScriptsPython, skipWithout } from "../support/environment.ts";
import { randomFrom } from "../support/random.ts";
import { CASES, TRICKY, TRICKY_VALUES } from "../support/scriptCases.ts";
import { changedWords, problemsOfRun, readerOf, runScripts, TRICKY_SCRIPTS } from "../support/scriptRuns.ts";

/** Word lists a script; `test/long` runs more. */
const COUNT = Number(process.env["FLOWDECK_SCRIPT_RUNS"] ?? 150);

const python = findScriptsPython();

describe("what scripts make of their words", {
  skip: skipWithout(python, "Python with click, typer, fire, absl and hydra"),
}, () => {
  for (const { script, good, vocabulary, slow } of CASES) {
    test(`${script} ends with an error exactly where we tell of one`, async () => {
      const random = randomFrom(20261126);
      const changed = Array.from({ length: slow === true ? COUNT / 15 : COUNT }, () =>
        changedWords(random.pick(good), vocabulary, random),
      );
      const runs = [...good, ...changed].map((words) => ({ script, words }));
      const reader = readerOf();
      const ends = await runScripts(python ?? "", runs);
      assert.equal(ends.length, runs.length);
      assert.ok(ends.some(([code]) => code === 0) && ends.some(([code]) => code !== 0), "both ends are met");
      for (const [index, run] of runs.entries()) {
        const [code, said] = ends[index] ?? [0, ""];
        // A value that is taken for true without being refused is told of, and ends well.
        const problems = problemsOfRun(reader, run).filter(({ fault }) => fault !== "always-true");
        const told = problems.map(({ fault, at, value, word }) => `${fault} ${at} ${word ?? value ?? ""}`);
        assert.equal(
          told.length > 0,
          code !== 0,
          `${JSON.stringify(run.words)} ended with ${code}: ${said}\nwe told: ${told.join(", ")}`,
        );
      }
    });
  }
});

describe("what is told of scripts written in less usual ways", {
  skip: skipWithout(python, "Python with click, typer, fire, absl and hydra"),
}, () => {
  for (const [script, good] of Object.entries(TRICKY)) {
    test(`${script} ends with an error where we tell of one`, async () => {
      const random = randomFrom(20261126);
      const words = [...new Set(good.flat())];
      const misspelt = words.filter((word) => word.startsWith("--")).map((word) => word.slice(0, -1));
      const vocabulary = [...TRICKY_VALUES, ...words, ...misspelt].filter((word) => word !== "--");
      const changed = Array.from({ length: COUNT / 3 }, () => changedWords(random.pick(good), vocabulary, random));
      const runs = [...good, ...changed].map((one) => ({ script, words: one }));
      const reader = readerOf(TRICKY_SCRIPTS);
      const ends = await runScripts(python ?? "", runs, TRICKY_SCRIPTS);
      let found = 0;
      for (const [index, run] of runs.entries()) {
        const problems = problemsOfRun(reader, run).filter(({ fault }) => fault !== "always-true");
        const [code, said] = ends[index] ?? [0, ""];
        const told = problems.map(({ fault, value, word }) => `${fault} ${word ?? value ?? ""}`).join(", ");
        if (problems.length > 0)
          assert.notEqual(code, 0, `${JSON.stringify(run.words)} ended well, and we told: ${told} ${said}`);
        if (problems.length > 0) found += 1;
      }
      assert.ok(found > 5, `${found} mistakes are found`);
    });
  }
});
