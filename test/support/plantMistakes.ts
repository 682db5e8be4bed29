// Ways to plant a mistake in an MLproject file.
import type { EntryPoint, MlprojectDocument, Parameter } from "../../src/projects/document.ts";
import type { Random } from "./random.ts";

/** What MLflow makes of a mistake: the file does not load, an entry point fails, or it runs otherwise than meant. */
export type Outcome = "load" | "run" | "meant";

export interface Mistake {
  /** The codes that tell it; any of them will do. */
  codes: readonly string[];
  outcome: Outcome;
  /** Codes that follow from it elsewhere in the file. */
  also?: readonly string[];
  plant(place: Place): Planted | undefined;
}

export interface Place {
  text: string;
  document: MlprojectDocument;
  random: Random;
}

export interface Planted {
  text: string;
  /** Lines from 0 at one of which the mistake is to be told. */
  lines: number[];
  /** The entry point that fails. */
  entryPoint?: string;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}

export function swap(text: string, start: number, end: number, newText: string, entryPoint?: string): Planted {
  const changed = text.slice(0, start) + newText + text.slice(end);
  const lines = [lineOf(changed, start), lineOf(changed, start + newText.length)];
  return entryPoint === undefined ? { text: changed, lines } : { text: changed, lines, entryPoint };
}

/** An entry point whose command can be changed, with a parameter that fits. */
export function someEntryPoint({ document, random }: Place, fits: (one: EntryPoint) => boolean = () => true) {
  const some = document.entryPoints.filter((one) => one.commandRange !== undefined && fits(one));
  return some.length === 0 ? undefined : random.pick(some);
}

export function someParameter(place: Place, fits: (one: Parameter) => boolean) {
  const owners = place.document.entryPoints.filter((one) => one.parameters.some(fits));
  if (owners.length === 0) return undefined;
  const entryPoint = place.random.pick(owners);
  return { entryPoint, parameter: place.random.pick(entryPoint.parameters.filter(fits)) };
}

/** The last character of a command, before a quote and line ends. */
export function endOfCommand({ text }: Place, { commandRange }: EntryPoint): number {
  const { start, end } = commandRange ?? { start: 0, end: 0 };
  const source = text.slice(start, end).trimEnd();
  return start + source.length - (/^["']/.test(source) ? 1 : 0);
}

/** Adds words to a command. */
export function adding(words: string, codes: readonly string[], outcome: Outcome = "run"): Mistake {
  return {
    codes,
    outcome,
    plant(place) {
      const entryPoint = someEntryPoint(place);
      if (entryPoint === undefined) return undefined;
      const at = endOfCommand(place, entryPoint);
      return swap(place.text, at, at, ` ${words}`, entryPoint.name);
    },
  };
}

/** Changes a placeholder that stands alone in its command. */
export function placeholder(
  change: (name: string) => string,
  codes: readonly string[],
  outcome: Outcome,
  also: string[] = [],
): Mistake {
  return {
    codes,
    outcome,
    also,
    plant(place) {
      const isOnce = (one: EntryPoint, name: string) =>
        one.placeholders.filter((other) => other.name === name).length === 1;
      const entryPoint = someEntryPoint(place, (one) =>
        one.placeholders.some(
          ({ name }) => isOnce(one, name) && one.parameters.some((parameter) => parameter.name === name),
        ),
      );
      if (entryPoint === undefined) return undefined;
      const declared = entryPoint.placeholders.filter(
        ({ name }) => isOnce(entryPoint, name) && entryPoint.parameters.some((one) => one.name === name),
      );
      const { name, range } = place.random.pick(declared);
      const newText = change(name);
      // Quotes within YAML's own would end those.
      const source = place.text.slice(entryPoint.commandRange?.start, entryPoint.commandRange?.end);
      if (/^["']/.test(source) && newText.includes(source.charAt(0))) return undefined;
      const around = [place.text.charAt(range.start - 1), place.text.charAt(range.end)];
      if (around.some((one) => /["'{}$]/.test(one)) && newText !== `{${name}}`) return undefined;
      return swap(place.text, range.start, range.end, newText, entryPoint.name);
    },
  };
}

/** Gives a parameter another default; one in the long form, or in the short one which is then made long. */
export function defaulted(
  types: readonly string[],
  value: string,
  codes: readonly string[],
  outcome: Outcome = "meant",
): Mistake {
  return {
    codes,
    outcome,
    plant(place) {
      const found = someParameter(
        place,
        ({ type, typeRange, nameRange }) =>
          types.includes(type) && typeRange !== undefined && typeRange.start > nameRange.end,
      );
      if (found === undefined) return undefined;
      const { parameter, entryPoint } = found;
      const { defaultScalar, typeRange, nameRange } = parameter;
      if (defaultScalar?.source === value) return undefined;
      if (defaultScalar !== undefined && defaultScalar.range.end > defaultScalar.range.start) {
        return swap(place.text, defaultScalar.range.start, defaultScalar.range.end, value, entryPoint.name);
      }
      const between = place.text.slice(nameRange.end, typeRange?.start);
      if (typeRange === undefined || !/^\s*: *$/.test(between)) return undefined;
      const long = `{type: ${parameter.type}, default: ${value}}`;
      return swap(place.text, typeRange.start, typeRange.end, long, entryPoint.name);
    },
  };
}

/** Misspells a key that stands at the beginning of its line, or in brackets. */
export function misspelt(
  key: string,
  wrong: string,
  outcome: Outcome,
  also: string[] = [],
  codes = ["unknown-key"],
): Mistake {
  return {
    codes,
    outcome,
    also,
    plant({ text, random }) {
      const places = [...text.matchAll(new RegExp(`(?<=^[ \\t]*|[{,] *)${key}(?= *:(?:\\s|$))`, "gm"))];
      if (places.length === 0) return undefined;
      const { index } = random.pick(places);
      return swap(text, index, index + key.length, wrong);
    },
  };
}

/** Takes what stands below a line of block style away. */
export function emptied(
  what: (place: Place) => number | undefined,
  codes: readonly string[],
  instead = "",
  also: string[] = [],
): Mistake {
  return {
    codes,
    outcome: "load",
    also,
    plant(place) {
      const key = what(place);
      if (key === undefined) return undefined;
      const { text } = place;
      const start = text.lastIndexOf("\n", key - 1) + 1;
      const indent = key - start;
      const end = text.indexOf("\n", key);
      if (end < 0 || text.slice(start, key).trim() !== "" || !/:\s*$/.test(text.slice(key, end))) return undefined;
      const next = new RegExp(`\\n {0,${indent}}[^ \\r\\n#]`, "g");
      next.lastIndex = end;
      const found = next.exec(text);
      const body = found === null ? text.length : found.index + 1;
      const head = text.slice(0, end).replace(/[ \t\r]*$/, "");
      return { text: `${head}${instead}\n${text.slice(body)}`, lines: [lineOf(text, key)] };
    },
  };
}

export const aParameter = (place: Place) => someParameter(place, () => true);

export const NUMBERS = ["float", "int", "number", "double", "integer"];
export const TEXTS = ["string", "str"];

export function indexOfKey(text: string, key: string): number | undefined {
  const found = new RegExp(`^${key}[ \\t]*:`, "m").exec(text);
  return found?.index;
}

export function someParameters(place: Place): number | undefined {
  const owner = someEntryPoint(
    place,
    ({ parameters, parametersRange }) => parameters.length > 0 && parametersRange !== undefined,
  );
  return owner?.parametersRange?.start;
}

export function commandOf(value: string, codes: readonly string[]): Mistake {
  return {
    codes,
    outcome: "run",
    also: ["unused-parameter"],
    plant(place) {
      const entryPoint = someEntryPoint(place);
      if (entryPoint?.commandRange === undefined) return undefined;
      const { start, end } = entryPoint.commandRange;
      const lineEnd = place.text[end - 1] === "\n" ? "\n" : "";
      const planted = swap(place.text, start, end, value + lineEnd, entryPoint.name);
      return { ...planted, lines: [lineOf(place.text, start)] };
    },
  };
}

export function retyped(change: (type: string) => string): Mistake {
  return {
    codes: ["unknown-type"],
    outcome: "meant",
    plant(place) {
      const found = someParameter(
        place,
        ({ type, typeRange }) => typeRange !== undefined && ["float", "string", "path"].includes(type),
      );
      const { typeRange } = found?.parameter ?? {};
      if (found === undefined || typeRange === undefined) return undefined;
      return swap(place.text, typeRange.start, typeRange.end, change(found.parameter.type));
    },
  };
}

export function docker(lines: string, codes: readonly string[]): Mistake {
  return {
    codes,
    outcome: "load",
    plant({ text, document }) {
      const at = indexOfKey(text, "entry_points");
      if (document.environment !== undefined || document.name === undefined || at === undefined) return undefined;
      return swap(text, at, at, `${lines}\n`);
    },
  };
}

/** Writes a command of one line as a block. */
export function block(header: string, code: string, lines: (command: string) => string[]): Mistake {
  return {
    codes: [code],
    outcome: "meant",
    also: ["quoted-placeholder"],
    plant(place) {
      const entryPoint = someEntryPoint(place, ({ command = "", commandRange, nameRange }) => {
        const key = place.text.slice(nameRange.end, commandRange?.start);
        return !command.includes("\n") && /\n *command: *$/.test(key) && !/[{,]/.test(key.split("\n").at(-1) ?? "");
      });
      if (entryPoint?.commandRange === undefined || entryPoint.command === undefined) return undefined;
      const { start, end } = entryPoint.commandRange;
      const indent = /^ */.exec(place.text.slice(place.text.lastIndexOf("\n", start) + 1))?.[0] ?? "";
      const body = lines(entryPoint.command).map((line) => `\n${indent}  ${line}`);
      const rest = /^[^\n]*\n?/.exec(place.text.slice(end))?.[0] ?? "";
      if (rest.trim() !== "" && !rest.trim().startsWith("#")) return undefined;
      const changed = `${place.text.slice(0, start)}${header}${body.join("")}\n${place.text.slice(end + rest.length)}`;
      return { text: changed, lines: [lineOf(changed, start)] };
    },
  };
}
