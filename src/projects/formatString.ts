// Python's `str.format` with keyword arguments that are all text, as MLflow fills a command (3.17.2).

/** A replacement field; offsets count in the text that was parsed. */
export interface FormatField {
  /** With its braces. */
  start: number;
  end: number;
  /** The key that is looked up: what stands before the first `.` or `[`. */
  name: string;
  nameStart: number;
  nameEnd: number;
  /** Attributes and indexes behind the name, as written. */
  access: string;
  conversion?: string;
  /** As written behind the colon; it may hold fields itself. */
  spec: string;
  /** Fields inside `spec`. */
  inner: FormatField[];
}

export interface FormatMistake {
  /** In Python's words. */
  message: string;
  at: number;
}

export interface ParsedFormat {
  /** Literal text and fields in order. */
  parts: Array<string | FormatField>;
  mistakes: FormatMistake[];
}

/** What follows so many mistakes is not looked at: each may cost a look at all that follows. */
const MOST_MISTAKES = 50;

/** Parses a format text. Where Python stops at the first mistake, this goes on behind it. */
export function parseFormat(text: string, base = 0, depth = 2): ParsedFormat {
  const parts: Array<string | FormatField> = [];
  const mistakes: FormatMistake[] = [];
  let literal = "";
  let index = 0;
  while (index < text.length && mistakes.length < MOST_MISTAKES) {
    const character = text.charAt(index);
    if (character !== "{" && character !== "}") {
      literal += character;
      index += 1;
    } else if (text[index + 1] === character) {
      literal += character;
      index += 2;
    } else if (character === "}" || index + 1 === text.length) {
      mistakes.push({ message: `Single '${character}' encountered in format string`, at: base + index });
      index += 1;
    } else {
      const read = readField(text, index, base, depth);
      mistakes.push(...read.mistakes);
      if (read.field === undefined) {
        index += 1;
        continue;
      }
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(read.field);
      index = read.field.end - base;
    }
  }
  if (literal !== "") parts.push(literal);
  return { parts, mistakes };
}

/** Every field, also those inside another's format spec. */
export function allFields(parts: ParsedFormat["parts"]): FormatField[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : [part, ...part.inner]));
}

interface ReadField {
  field?: FormatField;
  mistakes: FormatMistake[];
}

function readField(text: string, open: number, base: number, depth: number): ReadField {
  const failed = (message: string): ReadField => ({ mistakes: [{ message, at: base + open }] });
  let index = open + 1;
  while (index < text.length && !"{}:!".includes(text.charAt(index))) {
    if (text[index] === "[") {
      const close = text.indexOf("]", index);
      index = close < 0 ? text.length : close;
    }
    index += 1;
  }
  const head = text.slice(open + 1, index);
  let stop = text[index];
  if (stop === "{") return failed("unexpected '{' in field name");
  if (stop === undefined) return failed("expected '}' before end of string");
  let conversion: string | undefined;
  if (stop === "!") {
    conversion = text[index + 1];
    if (conversion === undefined) return failed("end of string while looking for conversion specifier");
    index += 2;
    stop = text[index];
    if (stop !== undefined && stop !== "}" && stop !== ":") return failed("expected ':' after conversion specifier");
    if (stop === undefined) return failed("unmatched '{' in format spec");
  }
  const specStart = index + 1;
  const end = stop === ":" ? closingBrace(text, specStart) : index;
  if (end === undefined) return failed("unmatched '{' in format spec");
  const spec = stop === ":" ? text.slice(specStart, end) : "";
  if (depth === 0) return failed("Max string recursion exceeded");
  const nested = parseFormat(spec, base + specStart, depth - 1);
  const name = /^[^.[]*/.exec(head)?.[0] ?? "";
  const nameStart = base + open + 1;
  const field: FormatField = {
    start: base + open,
    end: base + end + 1,
    name,
    nameStart,
    nameEnd: nameStart + name.length,
    access: head.slice(name.length),
    ...(conversion === undefined ? {} : { conversion }),
    spec,
    inner: /[{}]/.test(spec) ? allFields(nested.parts) : [],
  };
  return { field, mistakes: nested.mistakes };
}

function closingBrace(text: string, from: number): number | undefined {
  let open = 1;
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === "{") open += 1;
    else if (text[index] === "}") {
      open -= 1;
      if (open === 0) return index;
    }
  }
  return undefined;
}
