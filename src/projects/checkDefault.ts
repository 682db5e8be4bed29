// What MLflow and YAML 1.1 make of a default (mlflow 3.17.2, PyYAML 6).
import type { Parameter, ProblemFix } from "./document.ts";
import type { Problems } from "./problems.ts";
import { whatItIs } from "./problems.ts";
import type { ScalarNode, YamlNode } from "./yamlTree.ts";
import { hasScheme } from "./uriText.ts";

const NUMBER_TYPES = ["float", "int", "integer", "number", "double", "long"];

/** A text that every language but YAML 1.1 reads as a number. */
const NUMBER_AS_TEXT = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+$|^[-+]\.[0-9]+$/;

export function checkDefault(parameter: Parameter, node: YamlNode, problems: Problems): void {
  if (parameter.type === "path" || parameter.type === "uri") {
    if (node.kind !== "scalar" || node.scalar.kind !== "str") {
      const message = `Running with this default fails: a ${parameter.type} must be a text, and this is ${whatItIs(node)}.`;
      const fixes = node.kind === "scalar" ? [quoteFix(node)] : [];
      problems.error("default-not-text", message, node.range, fixes);
    } else if (parameter.type === "uri" && !hasScheme(node.scalar.text)) {
      const message = `Running with this default fails: MLflow expects a URI with a scheme for ${parameter.name}.`;
      problems.warning("default-not-uri", message, node.range);
    }
    return;
  }
  if (node.kind !== "scalar" || node.style !== "plain") return;
  checkNumberAsText(parameter, node, problems);
  checkChangedText(parameter, node, problems);
}

function checkNumberAsText(parameter: Parameter, node: ScalarNode, problems: Problems): void {
  const { kind, source } = node.scalar;
  if (kind !== "str" || !NUMBER_AS_TEXT.test(source)) return;
  const number = asYamlNumber(source);
  const message = `YAML 1.1 reads ${source} as text, not as a number; ${number} is one.`;
  const fixes = [
    { title: `Write ${number}, so that it is a number`, range: node.range, newText: number },
    quoteFix(node),
  ];
  const severity = NUMBER_TYPES.includes(parameter.type) ? "warning" : "hint";
  problems.add(severity, "yaml-number-text", message, node.range, fixes);
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
    problems.warning("yaml-changed-value", message, node.range, fixes);
  } else if (parameter.type === "string" || parameter.type === "str") {
    problems.hint("yaml-changed-value", message, node.range, fixes);
  }
}

function quoteFix(node: ScalarNode): ProblemFix {
  const quoted = `'${node.scalar.source.replaceAll("'", "''")}'`;
  return { title: `Quote it as text: ${quoted}`, range: node.range, newText: quoted };
}
