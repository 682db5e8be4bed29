import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { EntryPointMemory } from "../../src/projects/entryPointMemory.ts";
import { readMlproject, readMlprojectWhole } from "../../src/projects/mlproject.ts";
import { edits, startingTexts } from "./languageEdits.ts";

/** Entry points in every way of writing them, one after the other. */
function manyEntryPoints(lineEnd: string): string {
  const step = (_: unknown, n: number) => `  # Step ${n}.
  step_${n}:
    parameters:
      eta: {type: float, default: 0.${n}}
      name:
        type: string
        default: "a${n}"
      note: string
    command: ${n % 3 === 0 ? ">-" : "|"}
      python train.py --eta {eta}
      --name '{name}' {note}
`;
  const text = `name: many\nentry_points:\n${Array.from({ length: 8 }, step).join("")}python_env: python_env.yaml\n`;
  return text.replaceAll("\n", lineEnd);
}

/**
 * Edits files at random, and compares what is read in parts, with and without a memory of the version before, with what is read as a
 * whole. Of broken files all problems are compared, not what could be made out of them.
 */
export function readEditedParts(count: number, seed: number): void {
  const texts = [manyEntryPoints("\n"), manyEntryPoints("\r\n"), ...startingTexts()].filter(
    (text) => text.length < 20_000 && /^entry_points:\s*$/m.test(text),
  );
  const property = fc.property(fc.nat({ max: texts.length - 1 }), edits, (index, all) => {
    const memory = new EntryPointMemory();
    let text = texts[index] ?? "";
    for (const { at, remove, insert } of all) {
      const start = Math.round(at * text.length);
      text = text.slice(0, start) + insert + text.slice(start + Math.min(remove, 300));
      const read = readMlproject(text, memory);
      deepEqual(read, readMlproject(text));
      const whole = readMlprojectWhole(text);
      const isBroken = whole.problems.some(({ code }) => code === "yaml-syntax");
      deepEqual(isBroken ? read.problems : read, isBroken ? whole.problems : whole);
    }
  });
  fc.assert(property, { numRuns: count, seed });
}
