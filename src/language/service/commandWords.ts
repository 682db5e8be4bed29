// A command as the shell splits it, with the places its words stand at in the file.
import type { SourceMap } from "../../projects/commandSource.ts";
import { sourceMap } from "../../projects/commandSource.ts";
import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import { parseFormat } from "../../projects/formatString.ts";
import type { ScalarStyle } from "../../projects/yamlTree.ts";

export type Piece =
  | { kind: "text"; text: string }
  /** `plain`: nothing but the name stands between its braces, and no quotes around them. */
  | { kind: "placeholder"; name: string; plain: boolean }
  /** What the shell makes of a variable or another command. */
  | { kind: "unknown" };

export interface Word {
  pieces: Piece[];
  /** The shell may make none or several of it. */
  splits: boolean;
  /** In the file. */
  range: TextRange;
  /** In the command. */
  start: number;
  end: number;
}

/** Words up to an operator. */
export interface SimpleCommand {
  words: Word[];
  /** How deep in round brackets it stands. */
  depth: number;
  /** What stands in front of it: `&&`, `|`, or nothing. */
  operator: string;
  /** In the file: where another word of it could end at the latest. */
  end: number;
}

interface Unit {
  /** One character, or a placeholder. */
  character: string;
  placeholder?: { name: string; plain: boolean };
  start: number;
  end: number;
}

const STYLES: Record<string, ScalarStyle> = { "'": "single", '"': "double", "|": "literal", ">": "folded" };

/** Where the characters of a command stand in the file. */
export function sourceOf(document: MlprojectDocument, entryPoint: EntryPoint): SourceMap | undefined {
  const { command, commandRange } = entryPoint;
  if (command === undefined || commandRange === undefined) return undefined;
  const source = document.text.slice(commandRange.start, commandRange.end);
  const scalar = { kind: "str" as const, text: command, source, range: commandRange };
  return sourceMap({ kind: "scalar", scalar, style: STYLES[source.charAt(0)] ?? "plain", range: commandRange });
}

/** Each entry point is split once, though every check and the completion look at it. */
const split = new WeakMap<EntryPoint, readonly SimpleCommand[]>();

/** The simple commands of an entry point; none where it has no command. What the shell would not understand ends the list. */
export function commandsOf(document: MlprojectDocument, entryPoint: EntryPoint): readonly SimpleCommand[] {
  const known = split.get(entryPoint);
  if (known !== undefined) return known;
  const map = sourceOf(document, entryPoint);
  if (map === undefined || entryPoint.command === undefined) return [];
  const commands = new Splitter(unitsOf(entryPoint.command), map).commands();
  split.set(entryPoint, commands);
  return commands;
}

/** The characters that `str.format` leaves, and the placeholders between them. */
function unitsOf(command: string): Unit[] {
  const fields = new Map(
    parseFormat(command).parts.flatMap((part) => (typeof part === "string" ? [] : [[part.start, part] as const])),
  );
  const units: Unit[] = [];
  for (let index = 0; index < command.length; index += 1) {
    const field = fields.get(index);
    const character = command.charAt(index);
    if (field !== undefined) {
      const plain = field.access === "" && field.conversion === undefined && field.spec === "";
      units.push({ character: "", placeholder: { name: field.name, plain }, start: index, end: field.end });
      index = field.end - 1;
    } else {
      const doubled = (character === "{" || character === "}") && command[index + 1] === character;
      units.push({ character, start: index, end: index + (doubled ? 2 : 1) });
      if (doubled) index += 1;
    }
  }
  return units;
}

const OPERATORS = ["&&", "||", ";;", "|&", ";", "&", "|", "(", ")", "\n"];
const OPERATOR_STARTS = new Set(OPERATORS.map((operator) => operator.charAt(0)));

class Splitter {
  readonly #units: Unit[];
  readonly #map: SourceMap;
  readonly #found: SimpleCommand[] = [];
  #at = 0;
  #depth = 0;
  #operator = "";
  #words: Word[] = [];
  #word: Word | undefined;

  constructor(units: Unit[], map: SourceMap) {
    this.#units = units;
    this.#map = map;
  }

  commands(): SimpleCommand[] {
    for (;;) {
      const unit = this.#units[this.#at];
      if (unit === undefined || !this.#step(unit)) break;
    }
    this.#endCommand("");
    return this.#found;
  }

  /** False where nothing behind can be told. */
  #step(unit: Unit): boolean {
    const operator = OPERATOR_STARTS.has(unit.character) ? OPERATORS.find((one) => this.#looksAt(one)) : undefined;
    if (unit.placeholder !== undefined) this.#add({ kind: "placeholder", ...unit.placeholder }, 1);
    else if (this.#looksAt("\\\n")) this.#at += 2;
    else if (this.#looksAt("<<")) return false;
    else if (this.#looksAt("<(") || this.#looksAt(">(")) this.#skipBrackets(2);
    else if (/[<>]/.test(unit.character)) this.#redirect();
    else if (operator !== undefined) this.#endCommand(operator);
    else if (/\s/.test(unit.character)) this.#endWord(1);
    else if (unit.character === "#" && this.#word === undefined) this.#comment();
    else if (unit.character === "'") this.#single();
    else if (unit.character === '"') this.#double();
    else if (unit.character === "\\") this.#add({ kind: "text", text: this.#units[this.#at + 1]?.character ?? "" }, 2);
    else if (unit.character === "$" || unit.character === "`") this.#expand(true);
    else {
      this.#add({ kind: "text", text: unit.character }, 1);
      const splits = /[*?[]/.test(unit.character) || (unit.character === "{" && this.#expandsBraces());
      if (splits && this.#word !== undefined) this.#word.splits = true;
    }
    return true;
  }

  /** Whether bash makes several words of the brace in front: `{a,b}`, `{1..3}`. */
  #expandsBraces(): boolean {
    let inside = "";
    for (let index = this.#at; index < this.#units.length; index += 1) {
      const character = this.#units[index]?.character ?? "";
      if (character === "}") return /,|\.\./.test(inside);
      if (/[\s;&|]/.test(character)) return false;
      inside += character;
    }
    return false;
  }

  #looksAt(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      const unit = this.#units[this.#at + index];
      if (unit?.character !== text[index]) return false;
    }
    return true;
  }

  #add(piece: Piece | undefined, count: number): void {
    const start = this.#units[this.#at]?.start ?? 0;
    const end = this.#units[Math.min(this.#at + count, this.#units.length) - 1]?.end ?? start;
    this.#word ??= { pieces: [], splits: false, range: { start: 0, end: 0 }, start, end };
    const last = this.#word.pieces.at(-1);
    if (piece?.kind === "text" && last?.kind === "text") last.text += piece.text;
    else if (piece !== undefined) this.#word.pieces.push(piece);
    this.#word.end = end;
    this.#at += count;
  }

  #single(): void {
    this.#add(undefined, 1);
    while (this.#at < this.#units.length && !this.#looksAt("'")) this.#addQuoted();
    if (this.#at < this.#units.length) this.#add(undefined, 1);
  }

  #double(): void {
    this.#add(undefined, 1);
    while (this.#at < this.#units.length && !this.#looksAt('"')) {
      const next = this.#units[this.#at + 1]?.character ?? "";
      if (this.#looksAt("\\\n")) this.#add(undefined, 2);
      else if (this.#looksAt("\\") && '"\\$`'.includes(next)) this.#add({ kind: "text", text: next }, 2);
      else if (this.#looksAt("$") || this.#looksAt("`")) this.#expand(false);
      else this.#addQuoted();
    }
    if (this.#at < this.#units.length) this.#add(undefined, 1);
  }

  #addQuoted(): void {
    const unit = this.#units[this.#at];
    if (unit?.placeholder !== undefined) this.#add({ kind: "placeholder", ...unit.placeholder, plain: false }, 1);
    else this.#add({ kind: "text", text: unit?.character ?? "" }, 1);
  }

  #expand(splits: boolean): void {
    const from = this.#at;
    if (this.#looksAt("$(")) {
      this.#skipBrackets(2);
    } else if (this.#looksAt("`")) {
      this.#at += 1;
      while (this.#at < this.#units.length && !this.#looksAt("`")) this.#at += 1;
      this.#at += 1;
    } else if (this.#looksAt("${")) {
      while (this.#at < this.#units.length && !this.#looksAt("}")) this.#at += 1;
      this.#at += 1;
    } else {
      this.#at += 1;
      const special = /[@*#?$!0-9-]/.test(this.#units[this.#at]?.character ?? "");
      if (special) this.#at += 1;
      else while (/\w/.test(this.#units[this.#at]?.character ?? "")) this.#at += 1;
    }
    const count = Math.min(this.#at, this.#units.length) - from;
    this.#at = from;
    this.#add({ kind: "unknown" }, Math.max(count, 1));
    if (splits && this.#word !== undefined) this.#word.splits = true;
  }

  #skipBrackets(opening: number): void {
    const from = this.#at;
    this.#at += opening;
    let open = 1;
    while (this.#at < this.#units.length && open > 0) {
      if (this.#looksAt("(")) open += 1;
      else if (this.#looksAt(")")) open -= 1;
      this.#at += 1;
    }
    const count = this.#at - from;
    this.#at = from;
    this.#add({ kind: "unknown" }, count);
  }

  /** `2>&1`, `> file`: no word of the command. */
  #redirect(): void {
    const [only] = this.#word?.pieces ?? [];
    if (this.#word?.pieces.length === 1 && only?.kind === "text" && /^\d+$/.test(only.text)) this.#word = undefined;
    this.#endWord(0);
    while (/[<>&|]/.test(this.#units[this.#at]?.character ?? "")) this.#at += 1;
    while (/[ \t]/.test(this.#units[this.#at]?.character ?? "")) this.#at += 1;
    const before = this.#words;
    this.#words = [];
    while (this.#at < this.#units.length && this.#words.length === 0) {
      const unit = this.#units[this.#at];
      const ends = OPERATORS.some((one) => this.#looksAt(one)) || this.#looksAt("<") || this.#looksAt(">");
      if (unit === undefined || ends || !this.#step(unit)) break;
    }
    this.#word = undefined;
    this.#words = before;
  }

  #comment(): void {
    while (this.#at < this.#units.length && !this.#looksAt("\n")) this.#at += 1;
  }

  #endWord(skip: number): void {
    if (this.#word !== undefined) {
      this.#word.range = this.#map.rangeOf(this.#word.start, this.#word.end);
      this.#words.push(this.#word);
      this.#word = undefined;
    }
    this.#at += skip;
  }

  #endCommand(operator: string): void {
    this.#endWord(operator.length);
    if (this.#words.length > 0) {
      const end = this.#map.offsetAt(this.#units[this.#at - operator.length]?.start ?? Number.MAX_SAFE_INTEGER);
      this.#found.push({ words: this.#words, depth: this.#depth, operator: this.#operator, end });
    }
    this.#words = [];
    this.#operator = operator;
    if (operator === "(") this.#depth += 1;
    if (operator === ")") this.#depth -= 1;
  }
}

/** The text of a word that has no placeholder and nothing unknown; undefined otherwise. */
export function literalText(word: Word | undefined): string | undefined {
  if (word === undefined || word.splits || word.pieces.some((piece) => piece.kind !== "text")) return undefined;
  return word.pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("");
}

/** The text in front of the first placeholder or unknown piece. */
export function literalStart(word: Word): string {
  const [first] = word.pieces;
  return first?.kind === "text" ? first.text : "";
}
