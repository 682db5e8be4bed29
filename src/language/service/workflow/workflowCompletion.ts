import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind, InsertTextMode } from "vscode-languageserver";
import type { TextRange } from "../../../projects/document.ts";
import { PARAMETER_TYPES } from "../../../projects/parameters.ts";
import { ENV_MANAGERS } from "../../../projects/request.ts";
import { STEP_FIELDS, type Step, type WorkflowDocument } from "../../../projects/workflow/document.ts";
import { needsOf, withDependents } from "../../../projects/workflow/plan.ts";
import { cursorAt, type Cursor } from "../cursor.ts";
import { parameterSummary } from "../nodeAt.ts";
import { rangeIn } from "../positions.ts";
import type { Workspace } from "../workspace.ts";
import { entryPointOfStep, projectAt } from "./stepProjects.ts";
import { workflowKeysAt } from "./workflowKeys.ts";

/** One thing that can stand at the cursor. */
interface Offer {
  label: string;
  kind: CompletionItemKind;
  detail?: string;
  documentation?: string;
  /** When it is not the label. */
  newText?: string;
}

export function completeWorkflow(
  document: WorkflowDocument,
  offset: number,
  workspace: Workspace | undefined,
): CompletionItem[] {
  const { text } = document;
  const cursor = cursorAt(text, offset);
  const open = /\$\{\{\s*([\w.-]*)$/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset));
  if (open !== null) {
    const typed = (open[1] ?? "").split(".");
    const start = offset - (typed.at(-1) ?? "").length;
    const behind = /^[\w-]*/.exec(text.slice(offset, offset + 100))?.[0].length ?? 0;
    const own =
      document.steps.find(({ range }) => range.start <= offset && offset <= range.end)?.name ?? cursor?.path[1];
    return items(document, { start, end: offset + behind }, inExpression(document, typed.slice(0, -1), own, workspace));
  }
  if (cursor === undefined || cursor.kind === "text") return [];
  const offers = cursor.kind === "key" ? keysAt(document, cursor, workspace) : valuesAt(document, cursor, workspace);
  const inList = cursor.kind === "key" && cursor.path.at(-1) === "needs";
  const isNamed = cursor.kind !== "key" || inList || /^\s*:/.test(text.slice(cursor.range.end, cursor.range.end + 50));
  return items(
    document,
    cursor.range,
    isNamed
      ? offers.map(({ newText, ...one }) => (cursor.kind === "key" ? one : { ...one, ...(newText && { newText }) }))
      : offers,
  );
}

function items(document: WorkflowDocument, range: TextRange, offers: readonly Offer[]): CompletionItem[] {
  return offers.map(({ label, kind, detail, documentation, newText = label }, index) => ({
    label,
    kind,
    sortText: String(index).padStart(3, "0"),
    insertTextMode: InsertTextMode.adjustIndentation,
    textEdit: { range: rangeIn(document, range), newText },
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: { kind: "markdown" as const, value: documentation } }),
  }));
}

/** What can follow the words before the cursor in `${{ … }}`. */
function inExpression(
  document: WorkflowDocument,
  words: readonly string[],
  own: string | undefined,
  workspace: Workspace | undefined,
): Offer[] {
  const [root, second, third] = words;
  const value = CompletionItemKind.Value;
  if (root === undefined) {
    const module = CompletionItemKind.Module;
    return [
      { label: "steps", kind: module, detail: "results of other steps" },
      { label: "workflow", kind: module, detail: "parameters of the workflow" },
    ];
  }
  if (root === "workflow") {
    if (second === "parameters" && words.length === 2) return parameterOffers(document);
    const fields = ["parameters", "run_id", "name"];
    return words.length === 1 ? fields.map((label) => ({ label, kind: value })) : [];
  }
  if (root !== "steps") return [];
  if (second === undefined) return stepOffers(document, own);
  if (third === undefined) return STEP_FIELDS.map((label) => ({ label, kind: value }));
  const step = document.steps.find(({ name }) => name === second);
  if (third !== "params" || step === undefined || words.length > 3) return [];
  const declared = entryPointOfStep(workspace, step)?.parameters.map(({ name }) => name) ?? [];
  const given = step.parameters.map(({ name }) => name);
  return [...new Set([...declared, ...given])].map((label) => ({ label, kind: CompletionItemKind.Variable }));
}

function parameterOffers({ parameters }: WorkflowDocument): Offer[] {
  return parameters.map((one) => ({
    label: one.name,
    kind: CompletionItemKind.Variable,
    detail: parameterSummary(one),
  }));
}

/** The steps that `own` can wait for: not itself, and none that waits for it. */
function stepOffers(document: WorkflowDocument, own: string | undefined): Offer[] {
  const behind = own === undefined ? new Set<string>() : withDependents([own], needsOf(document));
  return document.steps
    .filter(({ name }) => !behind.has(name))
    .map(({ name, entryPoint }) => ({ label: name, kind: CompletionItemKind.Function, detail: entryPoint.text }));
}

function keysAt(document: WorkflowDocument, cursor: Cursor, workspace: Workspace | undefined): Offer[] {
  const [first, name, third] = cursor.path;
  const step = first === "steps" ? document.steps.find((one) => one.name === name) : undefined;
  if (first === "steps" && cursor.path.length === 1) return newSteps(document, workspace);
  if (third === "needs" && cursor.path.length === 3) return needed(document, step, cursor);
  if (third === "parameters" && step !== undefined && cursor.path.length === 3) {
    const entryPoint = entryPointOfStep(workspace, step);
    return (entryPoint?.parameters ?? [])
      .filter((one) => !cursor.present.includes(one.name))
      .map((one) => ({
        label: one.name,
        kind: CompletionItemKind.Property,
        detail: parameterSummary(one),
        newText: `${one.name}: `,
        ...(one.description === undefined ? {} : { documentation: one.description }),
      }));
  }
  const known = workflowKeysAt(cursor.path) ?? [];
  return known
    .filter(({ key }) => !cursor.present.includes(key))
    .map(({ key, text, holds }) => ({
      label: key,
      kind: CompletionItemKind.Property,
      documentation: text,
      newText: `${key}:${holds === "map" && !cursor.inBrackets ? "\n  " : " "}`,
    }));
}

/** A step that is called as its entry point needs no more than its name. */
function newSteps(document: WorkflowDocument, workspace: Workspace | undefined): Offer[] {
  const taken = document.steps.map(({ name }) => name);
  return entryPointsAt(workspace, undefined)
    .filter(({ label }) => !taken.includes(label))
    .map((offer) => ({ ...offer, newText: `${offer.label}:` }));
}

function needed(document: WorkflowDocument, step: Step | undefined, { typed }: Cursor): Offer[] {
  const named = step?.needs.map(({ text }) => text) ?? [];
  return stepOffers(document, step?.name).filter(({ label }) => label === typed || !named.includes(label));
}

function valuesAt(document: WorkflowDocument, cursor: Cursor, workspace: Workspace | undefined): Offer[] {
  const [first, name, key, inner] = cursor.path;
  const value = CompletionItemKind.Value;
  const ofTexts = (texts: readonly string[]): Offer[] => texts.map((label) => ({ label, kind: value }));
  if (cursor.path.length === 1) return first === "env_manager" ? ofTexts(ENV_MANAGERS) : [];
  if (first === "parameters") return cursor.path.length === 2 || key === "type" ? ofTexts(PARAMETER_TYPES) : [];
  if (first !== "steps") return [];
  const step = document.steps.find((one) => one.name === name);
  switch (key) {
    case "entry_point":
      return entryPointsAt(workspace, step?.project?.text);
    case "needs":
      return needed(document, step, cursor);
    case "env_manager":
      return ofTexts(ENV_MANAGERS);
    case "cache":
    case "continue_on_error":
      return ofTexts(["true", "false"]);
    case "project":
      return foldersWithProject(workspace);
    case "parameters":
      return inner === undefined ? [] : references(document, name, cursor);
    default:
      return [];
  }
}

/** A whole `${{ … }}` for a value that is begun. */
function references(document: WorkflowDocument, own: string | undefined, { inBrackets }: Cursor): Offer[] {
  const whole = (inner: string, detail: string): Offer => {
    const label = `\${{ ${inner} }}`;
    return { label, kind: CompletionItemKind.Reference, detail, ...(inBrackets ? { newText: `"${label}"` } : {}) };
  };
  const steps = stepOffers(document, own).map(({ label }) => label);
  return [
    ...document.parameters.map(({ name }) => whole(`workflow.parameters.${name}`, "of the workflow")),
    ...steps.flatMap((name) => [
      whole(`steps.${name}.run_id`, `run of ${name}`),
      whole(`steps.${name}.artifact_uri`, `artifacts of ${name}`),
    ]),
  ];
}

function entryPointsAt(workspace: Workspace | undefined, project: string | undefined): Offer[] {
  const found = workspace === undefined ? undefined : projectAt(workspace, project);
  if (typeof found !== "object") return [];
  return found.document.entryPoints.map(({ name, parameters }) => ({
    label: name,
    kind: CompletionItemKind.Function,
    detail: parameters.map((one) => one.name).join(", "),
  }));
}

function foldersWithProject(workspace: Workspace | undefined): Offer[] {
  const names = workspace?.list(".") ?? [];
  return names
    .filter(
      (name) =>
        !name.startsWith(".") && workspace?.list(name).some((one) => one.toLowerCase() === "mlproject") === true,
    )
    .map((label) => ({ label, kind: CompletionItemKind.Folder }));
}
