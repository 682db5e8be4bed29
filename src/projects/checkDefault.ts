// What MLflow and YAML 1.1 make of a default (mlflow 3.17.2, PyYAML 6).
import type { Parameter, ProblemFix } from "./document.ts";
import type { Problems } from "./problems.ts";
import { whatItIs } from "./problems.ts";
import type { ScalarNode, YamlNode } from "./yamlTree.ts";
import { hasScheme } from "./uriText.ts";

const WHOLE_TYPES = ["int", "integer", "long"];
const NUMBER_TYPES = ["float", "number", "double", ...WHOLE_TYPES];
const TRUTH_TYPES = ["bool", "boolean"];

/** What Python's `int()` and `float()` make of a text. */
const WHOLE = /^\s*[-+]?[0-9]+(?:_[0-9]+)*\s*$/;
const NUMBER =
  /^\s*[-+]?(?:(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:e[-+]?[0-9]+)?|inf(?:inity)?|nan)\s*$/i;
const TRUTH = /^(?:true|false|yes|no|on|off|y|n|t|f|0|1)$/i;

/** A text that every language but YAML 1.1 reads as a number. */
const NUMBER_AS_TEXT = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+$|^[-+]\.[0-9]+$/;

export function checkDefault(parameter: Parameter, node: YamlNode, problems: Problems): void {
  if (parameter.type === "path" || parameter.type === "uri") {
    checkAddress(parameter, node, problems);
    return;
  }
  if (node.kind !== "scalar") {
    if (!/^(?:string|str|path|uri|float|int(?:eger)?|number|bool(?:ean)?)$/.test(parameter.type)) return;
    const message = `The command gets this default as one text in Python's spelling, \`${parameter.default?.slice(0, 40)}\`.`;
    problems.hint("default-not-plain", message, node.range);
    return;
  }
  const isTold =
    checkNone(parameter, node, problems) ||
    (node.style === "plain" && checkNumberAsText(parameter, node, problems)) ||
    checkType(parameter, node, problems);
  if (!isTold && node.style === "plain") checkChangedText(parameter, node, problems);
}

/** A `path` or `uri`, whose value MLflow looks into. */
function checkAddress(parameter: Parameter, node: YamlNode, problems: Problems): void {
  const { type, name } = parameter;
  if (node.kind !== "scalar" || node.scalar.kind !== "str") {
    const message = `Running with this default fails: a ${type} must be a text, and this is ${whatItIs(node)}.`;
    const fixes = node.kind === "scalar" ? [quoteFix(node)] : [];
    problems.error("default-not-text", message, node.range, fixes);
  } else if (checkNone(parameter, node, problems)) {
    return;
  } else if (type === "uri" && !hasScheme(node.scalar.text)) {
    const message = `Running with this default fails: MLflow expects a URI with a scheme for ${name}.`;
    problems.warning("default-not-uri", message, node.range);
  }
}

/** Python's `None` is a text to YAML. */
function checkNone({ name, type }: Parameter, node: ScalarNode, problems: Problems): boolean {
  if (node.scalar.kind !== "str" || node.style !== "plain" || node.scalar.text !== "None") return false;
  const isText = !["path", "uri", ...NUMBER_TYPES, ...TRUTH_TYPES].includes(type);
  const message = `YAML reads None as a text: ${name} gets the four letters, not Python's None.`;
  problems.add(isText ? "hint" : "warning", "yaml-none-text", message, node.range, [
    { title: "Write null: a value must be given", range: node.range, newText: "null" },
    quoteFix(node),
  ]);
  return true;
}

/** A default that Python cannot read as the type which is declared for it. */
function checkType({ name, type, default: text = "" }: Parameter, node: ScalarNode, problems: Problems): boolean {
  const expected = WHOLE_TYPES.includes(type)
    ? { reads: WHOLE, what: "a whole number" }
    : NUMBER_TYPES.includes(type)
      ? { reads: NUMBER, what: "a number" }
      : TRUTH_TYPES.includes(type)
        ? { reads: TRUTH, what: "true or false" }
        : undefined;
  if (expected === undefined || expected.reads.test(text)) return false;
  const message = `${name} is declared as ${type}, but its default \`${text.slice(0, 40)}\` is not ${expected.what}.`;
  const whole =
    node.style === "plain" && WHOLE_TYPES.includes(type) ? /^([-+]?[0-9]+)\.0*$/.exec(text)?.[1] : undefined;
  const fixes = whole === undefined ? [] : [{ title: `Write ${whole}`, range: node.range, newText: whole }];
  problems.warning("default-not-of-type", message, node.range, fixes);
  return true;
}

function checkNumberAsText(parameter: Parameter, node: ScalarNode, problems: Problems): boolean {
  const { kind, source } = node.scalar;
  if (kind !== "str" || !NUMBER_AS_TEXT.test(source)) return false;
  const number = asYamlNumber(source);
  const message = `YAML 1.1 reads ${source} as text, not as a number; ${number} is one.`;
  const fixes = [
    { title: `Write ${number}, so that it is a number`, range: node.range, newText: number },
    quoteFix(node),
  ];
  const severity = NUMBER_TYPES.includes(parameter.type) ? "warning" : "hint";
  problems.add(severity, "yaml-number-text", message, node.range, fixes);
  return true;
}

/** The same number with the dot and the sign that YAML 1.1 asks for. */
function asYamlNumber(source: string): string {
  const [mantissa = "", exponent] = source.toLowerCase().split("e");
  const whole = mantissa.replace(/^([-+]?)\./, "$10.");
  const dotted = whole.includes(".") ? whole.replace(/\.$/, ".0") : `${whole}.0`;
  return exponent === undefined ? dotted : `${dotted}e${/^[-+]/.test(exponent) ? "" : "+"}${exponent}`;
}

/** YAML 1.1 values whose text in the command is another than in the file. */
function checkChangedText(parameter: Parameter, node: ScalarNode, problems: Problems): void {
  const { kind, source, text } = node.scalar;
  if (text === source || kind === "str" || kind === "null") return;
  const message = `The command gets \`${text}\` for ${source}.`;
  const fixes = [quoteFix(node)];
  if (kind === "bool") {
    const surprising = !/^(?:true|false)$/i.test(source) && !parameter.type.startsWith("bool");
    problems.add(surprising ? "warning" : "hint", "yaml-changed-value", message, node.range, fixes);
  } else if (kind === "date") {
    problems.hint("yaml-changed-value", message, node.range, fixes);
  } else if (/:|^[-+]?0[0-9_]|_/.test(source)) {
    // To a number that is meant as one, underscores and zeros in front change nothing.
    const isSame = NUMBER_TYPES.includes(parameter.type) && Number(source.replaceAll("_", "")) === Number(text);
    problems.add(isSame ? "hint" : "warning", "yaml-changed-value", message, node.range, fixes);
  } else if (parameter.type === "string" || parameter.type === "str") {
    // Of a version such as 3.10 the last digit is lost.
    const isCut = kind === "float" && /^[0-9]+\.[0-9]*[1-9]0$/.test(source);
    problems.add(isCut ? "warning" : "hint", "yaml-changed-value", message, node.range, fixes);
  }
}

function quoteFix(node: ScalarNode): ProblemFix {
  const quoted = `'${node.scalar.source.replaceAll("'", "''")}'`;
  return { title: `Quote it as text: ${quoted}`, range: node.range, newText: quoted };
}
