// The types of click's parameters.
import type { ScriptOption, ValueType } from "./model.ts";
import type { Value } from "./values.ts";
import { asBoolean, asNumber, asText, isNone, textsOf } from "./values.ts";

const TYPES: Record<string, ValueType> = {
  "builtins.int": "int",
  "builtins.float": "float",
  "builtins.str": "text",
  "builtins.bool": "switch",
  "click.INT": "int",
  "click.FLOAT": "float",
  "click.STRING": "text",
  "click.BOOL": "switch",
  "click.types.INT": "int",
  "click.types.FLOAT": "float",
  "click.types.STRING": "text",
  "click.types.BOOL": "switch",
  "pathlib.Path": "text",
};

/** Reads `type=`; without it the default decides, as click has it. */
export function readClickType(option: ScriptOption, type: Value | undefined, value: Value | undefined): void {
  if (type === undefined || isNone(type)) {
    const inferred = typeOfDefault(value);
    if (inferred !== undefined) option.type = inferred;
    return;
  }
  if (type.kind === "external") {
    const known = TYPES[type.path];
    if (known !== undefined) option.type = known;
    return;
  }
  if (type.kind === "list") {
    option.least = type.items.length;
    option.most = type.items.length;
    return;
  }
  if (type.kind !== "made") return;
  const named = (name: string, index: number) => type.keywords.get(name) ?? type.args[index];
  switch (type.path) {
    case "click.Choice": {
      const choices = textsOf(named("choices", 0));
      if (choices === undefined) return;
      option.type = "text";
      option.choices = choices;
      const isSensitive = named("case_sensitive", 1);
      option.ignoresCase = isSensitive !== undefined && asBoolean(isSensitive) !== true;
      return;
    }
    case "click.IntRange":
    case "click.FloatRange": {
      option.type = type.path === "click.IntRange" ? "int" : "float";
      // A clamped number is not refused, an open bound is not followed.
      if (["clamp", "min_open", "max_open"].some((key) => type.keywords.has(key)) || type.args.length > 2) return;
      const [minimum, maximum] = [asNumber(named("min", 0)), asNumber(named("max", 1))];
      if (minimum !== undefined) option.minimum = minimum;
      if (maximum !== undefined) option.maximum = maximum;
      return;
    }
    case "click.Path":
      option.type = "text";
      return;
    case "click.Tuple": {
      const [types] = type.args;
      if (types?.kind === "list") {
        option.least = types.items.length;
        option.most = types.items.length;
      } else option.uncertain = true;
      return;
    }
    default:
  }
}

function typeOfDefault(value: Value | undefined): ValueType | undefined {
  if (value === undefined || isNone(value)) return "text";
  if (asBoolean(value) !== undefined) return "switch";
  if (value.kind === "constant" && asNumber(value) !== undefined) return value.isFloat === true ? "float" : "int";
  return asText(value) === undefined ? undefined : "text";
}
