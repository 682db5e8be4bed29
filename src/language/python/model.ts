// What a script takes on its command line, as far as its text says.
import type { TextRange } from "../../projects/document.ts";

export const FRAMEWORKS = ["argparse", "click", "typer", "fire", "absl", "hydra", "sys.argv"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** A place in a Python file. */
export interface Place {
  /** Absolute path. */
  file: string;
  range: TextRange;
}

/** What a script makes of a text: `truth` is Python's `bool()`, true for every text but the empty one. */
export const VALUE_TYPES = ["int", "float", "text", "truth", "switch"] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export interface ScriptOption {
  /** `--lr`, `-l`; none for a positional. */
  flags: string[];
  /** `--no-…`: flags that turn it off. */
  offFlags: string[];
  /** The name the script knows it by. */
  name: string;
  /** How many values follow. */
  least: number;
  most: number;
  /** Takes all that follows, options too. */
  remainder: boolean;
  required: boolean;
  /** Undefined: any text, or what cannot be known. */
  type?: ValueType;
  /** Bounds of a number. */
  minimum?: number;
  maximum?: number;
  /** The values it takes; told of a type that is known. */
  choices?: string[];
  ignoresCase?: boolean;
  /** May stand several times, and every value counts. */
  repeats?: boolean;
  /** As Python prints it. */
  default?: string;
  help?: string;
  /** May not be there: what is missing or wrong about it is not told. */
  uncertain: boolean;
  /** The call or parameter that declares it, and the word in it that names it. */
  place: Place;
  namePlace: Place;
}

export interface ScriptInterface {
  framework: Framework;
  description?: string;
  options: ScriptOption[];
  /** More than what is here may be taken: nothing is unknown or missing. */
  open: boolean;
  /** Unknown options are let pass (`parse_known_args`). */
  ignoresUnknown: boolean;
  /** `--ep` is `--epochs` when only that begins so. */
  abbreviations: boolean;
  /** Words that begin with it name files with more words. */
  filePrefix?: string;
  commands: Map<string, ScriptInterface>;
  commandRequired: boolean;
  /** Names of options of which at most one, or exactly one, is given. */
  exclusive: Array<{ names: string[]; required: boolean }>;
  place: Place;
}

export function emptyInterface(framework: Framework, place: Place): ScriptInterface {
  return {
    framework,
    options: [],
    open: false,
    ignoresUnknown: false,
    abbreviations: framework === "argparse",
    commands: new Map(),
    commandRequired: false,
    exclusive: [],
    place,
  };
}

/** `--lr`, the longest of its flags; a positional's name. */
export function shownName(option: ScriptOption): string {
  return option.flags.find((flag) => flag.startsWith("--")) ?? option.flags[0] ?? option.name;
}

export function isPositional(option: ScriptOption): boolean {
  return option.flags.length === 0;
}
