// A script that takes what a command gives it, to begin with.
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { textRepr } from "../../projects/yamlScalars.ts";
import type { Word } from "./commandWords.ts";
import { literalText } from "./commandWords.ts";
import type { ScriptCall } from "./scriptCall.ts";

/** The text of the script that `call` calls. */
export function newScript(entryPoint: EntryPoint, { program, words }: ScriptCall): string {
  if (program === "shell") return "#!/usr/bin/env bash\nset -e\n";
  if (program === "R") return "";
  const options = optionsOf(words).map(({ flag, name }) => {
    const parameter = entryPoint.parameters.find((one) => one.name === name);
    const parts = [textRepr(flag), ...typeOf(parameter), ...(flag.startsWith("-") ? defaultOf(parameter) : [])];
    if (flag.startsWith("-") && name === undefined) parts.push('action="store_true"');
    return `    parser.add_argument(${parts.join(", ")})\n`;
  });
  return `import argparse

import mlflow


def main():
    parser = argparse.ArgumentParser()
${options.join("")}    args = parser.parse_args()
    with mlflow.start_run():
        print(args)


if __name__ == "__main__":
    main()
`;
}

/** Options with the parameter that fills them, and parameters that stand alone. */
function optionsOf(words: readonly Word[]): { flag: string; name?: string }[] {
  const found: { flag: string; name?: string }[] = [];
  for (const [index, word] of words.entries()) {
    const [first, second] = word.pieces;
    const flag = first?.kind === "text" ? /^(--?[A-Za-z][\w-]*)(=?)$/.exec(first.text) : null;
    const before = found.at(-1);
    if (flag?.[1] !== undefined) {
      const filled = flag[2] === "=" && second?.kind === "placeholder" ? { name: second.name } : {};
      found.push({ flag: flag[1], ...filled });
    } else if (first?.kind === "placeholder" && word.pieces.length === 1) {
      const takesIt =
        before !== undefined && before.name === undefined && literalText(words[index - 1]) === before.flag;
      if (takesIt) before.name = first.name;
      else found.push({ flag: first.name.replace(/\W/g, "_"), name: first.name });
    }
  }
  return found.filter((one, index) => found.findIndex(({ flag }) => flag === one.flag) === index);
}

function typeOf(parameter: Parameter | undefined): string[] {
  if (parameter === undefined) return [];
  if (["float", "number", "double"].includes(parameter.type)) return ["type=float"];
  return ["int", "integer", "long"].includes(parameter.type) ? ["type=int"] : [];
}

function defaultOf(parameter: Parameter | undefined): string[] {
  if (parameter === undefined) return [];
  const { default: value } = parameter;
  if (value === undefined) return ["required=True"];
  const isNumber = typeOf(parameter).length > 0 && /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/.test(value);
  return [`default=${isNumber ? value : textRepr(value)}`];
}
