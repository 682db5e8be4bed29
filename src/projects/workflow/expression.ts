// `${{ steps.prepare.run_id }}`: the one way in which a value of a workflow depends on what ran before.
import { sourceMap } from "../commandSource.ts";
import type { TextRange } from "../document.ts";
import type { Problems } from "../problems.ts";
import { nearest } from "../spelling.ts";
import type { ScalarNode } from "../yamlTree.ts";
import type { Expression, Located, Reference, Template } from "./document.ts";
import { STEP_FIELDS } from "./document.ts";

const OPEN = "${{";
/** A quoted text may hold braces. */
const EXPRESSION = /\$\{\{((?:'[^']*'|(?!\}\}|\$\{\{)[^'])*)\}\}/g;

const FORMS = "`steps.NAME.run_id`, `….artifact_uri`, `….metrics.KEY`, `….params.KEY` and `workflow.parameters.NAME`";

/** Takes a value apart; what is wrong with its expressions goes to `problems`. */
export function readTemplate(node: ScalarNode, problems: Problems): Template {
  const { text } = node.scalar;
  const map = sourceMap(node);
  const template: Template = { text, range: node.range, parts: [] };
  let at = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    addText(template, text.slice(at, match.index));
    at = match.index + match[0].length;
    const inner = match[1] ?? "";
    const start = match.index + OPEN.length + (inner.length - inner.trimStart().length);
    const expression: Expression = {
      range: map.rangeOf(match.index, at),
      innerRange: map.rangeOf(start, start + inner.trim().length),
      words: wordsOf(inner.trim(), (from, to) => map.rangeOf(start + from, start + to)),
    };
    const reference = understand(inner.trim(), expression, problems);
    if (reference !== undefined) expression.reference = reference;
    template.parts.push(expression);
  }
  const rest = text.slice(at);
  addText(template, rest);
  const open = rest.indexOf(OPEN);
  if (open >= 0) {
    const message = "This `${{` is never closed by `}}`; `${{ '${{' }}` stands for the three characters themselves.";
    problems.error("expression-open", message, map.rangeOf(at + open, at + open + OPEN.length));
  }
  return template;
}

/** Every `${{ … }}` of a value. */
export function expressionsIn(template: Template): Expression[] {
  return template.parts.filter((part) => typeof part !== "string");
}

/** The value with every reference replaced. */
export function fillTemplate(template: Template, valueOf: (reference: Reference) => string): string {
  return template.parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.reference === undefined) return template.text;
      return part.reference.kind === "text" ? part.reference.text : valueOf(part.reference);
    })
    .join("");
}

function addText(template: Template, text: string): void {
  if (text !== "") template.parts.push(text);
}

function wordsOf(inner: string, rangeOf: (from: number, to: number) => TextRange): Located[] {
  const words: Located[] = [];
  let at = 0;
  for (const text of inner.split(".")) {
    words.push({ text, range: rangeOf(at, at + text.length) });
    at += text.length + 1;
  }
  return words;
}

function understand(
  inner: string,
  { words, innerRange, range }: Expression,
  problems: Problems,
): Reference | undefined {
  const quoted = /^'([^']*)'$/.exec(inner);
  if (quoted !== null) return { kind: "text", text: quoted[1] ?? "" };
  const [root, second, third] = words;
  const place = inner === "" ? range : innerRange;
  switch (root?.text) {
    case "steps":
      if (second !== undefined && third !== undefined) return stepReference(words, inner, problems);
      break;
    case "workflow":
      if (second?.text === "parameters" && third !== undefined) {
        return { kind: "parameter", name: inner.split(".").slice(2).join(".") };
      }
      if (second !== undefined && third === undefined && (second.text === "run_id" || second.text === "name")) {
        return { kind: "workflow", field: second.text };
      }
      break;
    default: {
      const meant = nearest(root?.text ?? "", ["steps", "workflow"]);
      if (root !== undefined && meant !== undefined) {
        const message = `Nothing is called \`${root.text}\` here; \`${meant}\` seems to be meant.`;
        const fix = { title: `Change to ${meant}`, range: root.range, newText: meant };
        problems.error("expression-unknown", message, root.range, [fix]);
        return undefined;
      }
    }
  }
  problems.error("expression-unknown", `\`${inner}\` is not understood; there are ${FORMS}.`, place);
  return undefined;
}

function stepReference(words: readonly Located[], inner: string, problems: Problems): Reference | undefined {
  const [, step, word, ...more] = words;
  if (step === undefined || word === undefined) return undefined;
  const field = STEP_FIELDS.find((one) => one === word.text);
  if (field === undefined) {
    const meant = nearest(word.text, STEP_FIELDS);
    const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range: word.range, newText: meant }];
    const known = meant === undefined ? `there are ${STEP_FIELDS.join(", ")}` : `\`${meant}\` seems to be meant`;
    problems.error("step-field-unknown", `A step has no \`${word.text}\`; ${known}.`, word.range, fixes);
    return undefined;
  }
  if (field === "metrics" || field === "params") {
    // A key may hold dots.
    const key = inner.split(".").slice(3).join(".");
    if (key !== "") return { kind: "step", step: step.text, field, key };
    const what = field === "metrics" ? "metric" : "param";
    problems.error("step-key-missing", `\`${field}\` needs the name of a ${what}: \`${inner}.NAME\`.`, word.range);
    return undefined;
  }
  const [extra] = more;
  if (extra === undefined) return { kind: "step", step: step.text, field };
  problems.error("step-field-unknown", `\`${field}\` has no parts; \`.${extra.text}\` is too much.`, extra.range);
  return undefined;
}
