// How a script uses `sys.argv` itself.
import type { Place } from "./model.ts";
import type { Expression } from "./syntax.ts";
import type { Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

export interface ArgvRead {
  index: number;
  conditional: boolean;
  place: Place;
  type?: "int" | "float";
}

interface ArgvMark {
  reads: number;
  count: number | undefined;
}

export class ArgvUse {
  readonly reads: ArgvRead[] = [];
  /** It is used in another way than by index. */
  isOpen = false;
  isChanged = false;
  /** How many words there must be: they were unpacked into so many names. */
  count: number | undefined;
  /** With fewer it ends. */
  least = 0;

  /** `sys.argv[number]`, of a slice that begins at `from`. */
  item(from: number, number: number | undefined, conditional: boolean, place: Place): Value {
    if (number === undefined || number < 0 || from < 0) this.isOpen = true;
    else if (from + number > 0) {
      const index = from + number;
      this.reads.push({ index, conditional, place });
      return { kind: "argument", index };
    }
    return UNKNOWN;
  }

  mark(): ArgvMark {
    return { reads: this.reads.length, count: this.count };
  }

  /** What was read since then was tried: without it the script goes on. */
  mayFailSince({ reads, count }: ArgvMark): void {
    for (const read of this.reads.slice(reads)) read.conditional = true;
    if (count === this.count) return;
    this.count = count;
    this.isOpen = true;
  }

  /** `_, a, b = sys.argv`. */
  unpack(from: number, targets: readonly Expression[], conditional: boolean): void {
    if (from < 0 || targets.some((target) => target.kind === "other")) this.isOpen = true;
    else if (!conditional) this.count = from + targets.length - 1;
  }

  /** `if len(sys.argv) != 3: sys.exit(…)` says how many words there are behind it; `test` is the source. */
  guard(test: string): void {
    const [, sign, number] = /^len\(\s*(?:sys\.)?argv\s*\)\s*(!=|<)\s*(\d+)$/.exec(test) ?? [];
    if (sign === "!=") this.count = Number(number) - 1;
    else if (sign === "<") this.least = Number(number) - 1;
  }

  /** `float(sys.argv[1])` says what the word must be. */
  convert(path: string, value: Value | undefined): void {
    if (value?.kind !== "argument" || (path !== "builtins.int" && path !== "builtins.float")) return;
    const read = this.reads.findLast(({ index }) => index === value.index);
    if (read !== undefined) read.type = path === "builtins.int" ? "int" : "float";
  }
}
