// How click 8 takes words, and typer with it.
import type { Argument, ArgumentProblem } from "./argumentValues.ts";
import { flagsOf, valueProblem } from "./argumentValues.ts";
import { isPositional } from "./model.ts";
import type { ScriptInterface, ScriptOption } from "./model.ts";

export function checkClick(script: ScriptInterface, args: readonly Argument[], base = 0): ArgumentProblem[] {
  return new Parse(script, args, base).run();
}

class Parse {
  readonly #script: ScriptInterface;
  readonly #args: readonly Argument[];
  readonly #base: number;
  readonly #problems: ArgumentProblem[] = [];
  readonly #seen = new Set<ScriptOption>();
  readonly #isLoose: boolean;
  readonly #isGroup: boolean;
  readonly #rest: number[] = [];
  /** Problems of the values of an option: where it stands again, only the last ones count. */
  readonly #ofValues = new Map<ScriptOption, ArgumentProblem[]>();
  #asksHelp = false;

  constructor(script: ScriptInterface, args: readonly Argument[], base: number) {
    this.#script = script;
    this.#args = args;
    this.#base = base;
    this.#isLoose = script.open || args.some(({ splits }) => splits);
    this.#isGroup = script.commands.size > 0 || script.commandRequired;
  }

  run(): ArgumentProblem[] {
    let index = 0;
    let onlyValues = false;
    while (index < this.#args.length) {
      const argument = this.#args[index];
      if (argument === undefined) break;
      const text = argument.text ?? argument.start;
      if (!onlyValues && argument.text === "--") onlyValues = true;
      else if (onlyValues || argument.splits || text.length < 2 || !text.startsWith("-")) {
        this.#rest.push(index);
        if (this.#isGroup) break;
      } else {
        index = this.#option(index, argument, text);
        continue;
      }
      index += 1;
    }
    // It shows its help and ends, unless the words cannot be read.
    if (this.#asksHelp) return this.#problems;
    this.#problems.push(...[...this.#ofValues.values()].flat());
    this.#positionals(index);
    if (!this.#isLoose) this.#checkMissing();
    return this.#problems;
  }

  /** The index behind the option and its values. */
  #option(index: number, argument: Argument, text: string): number {
    const isWhole = argument.text !== undefined;
    const equals = text.indexOf("=");
    const flag = equals < 0 ? text : text.slice(0, equals);
    const explicit = equals < 0 ? undefined : { text: isWhole ? text.slice(equals + 1) : undefined };
    const option = equals < 0 && !isWhole ? undefined : this.#byFlag(flag);
    if (option !== undefined) return this.#take(option, flag, explicit, index);
    if (!text.startsWith("--") && isWhole) return this.#shorts(index, text);
    if (isWhole || equals >= 0) this.#unknown(index, flag);
    return index + 1;
  }

  #byFlag(flag: string): ScriptOption | undefined {
    return this.#script.options.find((option) => option.flags.includes(flag) || option.offFlags.includes(flag));
  }

  /** `-abc`: flags of one letter, the last of which may have its value in the word. */
  #shorts(index: number, text: string): number {
    for (let at = 1; at < text.length; at += 1) {
      const option = this.#byFlag(`-${text[at]}`);
      if (option === undefined) {
        this.#unknown(index, text.replace(/=[^]*$/, ""));
        return index + 1;
      }
      if (option.most === 0) {
        this.#note(option);
        continue;
      }
      const rest = text.slice(at + 1);
      return this.#take(option, `-${text[at]}`, rest === "" ? undefined : { text: rest.replace(/^=/, "") }, index);
    }
    return index + 1;
  }

  #unknown(index: number, word: string): void {
    if (this.#script.open || this.#script.ignoresUnknown) return;
    this.#problems.push({ fault: "unknown-option", at: this.#base + index, word, known: flagsOf(this.#script) });
  }

  #note(option: ScriptOption): void {
    this.#seen.add(option);
    if (option.most === 0 && /^(?:help|version)$/.test(option.name)) this.#asksHelp = true;
  }

  #take(option: ScriptOption, flag: string, explicit: { text: string | undefined } | undefined, index: number): number {
    this.#note(option);
    if (option.most === 0) {
      const value = explicit?.text === undefined ? {} : { value: explicit.text };
      if (explicit !== undefined && !option.uncertain) {
        this.#problems.push({ fault: "needless-value", at: this.#base + index, option, ...value });
      }
      return index + 1;
    }
    if (option.uncertain) return index + 1 + (explicit === undefined ? Math.min(option.most, 1) : 0);
    if (option.repeats !== true) this.#ofValues.delete(option);
    const inWord = explicit === undefined ? 0 : 1;
    if (explicit !== undefined) this.#value(option, explicit.text, index);
    const needed = option.least - inWord;
    if (index + needed >= this.#args.length && needed > 0) {
      if (!this.#isLoose) this.#problems.push({ fault: "missing-value", at: this.#base + index, option, word: flag });
      return this.#args.length;
    }
    for (let at = index + 1; at <= index + needed; at += 1) this.#value(option, this.#args[at]?.text, at);
    return index + 1 + needed;
  }

  #value(option: ScriptOption, value: string | undefined, index: number): void {
    if (this.#args[index]?.splits === true) return;
    const problem = valueProblem(option, value);
    if (problem === undefined) return;
    this.#ofValues.set(option, [...(this.#ofValues.get(option) ?? []), { ...problem, at: this.#base + index }]);
  }

  #positionals(end: number): void {
    if (this.#isGroup) {
      this.#command(end);
      return;
    }
    const options = this.#script.options.filter(isPositional);
    const many = options.findIndex(({ most }) => most === Number.POSITIVE_INFINITY);
    const fixed = options.reduce((sum, { most }) => sum + (most === Number.POSITIVE_INFINITY ? 0 : most), 0);
    let left = [...this.#rest];
    for (const [index, option] of options.entries()) {
      const count = index === many ? Math.max(left.length - (fixed - before(options, index)), 0) : option.most;
      const taken = left.slice(0, count);
      left = left.slice(count);
      if (taken.length > 0) this.#seen.add(option);
      for (const at of taken) this.#value(option, this.#args[at]?.text, at);
      this.#problems.push(...(this.#ofValues.get(option) ?? []));
    }
    if (this.#isLoose || this.#script.ignoresUnknown) return;
    for (const at of left) {
      const value = this.#args[at]?.text;
      this.#problems.push({
        fault: "needless-argument",
        at: this.#base + at,
        ...(value === undefined ? {} : { value }),
      });
    }
  }

  #command(end: number): void {
    const [first] = this.#rest;
    if (first === undefined) {
      if (this.#script.commandRequired && !this.#isLoose) {
        this.#problems.push({ fault: "missing-command", known: [...this.#script.commands.keys()] });
      }
      return;
    }
    const name = this.#args[first]?.text;
    const command = name === undefined ? undefined : this.#script.commands.get(name);
    if (name === undefined || this.#args[first]?.splits === true) return;
    if (command !== undefined) {
      const start = Math.min(end, first) + 1;
      this.#problems.push(...checkClick(command, this.#args.slice(start), this.#base + start));
    } else if (!this.#script.open) {
      const known = [...this.#script.commands.keys()];
      this.#problems.push({ fault: "unknown-command", at: this.#base + first, word: name, known });
    }
  }

  #checkMissing(): void {
    for (const option of this.#script.options) {
      if (option.required && !option.uncertain && !this.#seen.has(option))
        this.#problems.push({ fault: "missing-option", option });
    }
  }
}

/** How many words the positionals in front of `index` take. */
function before(options: readonly ScriptOption[], index: number): number {
  return options.slice(0, index).reduce((sum, { most }) => sum + most, 0);
}
