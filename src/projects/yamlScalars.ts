// Plain scalars as PyYAML 6 `safe_load` reads them (YAML 1.1), printed as Python's str() and repr() print them.
import type { YamlScalar } from "./document.ts";

/** What a scalar is to Python: `text` is `str()` of it. */
export type PythonScalar = Pick<YamlScalar, "kind" | "text">;

/** Names of the standard tags a scalar can be given (`!!int`), without their prefix. */
export const SCALAR_TAGS = ["null", "bool", "int", "float", "str", "timestamp"] as const;
export type ScalarTag = (typeof SCALAR_TAGS)[number];

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const TIME =
  /^([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)(?:(?:[Tt]|[ \t]+)([0-9][0-9]?):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9][0-9]?)(?::([0-9]{2}))?))?)?$/;

/** The tag PyYAML gives an untagged plain scalar; `merge` and `value` have no constructor as values. */
export function plainTag(source: string): ScalarTag | "merge" | "value" {
  if (BOOL.test(source)) return "bool";
  if (FLOAT.test(source)) return "float";
  if (INT.test(source)) return "int";
  if (NULL.test(source)) return "null";
  if (DATE.test(source) || (source.includes(":") && TIME.test(source))) return "timestamp";
  if (source === "<<") return "merge";
  return source === "=" ? "value" : "str";
}

/** The value of a scalar's text under a tag; undefined where PyYAML's constructor fails (`!!int x`, 2020-13-01). */
export function constructScalar(tag: ScalarTag, source: string): PythonScalar | undefined {
  switch (tag) {
    case "null":
      return { kind: "null", text: "None" };
    case "bool":
      return BOOL.test(source) || BOOL.test(source.toLowerCase()) ? boolean(source) : undefined;
    case "int":
      return integer(source);
    case "float":
      return float(source);
    case "timestamp":
      return timestamp(source);
    case "str":
      return { kind: "str", text: source };
    default:
      return tag satisfies never;
  }
}

function boolean(source: string): PythonScalar {
  return { kind: "bool", text: /^(?:yes|true|on)$/i.test(source) ? "True" : "False" };
}

function integer(source: string): PythonScalar | undefined {
  const [sign, digits] = signed(source.replaceAll("_", ""));
  const value = unsignedInteger(digits);
  return value === undefined ? undefined : { kind: "int", text: String(sign < 0 ? -value : value) };
}

function unsignedInteger(digits: string): bigint | undefined {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits}`);
  if (!/^[0-9]+(?::[0-9]+)*$/.test(digits) || /^0./.test(digits)) return undefined;
  return digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function float(source: string): PythonScalar | undefined {
  const [sign, digits] = signed(source.replaceAll("_", "").toLowerCase());
  if (digits === ".inf") return { kind: "float", text: sign < 0 ? "-inf" : "inf" };
  if (digits === ".nan") return { kind: "float", text: "nan" };
  if (!/^[0-9.][0-9.:]*(?:e[-+]?[0-9]+)?$/.test(digits)) return undefined;
  let value = 0;
  let base = 1;
  // The same order of additions as PyYAML's, so that the last bit is the same.
  for (const part of digits.split(":").toReversed()) {
    value += Number(part) * base;
    base *= 60;
  }
  return Number.isNaN(value) ? undefined : { kind: "float", text: floatText(sign * value) };
}

function signed(source: string): [sign: 1 | -1, digits: string] {
  return [source.startsWith("-") ? -1 : 1, source.replace(/^[-+]/, "")];
}

/** Python's `repr()` of a float: shortest digits, an exponent below 1e-4 and from 1e16. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "0", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function timestamp(source: string): PythonScalar | undefined {
  const match = TIME.exec(source);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour, minute, second, fraction, zone, zoneSign, zoneHour, zoneMinute] =
    match;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  const date = `${year}-${two(month)}-${two(day)}`;
  if (hour === undefined) return { kind: "date", text: date };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(zoneHour ?? 0) > 23) return undefined;
  const micro = (fraction ?? "").slice(0, 6).padEnd(6, "0");
  const micros = Number(micro) === 0 ? "" : `.${micro}`;
  const offset = zoneSign === undefined ? "+00:00" : `${zoneSign}${two(zoneHour)}:${two(zoneMinute ?? "0")}`;
  const zoneText = zone === undefined ? "" : offset === "-00:00" ? "+00:00" : offset;
  return { kind: "date", text: `${date} ${two(hour)}:${minute}:${second}${micros}${zoneText}` };
}

function two(digits = "0"): string {
  return digits.padStart(2, "0");
}

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31;
  return day <= days;
}

/** What tells a key from others: Python's `1`, `1.0` and `True` are equal. */
export function keyIdentity(scalar: YamlScalar): string {
  const { kind, text } = scalar;
  if (kind === "str") return `"${text}`;
  if (kind === "bool") return `= ${text === "True" ? 1 : 0}`;
  const number = kind === "int" || kind === "float" ? Number(text) : Number.NaN;
  return Number.isNaN(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER ? scalarRepr(scalar) : `= ${number + 0}`;
}

/** Python's `repr()` of a scalar, as it stands inside a printed list or map. */
export function scalarRepr(scalar: PythonScalar): string {
  if (scalar.kind === "str") return textRepr(scalar.text);
  if (scalar.kind !== "date") return scalar.text;
  const [year, month, day] = scalar.text.slice(0, 10).split("-").map(Number);
  if (scalar.text.length === 10) return `datetime.date(${year}, ${month}, ${day})`;
  const [hour, minute, second] = scalar.text.slice(11, 19).split(":").map(Number);
  return `datetime.datetime(${year}, ${month}, ${day}, ${hour}, ${minute}${second === 0 ? "" : `, ${second}`})`;
}

/** Python's `repr()` of a text. */
export function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = "";
  for (const character of text) body += reprCharacter(character, quote);
  return quote + body + quote;
}

function reprCharacter(character: string, quote: string): string {
  if (character === quote || character === "\\") return `\\${character}`;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}
