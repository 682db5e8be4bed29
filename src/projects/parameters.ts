// The parameters of an entry point (mlflow 3.17.2: a type's name, or a map with `type` and `default`).
import { checkLevel } from "./checkKeys.ts";
import { checkDefault } from "./checkDefault.ts";
import type { Parameter, ProblemFix } from "./document.ts";
import type { Problems } from "./problems.ts";
import { placeOf, whatItIs } from "./problems.ts";
import { nearest } from "./spelling.ts";
import type { MapEntry, MapNode, YamlNode } from "./yamlTree.ts";
import { entryOf, isNull, pythonText, textOf } from "./yamlTree.ts";

/** The types MLflow documents; only `path` and `uri` mean anything to it. */
export const PARAMETER_TYPES = ["string", "float", "path", "uri"] as const;

/** Names that people use all the same, mostly Python's. */
const COMMON_TYPES = [
  ...["str", "text", "int", "integer", "long", "number", "double", "bool", "boolean", "flag"],
  ...["list", "tuple", "dict", "map", "json", "array", "date", "datetime", "enum", "choice"],
  ...["num", "numeric", "decimal", "real", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint"],
  ...["data", "dataset", "dataframe", "column", "binary", "byte", "secret", "uuid", "time", "timestamp"],
  ...["file", "filepath", "dir", "directory", "folder", "any", "object", "bytes", "set"],
];

/** A path, an address, a file or an assignment in place of a type. */
const LOOKS_LIKE_VALUE =
  /^(?:\.{0,2}|~|[\w.-]+)\/[^\s|]*$|^\w+:\/\/|^[\w-]+\.(?:csv|tsv|parquet|json|ya?ml|txt|pkl|h5|npz|db|zip|xlsx?|pth?|onnx|py)$|^(?:string|str|float|int|path|uri) *[=,;]/;

/** Reads what stands below `parameters:`. */
export function readParameters(entry: MapEntry, problems: Problems): Parameter[] {
  if (entry.value.kind === "map") return entry.value.entries.map((each) => readParameter(each, problems));
  if (isNull(entry.value)) {
    const message =
      "MLflow cannot load `parameters` without a parameter below it; leave the key out when there is none.";
    const range = { start: entry.key.range.start, end: Math.max(entry.range.end, entry.key.range.end + 1) };
    problems.error("parameters-null", message, entry.key.range, [{ title: "Remove parameters", range, newText: "" }]);
  } else {
    const message = `MLflow needs parameters by name below \`parameters\`, but this is ${whatItIs(entry.value)}.`;
    problems.error("parameters-not-map", message, entry.value.range);
  }
  return [];
}

function readParameter(entry: MapEntry, problems: Problems): Parameter {
  const name = entry.key.scalar.text;
  const parameter: Parameter = { name, nameRange: entry.key.range, range: entry.range, type: "string" };
  if (entry.key.scalar.kind !== "str") {
    const message = `MLflow reads this name as ${whatItIs(entry.key)}, so that no value can be given for it; quotes make it a text.`;
    const quoted = { title: "Quote the name", range: entry.key.range, newText: `"${entry.key.scalar.source}"` };
    problems.warning("name-not-text", message, entry.key.range, [quoted]);
  }
  if (entry.value.kind === "map") readLongForm(parameter, entry.value, problems);
  else if (textOf(entry.value) !== undefined) readType(parameter, entry.value, problems);
  else reportShortForm(name, entry, problems);
  return parameter;
}

function readLongForm(parameter: Parameter, map: MapNode, problems: Problems): void {
  checkLevel(map, "parameter", problems);
  const type = entryOf(map, "type")?.value;
  if (type !== undefined && !isNull(type)) readType(parameter, type, problems);
  else if (type === undefined) reportBareType(map, problems);
  const description = entryOf(map, "description")?.value;
  if (description !== undefined && !isNull(description)) parameter.description = pythonText(description).trim();
  const value = entryOf(map, "default");
  if (value === undefined) return;
  if (isNull(value.value)) {
    const message = `MLflow takes an empty default for none: a value of ${parameter.name} must be given.`;
    problems.hint("default-null", message, placeOf(value.value, value.key.range));
    return;
  }
  parameter.default = pythonText(value.value);
  if (value.value.kind === "scalar") parameter.defaultScalar = value.value.scalar;
  checkDefault(parameter, value.value, problems);
}

/** `{path, default: x}`: the key in front of the type was forgotten. */
function reportBareType(map: MapNode, problems: Problems): void {
  const bare = map.entries.find(
    ({ key, value }) =>
      isNull(value) && [...PARAMETER_TYPES, ...COMMON_TYPES].some((known) => known === key.scalar.text),
  );
  if (bare === undefined) return;
  const { range, scalar } = bare.key;
  const message = `MLflow takes \`${scalar.text}\` for a key here and passes over it; a type stands behind \`type:\`.`;
  const fix = { title: `Write type: ${scalar.text}`, range, newText: `type: ${scalar.text}` };
  problems.warning("unknown-key", message, range, [fix]);
}

function readType(parameter: Parameter, node: YamlNode, problems: Problems): void {
  const { type } = Object.assign(parameter, { type: pythonText(node), typeRange: node.range });
  if (PARAMETER_TYPES.some((known) => known === type)) return;
  if (LOOKS_LIKE_VALUE.test(type)) {
    const message = `MLflow takes \`${type.slice(0, 40)}\` for a type; a default stands in \`{type: …, default: …}\`.`;
    problems.warning("unknown-type", message, node.range);
    return;
  }
  const meant =
    COMMON_TYPES.includes(type) || /\W/.test(type) ? undefined : nearest(type, [...PARAMETER_TYPES, ...COMMON_TYPES]);
  if (meant !== undefined && node.kind === "scalar") {
    const message = `MLflow knows no type \`${type}\` and takes any value for it; \`${meant}\` seems to be meant.`;
    const fix = { title: `Change to ${meant}`, range: node.range, newText: meant };
    problems.warning("unknown-type", message, node.range, [fix]);
    return;
  }
  const message = `MLflow knows the types string, float, path and uri; it takes \`${type}\` as text, unchecked.`;
  problems.hint("unofficial-type", message, node.range);
}

/** A parameter that is neither a type's name nor a map. */
function reportShortForm(name: string, entry: MapEntry, problems: Problems): void {
  const range = placeOf(entry.value, entry.key.range);
  if (isNull(entry.value)) {
    const message = `MLflow cannot load ${name} without a type or a map; \`${name}: string\` is the shortest.`;
    const isEmpty = entry.value.kind === "scalar" && entry.value.scalar.source === "";
    problems.error("parameter-null", message, entry.key.range, isEmpty ? [requiredFix(entry)] : []);
    return;
  }
  const message = `MLflow needs the type of ${name} here, but this is ${whatItIs(entry.value)}; a default stands in \`{default: …}\`.`;
  const source = entry.value.kind === "scalar" ? entry.value.scalar.source : undefined;
  const fixes =
    source === undefined ? [] : [{ title: "Make it the default", range, newText: `{type: float, default: ${source}}` }];
  problems.error("parameter-not-map", message, range, fixes);
}

function requiredFix(entry: MapEntry): ProblemFix {
  const colon = { start: entry.key.range.end, end: entry.key.range.end + 1 };
  return { title: "Make it a required string", range: colon, newText: ": string" };
}
