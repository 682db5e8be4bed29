// How argparse takes words: the same steps as Python's, on words whose values may not be known.
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { flagsOf, valueProblem } from "./argumentValues.ts";
import { isPositional } from "./model.ts";
import type { ScriptInterface, ScriptOption } from "./model.ts";

interface Taken {
  option?: ScriptOption;
  flag: string;
  /** Behind `=`, or behind a short flag in the same word. `undefined` inside: not known. */
  explicit?: { text: string | undefined };
}

/** Negative numbers are values where no option looks like one; Python 3.14 takes more forms for numbers. */
const NEGATIVE = /^-(?:\d+|\d*\.\d+)$/;
const NEGATIVE_LATER = /^-(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:e[-+]?\d+)?j?$/i;

export function checkArgparse(script: ScriptInterface, words: readonly Argument[]): ArgumentProblem[] {
  const { filePrefix } = script;
  const isFile = ({ text, start }: Argument) => filePrefix !== undefined && (text ?? start).startsWith(filePrefix);
  const args = words.map((word) => (isFile(word) ? { ...word, splits: true } : word));
  const parse = new Parse(script, args);
  const problems = parse.run();
  const extras = script.ignoresUnknown || script.open || parse.asksHelp ? [] : parse.extras;
  return [...problems, ...extras.map((extra) => extraProblem(script, args, extra))];
}

interface Extra {
  at: number;
  /** The parser that did not know it. */
  by: ScriptInterface;
  isOption: boolean;
}

function extraProblem(
  script: ScriptInterface,
  args: readonly Argument[],
  { at, by, isOption }: Extra,
): ArgumentProblem {
  const word = (args[at]?.text ?? args[at]?.start ?? "").replace(/=[^]*$/, "");
  if (isOption) return { fault: "unknown-option", at, word, known: [...flagsOf(by), ...flagsOf(script)] };
  const value = args[at]?.text;
  return { fault: "needless-argument", at, ...(value === undefined ? {} : { value }) };
}

class Parse {
  readonly #script: ScriptInterface;
  readonly #args: readonly Argument[];
  readonly #base: number;
  readonly #problems: ArgumentProblem[] = [];
  readonly #seen = new Set<ScriptOption>();
  readonly #taken = new Map<number, Taken>();
  readonly extras: Extra[] = [];
  asksHelp = false;
  /** What words there are cannot be told: nothing is missing or needless. */
  #isLoose: boolean;
  #pattern = "";
  #positionals: ScriptOption[];

  constructor(script: ScriptInterface, args: readonly Argument[], base = 0) {
    this.#script = script;
    this.#args = args;
    this.#base = base;
    // Versions of Python differ in what they make of more than one `--`, and of one beside commands.
    const dashes = args.filter(({ text }) => text === "--").length;
    const isOdd = dashes > 1 || (dashes > 0 && script.commands.size > 0);
    this.#isLoose = script.open || isOdd || args.some(({ splits }) => splits);
    this.#positionals = script.options.filter(isPositional);
    if (script.commands.size > 0) this.#positionals.push(commandOption(script));
  }

  run(): ArgumentProblem[] {
    this.#classify();
    let start = 0;
    const last = Math.max(-1, ...this.#taken.keys());
    while (start <= last) {
      const next = Math.min(...[...this.#taken.keys()].filter((index) => index >= start));
      if (next !== start) {
        const end = this.#consumePositionals(start);
        if (end > start) {
          start = end;
          continue;
        }
        for (let index = start; index < next; index += 1) this.#extra(index, false);
        start = next;
      }
      start = this.#consumeOption(start);
      // It shows its help and ends, whatever follows.
      if (this.asksHelp) return this.#problems;
    }
    const stop = this.#consumePositionals(start);
    for (let index = stop; index < this.#args.length; index += 1) {
      if (this.#pattern[index] !== "-") this.#extra(index, this.#taken.has(index));
    }
    if (!this.#isLoose && !this.asksHelp) this.#checkMissing();
    return this.#problems;
  }

  #extra(at: number, isOption: boolean): void {
    if (this.#args[at]?.splits === true || (this.#isLoose && !isOption)) return;
    this.extras.push({ at: this.#base + at, by: this.#script, isOption });
  }

  #classify(): void {
    let onlyValues = false;
    for (const [index, argument] of this.#args.entries()) {
      if (!onlyValues && argument.text === "--") {
        this.#pattern += "-";
        onlyValues = true;
        continue;
      }
      const taken = onlyValues || argument.splits ? undefined : this.#option(argument, index);
      if (taken !== undefined) this.#taken.set(index, taken);
      this.#pattern += taken === undefined ? "A" : "O";
    }
  }

  /** The option a word means; undefined for a value. */
  #option(argument: Argument, index: number): Taken | undefined {
    const text = argument.text ?? argument.start;
    if (text.length < 2 || !text.startsWith("-")) return undefined;
    const isWhole = argument.text !== undefined;
    const exact = isWhole ? this.#byFlag(text) : undefined;
    if (exact !== undefined) return { option: exact, flag: text };
    const equals = text.indexOf("=");
    const flag = equals < 0 ? text : text.slice(0, equals);
    // A flag whose end is not known is none that can be told.
    if (equals < 0 && !isWhole) {
      this.#isLoose = true;
      return undefined;
    }
    const explicit = equals < 0 ? {} : { explicit: { text: isWhole ? text.slice(equals + 1) : undefined } };
    const byFlag = this.#byFlag(flag);
    if (byFlag !== undefined) return { option: byFlag, flag, ...explicit };
    const matches = this.#abbreviated(text, flag, explicit);
    const [only, second] = matches;
    if (second !== undefined && new Set(matches.map((match) => match.option)).size > 0) {
      const known = matches.map((match) => match.flag);
      this.#problems.push({ fault: "ambiguous-option", at: this.#base + index, word: flag, known });
      return only;
    }
    if (only !== undefined) return only;
    if (NEGATIVE.test(text) && !this.#hasNumberFlags()) return undefined;
    if (NEGATIVE_LATER.test(text)) {
      this.#isLoose = true;
      return undefined;
    }
    return text.includes(" ") ? undefined : { flag, ...explicit };
  }

  #byFlag(flag: string): ScriptOption | undefined {
    return this.#script.options.find((option) => option.flags.includes(flag) || option.offFlags.includes(flag));
  }

  #hasNumberFlags(): boolean {
    return flagsOf(this.#script).some((flag) => NEGATIVE.test(flag));
  }

  #abbreviated(text: string, flag: string, explicit: Pick<Taken, "explicit">): Taken[] {
    const found: Taken[] = [];
    for (const option of this.#script.options) {
      for (const one of [...option.flags, ...option.offFlags]) {
        if (text.startsWith("--")) {
          if (this.#script.abbreviations && one.startsWith(flag)) found.push({ option, flag: one, ...explicit });
        } else if (one === text.slice(0, 2)) found.push({ option, flag: one, explicit: { text: text.slice(2) } });
        else if (one.startsWith(text)) found.push({ option, flag: one });
      }
    }
    return found;
  }

  #consumeOption(start: number): number {
    const taken = this.#taken.get(start);
    let option = taken?.option;
    if (taken === undefined || option === undefined) {
      this.#extra(start, true);
      return start + 1;
    }
    let { flag, explicit } = taken;
    while (explicit !== undefined && option !== undefined && option.most === 0) {
      const next = explicit.text?.[0];
      const isCluster = !flag.startsWith("--") && next !== undefined && explicit.text !== "";
      this.#note(option, flag);
      if (!isCluster) {
        if (explicit.text !== undefined || flag.startsWith("--")) this.#needless(start, option, explicit.text);
        return start + 1;
      }
      flag = `-${next}`;
      const following = this.#byFlag(flag);
      if (following === undefined) {
        this.#needless(start, option, explicit.text);
        return start + 1;
      }
      const rest = explicit.text?.slice(1) ?? "";
      explicit = rest === "" ? undefined : { text: rest.startsWith("=") ? rest.slice(1) : rest };
      option = following;
    }
    if (option === undefined) return start + 1;
    this.#note(option, flag);
    if (explicit !== undefined) {
      if (option.least > 1) this.#missingValue(start, option, flag);
      else this.#value(option, explicit.text, start);
      return start + 1;
    }
    const count = this.#countFor(option, start + 1);
    if (count === undefined) {
      this.#missingValue(start, option, flag);
      return start + 1;
    }
    for (let index = start + 1; index <= start + count; index += 1) this.#value(option, this.#args[index]?.text, index);
    return start + 1 + count;
  }

  #needless(at: number, option: ScriptOption, value: string | undefined): void {
    const shown = value === undefined ? {} : { value };
    if (!option.uncertain) this.#problems.push({ fault: "needless-value", at: this.#base + at, option, ...shown });
  }

  #missingValue(at: number, option: ScriptOption, word: string): void {
    if (this.#isLoose || option.uncertain) return;
    this.#problems.push({ fault: "missing-value", at: this.#base + at, option, word });
  }

  #note(option: ScriptOption, flag: string): void {
    this.#seen.add(option);
    if (option.most === 0 && /^(?:help|version)$/.test(option.name) && (flag === "-h" || flag.startsWith("--")))
      this.asksHelp = true;
  }

  #countFor(option: ScriptOption, start: number): number | undefined {
    const pattern = new RegExp(`^${patternOf(option, false)}`);
    return pattern.exec(this.#pattern.slice(start))?.[0].length;
  }

  #consumePositionals(start: number): number {
    const rest = this.#pattern.slice(start);
    for (let count = this.#positionals.length; count > 0; count -= 1) {
      const some = this.#positionals.slice(0, count);
      const match = new RegExp(`^${some.map((option) => `(${patternOf(option, true)})`).join("")}`).exec(rest);
      if (match === null) continue;
      let at = start;
      for (const [index, option] of some.entries()) {
        const length = match[index + 1]?.length ?? 0;
        this.#takePositional(option, at, at + length);
        at += length;
      }
      this.#positionals = this.#positionals.slice(count);
      return at;
    }
    return start;
  }

  #takePositional(option: ScriptOption, from: number, to: number): void {
    const indexes = [...Array(to - from).keys()]
      .map((offset) => from + offset)
      .filter((index) => this.#pattern[index] !== "-");
    if (indexes.length > 0 || option.least === 0) this.#seen.add(option);
    if (option.name !== COMMAND) {
      for (const index of indexes) this.#value(option, this.#args[index]?.text, index);
      return;
    }
    const [first] = indexes;
    if (first === undefined) return;
    this.#runCommand(first, to);
  }

  #runCommand(first: number, to: number): void {
    const name = this.#args[first]?.text;
    const command = name === undefined ? undefined : this.#script.commands.get(name);
    if (name === undefined || this.#args[first]?.splits === true) return;
    if (command === undefined) {
      const known = [...this.#script.commands.keys()];
      if (!this.#isLoose) this.#problems.push({ fault: "unknown-command", at: this.#base + first, word: name, known });
      return;
    }
    const inner = new Parse(command, this.#args.slice(first + 1, to), this.#base + first + 1);
    this.#problems.push(...inner.run());
    if (!command.open) this.extras.push(...inner.extras);
    this.asksHelp ||= inner.asksHelp;
  }

  #value(option: ScriptOption, value: string | undefined, index: number): void {
    if (this.#args[index]?.splits === true || (option.remainder && isPositional(option))) return;
    const problem = value === "--" ? undefined : valueProblem(option, value);
    if (problem !== undefined) this.#problems.push({ ...problem, at: this.#base + index });
  }

  #checkMissing(): void {
    for (const option of this.#script.options) {
      if (option.required && !option.uncertain && !this.#seen.has(option))
        this.#problems.push({ fault: "missing-option", option });
    }
    const hasCommand = [...this.#seen].some(({ name }) => name === COMMAND);
    if (this.#script.commandRequired && this.#script.commands.size > 0 && !hasCommand) {
      this.#problems.push({ fault: "missing-command", known: [...this.#script.commands.keys()] });
    }
    for (const { names, required } of this.#script.exclusive) {
      const group = this.#script.options.filter(({ name }) => names.includes(name));
      const given = group.filter((option) => this.#seen.has(option));
      const [first, second] = given;
      if (first !== undefined && second !== undefined && !given.some(isPositional)) {
        this.#problems.push({
          fault: "exclusive",
          option: second,
          known: given.flatMap(({ flags }) => flags.slice(0, 1)),
        });
      } else if (required && first === undefined && !group.some(({ uncertain }) => uncertain)) {
        const [option] = group;
        const known = group.flatMap(({ flags }) => flags.slice(0, 1));
        if (option !== undefined) this.#problems.push({ fault: "missing-option", option, known });
      }
    }
  }
}

/** No name that a script can give. */
const COMMAND = "{command}";

function commandOption(script: ScriptInterface): ScriptOption {
  const rest = { flags: [], offFlags: [], least: 1, most: Number.POSITIVE_INFINITY, remainder: true, uncertain: false };
  return { name: COMMAND, required: script.commandRequired, ...rest, place: script.place, namePlace: script.place };
}

function patternOf(option: ScriptOption, isPositionalPattern: boolean): string {
  const dash = isPositionalPattern ? "-*" : "";
  const more = isPositionalPattern ? "[A-]*" : "A*";
  if (option.name === COMMAND) return "-*A[-AO]*";
  if (option.remainder) return "[-AO]*";
  if (option.most === Number.POSITIVE_INFINITY) return option.least === 0 ? dash + more : `${dash}A${more}`;
  if (option.least === option.most) return dash + `A${dash}`.repeat(option.least);
  return `${dash}A?${dash}`;
}
