// Mistakes that people make in MLproject files, planted one at a time where a file has a place for them.
import { readMlproject } from "../../src/projects/mlproject.ts";
import { COMMAND_MISTAKES } from "./mistakesOfCommands.ts";
import { FILE_MISTAKES } from "./mistakesOfFiles.ts";
import type { Mistake, Planted } from "./plantMistakes.ts";
import type { Random } from "./random.ts";

export const MISTAKES: Record<string, Mistake> = { ...FILE_MISTAKES, ...COMMAND_MISTAKES };

/** A file with one mistake in it. */
export interface Spoiled extends Planted {
  file: string;
  kind: string;
  mistake: Mistake;
  original: string;
}

/** Every mistake at a random place of every file that has one for it. */
export function spoil(files: readonly { name: string; text: string }[], random: Random): Spoiled[] {
  return files.flatMap(({ name, text }) => {
    const document = readMlproject(text);
    if (document.problems.some((problem) => problem.code.startsWith("yaml-") && problem.severity === "error"))
      return [];
    return Object.entries(MISTAKES).flatMap(([kind, mistake]): Spoiled[] => {
      const planted = mistake.plant({ text, document, random });
      return planted === undefined || planted.text === text
        ? []
        : [{ ...planted, file: name, kind, mistake, original: text }];
    });
  });
}
