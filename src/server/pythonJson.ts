// Values of a request as Python's json prints them: MLflow's server quotes them in its messages.

/** Digits of an integer beyond which it is not read: that takes time by their square. Python stops at 4,300. */
const MAX_DIGITS = 1_000;

/** A number as it stands in JSON: Python tells 9.0 from 9, JavaScript's numbers do not. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text);
  }

  toString(): string {
    if (!this.isInteger) return floatText(Number(this.text));
    return this.text.length > MAX_DIGITS ? this.text : String(BigInt(this.text));
  }
}

/** Stands for a bare NaN or Infinity while a text is parsed. */
const BARE = "\u0000flowdeck ";

/** Puts the numbers that Python's json takes and JSON has no word for between quotes; undefined when there are none. */
function quoteBareNumbers(text: string): string | undefined {
  if (!/NaN|Infinity/.test(text)) return undefined;
  const next = /["\\]|-?\b(?:NaN|Infinity)\b/g;
  let [quoted, end, inText] = ["", 0, false];
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    const [piece] = found;
    if (piece === '"') inText = !inText;
    else if (piece === "\\") next.lastIndex += 1;
    else if (!inText) {
      quoted += `${text.slice(end, found.index)}${JSON.stringify(`${BARE}${piece}`)}`;
      end = next.lastIndex;
    }
  }
  return end === 0 ? undefined : quoted + text.slice(end);
}

/** `json.loads(text)`: JSON in which NaN, Infinity and -Infinity may stand bare. Throws SyntaxError. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = quoteBareNumbers(text);
    if (quoted === undefined) throw error;
    return JSON.parse(quoted, (_key, value: unknown) =>
      typeof value === "string" && value.startsWith(BARE) ? Number(value.slice(BARE.length)) : value,
    );
  }
}

/** Parses JSON for printing again; undefined when the text is none. */
export function parseForPrinting(text: string): unknown {
  try {
    return JSON.parse(quoteBareNumbers(text) ?? text, (_key, value: unknown, context?: { source?: string }) => {
      if (typeof value === "string" && value.startsWith(BARE)) return new NumberText(value.slice(BARE.length));
      return typeof value === "number" ? new NumberText(context?.source ?? String(value)) : value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `json.dumps(value, sort_keys=True, separators=(",", ":"))`. */
export function pythonJson(value: unknown): string {
  if (value instanceof NumberText) return value.toString();
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${pythonJson(key)}:${pythonJson(each)}`).join(",")}}`;
  }
  const text = JSON.stringify(value ?? null);
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The name of Python's type for a value. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (value instanceof NumberText) return value.isInteger ? "int" : "float";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    default:
      return "dict";
  }
}

/** Python's `repr` of a float: the same shortest digits, but other bounds for the exponent. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [digits = "", power = ""] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}
