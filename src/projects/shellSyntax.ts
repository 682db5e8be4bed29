// Whether bash can read a command at all: quotes, brackets, operators and the words that open something.

export interface ShellFault {
  /** Its place in the text. */
  start: number;
  end: number;
  /** What is wrong, as the end of a sentence. */
  what: string;
}

/** Words that open something, and what closes it. */
const CLOSERS: Record<string, string> = { if: "fi", do: "done" };
/** Behind these another command begins. */
const HEADS = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "{", "time"]);

const BEGINS_LIST = new Set(["then", "else", "do"]);
const ENDS_LIST = new Set(["else", "elif", "fi", "done"]);
const OF_IF = new Set(["then", "else", "elif"]);

/** Without any of these bash reads whatever stands there. */
const MATTERS = /['"`()&|;]|\b(?:if|then|else|fi|do|done)\b/;

/** Brackets in brackets that are looked into. */
const DEEPEST = 50;

/** The first thing that keeps bash from reading `text`; undefined when nothing does, and where that cannot be told. */
export function shellFault(text: string): ShellFault | undefined {
  // Patterns of `case` have brackets of their own, and here-documents are another language.
  if (!MATTERS.test(text) || /\bcase\b|<<(?!<)/.test(text)) return undefined;
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #fault: ShellFault | undefined;
  #depth = 0;
  #isOver = false;
  /** A word behind which a command must stand, and none does so far. */
  #waiting: { word: string; at: number } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): ShellFault | undefined {
    this.#commands("", 0);
    return this.#fault;
  }

  #refuse(start: number, length: number, what: string): void {
    if (!this.#isOver) this.#fault = { start, end: start + length, what };
    this.#giveUp();
  }

  /** Commands up to `closer`, which was opened at `from`. */
  #commands(closer: string, from: number): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#giveUp();
    else this.#commandsInside(closer, from);
    this.#depth -= 1;
  }

  /** Nothing more can be told. */
  #giveUp(): void {
    this.#at = this.#text.length;
    this.#isOver = true;
  }

  #commandsInside(closer: string, from: number): void {
    const open: Array<{ word: string; at: number }> = [];
    let operator: { sign: string; at: number } | undefined;
    let isStart = true;
    while (this.#at < this.#text.length) {
      const at = this.#at;
      const character = this.#text.charAt(at);
      const sign = this.#operatorAt(at);
      if (character === closer) return this.#end(open, operator, () => (this.#at = at + 1));
      if (character === ")") return this.#refuse(at, 1, "nothing opens this `)`");
      if (sign !== undefined) {
        if (isStart && sign !== ";" && sign !== "&")
          return this.#refuse(at, sign.length, `nothing stands before this \`${sign}\``);
        if (operator !== undefined) return this.#refuseOperator(operator);
        operator = sign === ";" || sign === "&" ? undefined : { sign, at };
        isStart = true;
        this.#at += sign.length;
      } else if (character === "\n") {
        // Behind an operator the command goes on in the next line.
        isStart = true;
        this.#at += 1;
      } else if (character === "#" && /^[\s;&|(]?$/.test(this.#text.charAt(at - 1))) {
        this.#at = this.#indexOf("\n", at);
      } else if (/\s/.test(character)) {
        this.#at += 1;
      } else {
        operator = undefined;
        isStart = isStart && this.#word(open);
        if (this.#at === at) {
          this.#waiting = undefined;
          this.#piece(character);
        }
      }
    }
    if (this.#isOver) return;
    if (closer !== "") return this.#refuse(from, 1, `nothing closes this \`${this.#text.charAt(from)}\``);
    this.#end(open, operator, () => undefined);
  }

  #end(
    open: ReadonlyArray<{ word: string; at: number }>,
    operator: { sign: string; at: number } | undefined,
    done: () => unknown,
  ): void {
    const unclosed = open.at(-1);
    if (operator !== undefined) this.#refuseOperator(operator);
    else if (unclosed !== undefined)
      this.#refuse(unclosed.at, unclosed.word.length, `no \`${CLOSERS[unclosed.word]}\` closes this`);
    else done();
  }

  #refuseOperator({ sign, at }: { sign: string; at: number }): void {
    this.#refuse(at, sign.length, `nothing stands behind this \`${sign}\``);
  }

  /** An operator between commands; `>&`, `&>` and `>|` are none. */
  #operatorAt(at: number): string | undefined {
    if (!"|;&".includes(this.#text.charAt(at))) return undefined;
    const sign = /^(?:&&|\|\||\|&|[|;&])/.exec(this.#text.slice(at, at + 2))?.[0];
    const before = this.#text[at - 1];
    const isRedirect = before === ">" || before === "<" || (sign === "&" && this.#text[at + 1] === ">");
    return isRedirect ? undefined : sign;
  }

  /** A word of the shell where a command begins; whether another command begins behind it. */
  #word(open: Array<{ word: string; at: number }>): boolean {
    const word = /^(?:[a-z]+|[!{])(?=[\s;&|)]|$)/.exec(this.#text.slice(this.#at, this.#at + 10))?.[0];
    if (word === undefined) return false;
    const at = this.#at;
    if (ENDS_LIST.has(word) && this.#waiting !== undefined) {
      this.#refuse(this.#waiting.at, this.#waiting.word.length, `nothing stands behind this \`${this.#waiting.word}\``);
      return false;
    }
    if (OF_IF.has(word) && open.at(-1)?.word !== "if") {
      this.#refuse(at, word.length, `no \`if\` stands before this \`${word}\``);
      return false;
    }
    this.#waiting = BEGINS_LIST.has(word) ? { word, at } : undefined;
    if (word in CLOSERS) open.push({ word, at });
    else if (Object.values(CLOSERS).includes(word)) {
      const last = open.pop();
      if (last === undefined || CLOSERS[last.word] !== word) {
        this.#refuse(at, word.length, `nothing opens what \`${word}\` closes`);
        return false;
      }
    } else if (!HEADS.has(word)) return false;
    this.#at += word.length;
    return HEADS.has(word);
  }

  /** One character of a word, or all that it opens. */
  #piece(character: string): void {
    const at = this.#at;
    this.#at += 1;
    if (character === "\\") this.#at += 1;
    else if (character === "'") this.#quote(at);
    else if (character === '"') this.#double(at);
    else if (character === "`") this.#commands("`", at);
    else if (character === "(") this.#commands(")", at);
    else if (character === "$") this.#expansion(at);
  }

  #quote(at: number): void {
    const end = this.#text.indexOf("'", at + 1);
    if (end < 0) this.#refuse(at, 1, "nothing closes this `'`");
    else this.#at = end + 1;
  }

  #double(from: number): void {
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (character === '"') {
        this.#at += 1;
        return;
      }
      const isPiece = character === "\\" || character === "$" || character === "`";
      if (isPiece) this.#piece(character);
      else this.#at += 1;
    }
    this.#refuse(from, 1, 'nothing closes this `"`');
  }

  /** Behind a `$`. */
  #expansion(at: number): void {
    const next = this.#text.charAt(this.#at);
    if (next === "#" || next === "$") this.#at += 1;
    else if (next === "(") this.#bracket(at);
    else if (next === "{") this.#balanced("{", "}");
    else if (next === "'" && this.#text[at - 1] !== '"') {
      const end = /^'(?:\\[^]|[^'\\])*'/.exec(this.#text.slice(this.#at))?.[0];
      if (end !== undefined) this.#at += end.length;
    }
  }

  #bracket(at: number): void {
    if (this.#text.startsWith("((", this.#at)) this.#balanced("(", ")");
    else {
      this.#at += 1;
      this.#commands(")", at + 1);
    }
  }

  /** Arithmetic and the inside of `${…}`: nothing but the brackets counts, and what never ends is not told. */
  #balanced(opens: string, closes: string): void {
    let depth = 0;
    for (let at = this.#at; at < this.#text.length; at += 1) {
      const character = this.#text.charAt(at);
      if (character === opens) depth += 1;
      else if (character === closes) depth -= 1;
      if (depth > 0) continue;
      this.#at = at + 1;
      return;
    }
    this.#giveUp();
  }

  #indexOf(character: string, from: number): number {
    const found = this.#text.indexOf(character, from);
    return found < 0 ? this.#text.length : found;
  }
}
