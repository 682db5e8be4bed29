// JSON as Python's json module prints it: stored values are compared as text, so ours must be spelled the same.

/** `json.dumps(value)`; every number is printed as a float, which is what protobuf's `Value` makes of it. */
export function dumpsWithFloats(value: unknown): string {
  return dumps(value, floatText);
}

/** `json.dumps(value)` of texts, lists, objects and integers. */
export function dumpsPlain(value: unknown): string {
  return dumps(value, (number) => (Number.isInteger(number) ? String(number) : floatText(number)));
}

/** `json.dumps(json.loads(text))`: Python's spacing and escapes. Undefined when the text is no JSON. */
export function reprint(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const parts = text.matchAll(/"(?:\\.|[^"\\])*"|[^\s",:]+|[,:]/gs);
  return [...parts].map(([part]) => reprintPart(part)).join("");
}

function reprintPart(part: string): string {
  if (part === "," || part === ":") return `${part} `;
  if (part.startsWith('"')) return ascii(String(JSON.parse(part)));
  // Integers of any size stay as they are; everything else that starts so is a float.
  return part.replace(/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (number) =>
    /^-?\d+$/.test(number) ? number : floatText(Number(number)),
  );
}

function dumps(value: unknown, printNumber: (value: number) => string): string {
  if (typeof value === "number") return printNumber(value);
  if (typeof value === "string") return ascii(value);
  if (Array.isArray(value)) return `[${value.map((each) => dumps(each, printNumber)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${ascii(key)}: ${dumps(each, printNumber)}`);
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value ?? null);
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Python's `repr` of a float: the same shortest digits, but other bounds for the exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  const [digits = "", power = ""] = value.toExponential().split("e");
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes(".") ? text : `${text}.0`;
}
