// What an MLproject declares of a parameter, beside what the script that gets it says of its own option.
import type { EntryPoint, MlprojectDocument, Parameter, Problem } from "../../projects/document.ts";
import { valueProblem } from "../python/argumentValues.ts";
import type { ScriptOption } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";
import type { Binding } from "./callCursor.ts";
import { bindingsOf } from "./callCursor.ts";
import type { Workspace } from "./workspace.ts";

/** Finds parameters whose declaration does not suit the option that gets them. */
export function checkScriptTypes(document: MlprojectDocument, workspace: Workspace): Problem[] {
  if (workspace.scripts === undefined) return [];
  return document.entryPoints.flatMap((entryPoint) =>
    bindingsOf(document, entryPoint, workspace)
      .filter(isWhole)
      .flatMap((binding) => checkAddress(entryPoint, binding) ?? checkDefault(entryPoint, binding)),
  );
}

/** The option gets the value as it is, and nothing about which option that is has to be guessed. */
export function isWhole({ option, word, known: { script } }: Binding): boolean {
  const [first, second, ...more] = word.pieces;
  const isValue = first?.kind === "placeholder" && second === undefined;
  const isBehindSign = first?.kind === "text" && first.text.endsWith("=") && second?.kind === "placeholder";
  const isPlain = (piece: typeof first) => piece?.kind !== "placeholder" || piece.plain;
  if (option.uncertain || word.splits || more.length > 0 || !(isValue || isBehindSign)) return false;
  if (!isPlain(first) || !isPlain(second) || script.open || script.framework === "hydra") return false;
  if (!isPositional(option)) return true;
  return script.commands.size === 0 && script.options.every(({ flags, least }) => flags.length > 0 || least === 1);
}

const NUMBERS = { int: "a whole number", float: "a number" } as const;

/** MLflow makes an absolute path of a `path`, and takes a `uri` with a scheme only. */
function checkAddress(entryPoint: EntryPoint, { parameter, option, known }: Binding): Problem[] | undefined {
  const { type, typeRange, name } = parameter;
  if (typeRange === undefined || !(type === "path" || (type === "uri" && parameter.default === undefined)))
    return undefined;
  const what = type === "path" ? `MLflow makes an absolute path of ${name}` : `${name} is a URI`;
  const fails = `Running ${entryPoint.name} fails: ${what}, and ${nameOf(option)} of ${known.call.name} takes`;
  if (option.type === "int" || option.type === "float")
    return [
      { code: "script-value-type", severity: "error", message: `${fails} ${NUMBERS[option.type]}.`, range: typeRange },
    ];
  const suits = type === "path" ? /^\/|^[A-Za-z]:/ : /:/;
  if (option.choices === undefined || option.choices.length === 0 || option.choices.some((one) => suits.test(one)))
    return undefined;
  const list = option.choices.slice(0, 8).map((one) => `\`${one}\``);
  return [
    { code: "script-value-choice", severity: "error", message: `${fails} ${list.join(", ")} only.`, range: typeRange },
  ];
}

function checkDefault(entryPoint: EntryPoint, { parameter, option, known }: Binding): Problem[] {
  const own = option.default;
  const { default: declared, defaultScalar } = parameter;
  if (own === undefined || declared === undefined || defaultScalar === undefined || option.most !== 1) return [];
  // What the script refuses is told already.
  if (isSameValue(parameter, own, declared) || valueProblem(option, declared) !== undefined) return [];
  const message = `${entryPoint.name} runs with ${declared || "''"}, and ${known.call.name} without it with ${own || "''"}.`;
  return [{ code: "script-default-differs", severity: "hint", message, range: defaultScalar.range }];
}

/** A path is another text for the script, and numbers are written in several ways. */
function isSameValue({ type }: Parameter, a: string, b: string): boolean {
  const plain = (text: string) =>
    type === "path" ? text.replace(/^\.\//, "").replace(/\/$/, "") : text.trim().toLowerCase();
  const [left, right] = [plain(a), plain(b)];
  return (
    left === right ||
    (left !== "" && right !== "" && Number(left.replaceAll("_", "")) === Number(right.replaceAll("_", "")))
  );
}

function nameOf(option: ScriptOption): string {
  return isPositional(option) ? `the argument \`${option.name}\`` : `\`${shownName(option)}\``;
}
