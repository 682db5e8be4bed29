// The one reader of workflow files.
import { readParameters } from "../parameters.ts";
import { readPlainYaml } from "../plainYaml.ts";
import { placeOf, Problems, whatItIs } from "../problems.ts";
import { ENV_MANAGERS, type EnvManager } from "../request.ts";
import type { MapEntry, MapNode } from "../yamlTree.ts";
import { entryOf, isNull, pythonText, readYaml, textOf } from "../yamlTree.ts";
import { checkKeys } from "./checkKeys.ts";
import { checkReferences } from "./checkReferences.ts";
import type { Located, Retries, Step, StepValue, WorkflowDocument } from "./document.ts";
import { DEFAULT_PARALLEL, MOST_STEPS, RETRY_KEYS, STEP_KEYS, STEP_NAME, WORKFLOW_KEYS } from "./document.ts";
import { readTemplate } from "./expression.ts";

/** Reads a workflow file. Never throws: `problems` says what is wrong, and the rest is read as far as possible. */
export function readWorkflow(text: string): WorkflowDocument {
  const plain = readPlainYaml(text);
  const tree = plain === undefined ? readYaml(text) : { root: plain, problems: [] };
  const syntax = tree.problems.map((problem) => ({
    ...problem,
    message: problem.message.replace("MLflow cannot read this file", "This file cannot be read"),
  }));
  const problems = new Problems(syntax);
  const document: WorkflowDocument = { text, parameters: [], steps: [], maxParallel: DEFAULT_PARALLEL, problems: [] };
  if (tree.root?.kind === "map") {
    readRoot(tree.root, document, problems);
    if (document.steps.length <= MOST_STEPS) checkReferences(document, problems);
  } else {
    const range = tree.root?.range ?? { start: 0, end: text.length };
    const what = tree.root === undefined ? "empty" : whatItIs(tree.root);
    problems.error("workflow-not-map", `A workflow needs \`steps:\`, but this is ${what}.`, range);
  }
  const found = problems.list();
  const broken = found.find(({ code }) => code === "yaml-syntax");
  document.problems = broken === undefined ? found : [broken];
  return document;
}

function readRoot(root: MapNode, document: WorkflowDocument, problems: Problems): void {
  checkKeys(root, WORKFLOW_KEYS, "A workflow", problems);
  const name = readText(root, "name", problems);
  if (name !== undefined) document.name = name.text;
  const description = readText(root, "description", problems);
  if (description !== undefined) document.description = description.text;
  const experiment = readText(root, "experiment_name", problems);
  if (experiment !== undefined) document.experimentName = experiment.text;
  document.maxParallel = readCount(root, "max_parallel", 1, problems) ?? DEFAULT_PARALLEL;
  const manager = readManager(root, problems);
  if (manager !== undefined) document.envManager = manager;
  const parameters = entryOf(root, "parameters");
  if (parameters !== undefined) document.parameters = readParameters(parameters, problems);
  const steps = entryOf(root, "steps");
  if (steps?.value.kind === "map") {
    document.steps = steps.value.entries.map((entry) => readStep(entry, problems));
    if (document.steps.length > MOST_STEPS) {
      problems.error("steps-too-many", `A workflow has at most ${MOST_STEPS} steps.`, steps.key.range);
    }
    return;
  }
  const range = steps?.key.range ?? { start: 0, end: Math.min(document.text.length, 1) };
  const what = steps === undefined ? "it has none" : `this is ${whatItIs(steps.value)}`;
  problems.error("steps-missing", `A workflow needs steps by name below \`steps:\`, but ${what}.`, range);
}

function readStep(entry: MapEntry, problems: Problems): Step {
  const name = entry.key.scalar.text;
  const nameRange = entry.key.range;
  const step: Step = {
    name,
    nameRange,
    range: entry.range,
    entryPoint: { text: name, range: nameRange },
    parameters: [],
    needs: [],
    retries: { count: 0, delay: 0 },
    continueOnError: false,
    cache: true,
  };
  if (!STEP_NAME.test(name)) {
    const message = "The name of a step has letters, digits, - and _ only, and begins with a letter or _.";
    problems.error("step-name", message, nameRange);
  }
  if (entry.value.kind !== "map") {
    // `train:` alone is the entry point of that name with its defaults.
    if (isNull(entry.value)) return step;
    const message = `A step has keys such as \`entry_point\`, but this is ${whatItIs(entry.value)}.`;
    problems.error("step-not-map", message, placeOf(entry.value, nameRange));
    return step;
  }
  readStepKeys(step, entry.value, problems);
  return step;
}

function readStepKeys(step: Step, map: MapNode, problems: Problems): void {
  checkKeys(map, STEP_KEYS, "A step", problems);
  readText(map, "description", problems);
  step.entryPoint = readText(map, "entry_point", problems) ?? step.entryPoint;
  const project = readText(map, "project", problems);
  if (project !== undefined) step.project = project;
  const version = readText(map, "version", problems);
  if (version !== undefined) step.version = version;
  const parameters = entryOf(map, "parameters");
  if (parameters !== undefined) {
    step.parametersRange = parameters.range;
    step.parameters = readValues(parameters, problems);
  }
  step.needs = readNeeds(entryOf(map, "needs"), problems);
  step.retries = readRetries(entryOf(map, "retries"), problems);
  step.continueOnError = readTruth(map, "continue_on_error", problems) ?? false;
  step.cache = readTruth(map, "cache", problems) ?? true;
  const manager = readManager(map, problems);
  if (manager !== undefined) step.envManager = manager;
}

function readValues({ key, value }: MapEntry, problems: Problems): StepValue[] {
  if (value.kind === "map") {
    return value.entries.flatMap((entry): StepValue[] => {
      const node = entry.value;
      const name = entry.key.scalar.text;
      if (node.kind === "scalar" && !isNull(node)) {
        return [{ name, nameRange: entry.key.range, range: entry.range, value: readTemplate(node, problems) }];
      }
      const what = isNull(node) ? "nothing stands here; leave it out, or write ''" : `this is ${whatItIs(node)}`;
      problems.error("value-missing", `${name} needs one value, but ${what}.`, placeOf(node, entry.key.range));
      return [];
    });
  }
  const what = isNull(value) ? "nothing stands here" : `this is ${whatItIs(value)}`;
  problems.error("values-not-map", `\`parameters\` has values by name, but ${what}.`, placeOf(value, key.range));
  return [];
}

function readNeeds(entry: MapEntry | undefined, problems: Problems): Located[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === "list" ? entry.value.items : [entry.value];
  return nodes.flatMap((node): Located[] => {
    const text = textOf(node);
    if (text !== undefined) return [{ text, range: node.range }];
    const message = `\`needs\` names steps, but this is ${whatItIs(node)}.`;
    problems.error("needs-not-step", message, placeOf(node, entry.key.range));
    return [];
  });
}

function readRetries(entry: MapEntry | undefined, problems: Problems): Retries {
  const none = { count: 0, delay: 0 };
  if (entry === undefined) return none;
  if (entry.value.kind === "map") {
    checkKeys(entry.value, RETRY_KEYS, "`retries`", problems);
    return {
      count: readCount(entry.value, "count", 0, problems) ?? 1,
      delay: readNumber(entryOf(entry.value, "delay"), problems, "seconds, such as 10 or 0.5") ?? 0,
    };
  }
  return { count: wholeNumber(entry, 0, problems) ?? 0, delay: 0 };
}

function readText(map: MapNode, key: string, problems: Problems): Located | undefined {
  const entry = entryOf(map, key);
  if (entry === undefined || isNull(entry.value)) return undefined;
  if (entry.value.kind === "scalar") return { text: pythonText(entry.value), range: entry.value.range };
  problems.error("not-text", `\`${key}\` is a text, but this is ${whatItIs(entry.value)}.`, entry.value.range);
  return undefined;
}

function readCount(map: MapNode, key: string, least: number, problems: Problems): number | undefined {
  const entry = entryOf(map, key);
  return entry === undefined ? undefined : wholeNumber(entry, least, problems);
}

function wholeNumber({ key, value }: MapEntry, least: number, problems: Problems): number | undefined {
  if (value.kind === "scalar" && value.scalar.kind === "int") {
    const number = Number(value.scalar.text);
    if (number >= least && number <= 1000) return number;
  }
  const message = `\`${key.scalar.text}\` is a whole number from ${least} to 1000.`;
  problems.error("not-whole", message, placeOf(value, key.range));
  return undefined;
}

function readNumber(entry: MapEntry | undefined, problems: Problems, what: string): number | undefined {
  if (entry === undefined) return undefined;
  const { key, value } = entry;
  if (value.kind === "scalar" && (value.scalar.kind === "int" || value.scalar.kind === "float")) {
    const number = Number(value.scalar.text);
    if (number >= 0 && number <= 86_400) return number;
  }
  problems.error("not-number", `\`${key.scalar.text}\` is a number of ${what}.`, placeOf(value, key.range));
  return undefined;
}

function readTruth(map: MapNode, key: string, problems: Problems): boolean | undefined {
  const entry = entryOf(map, key);
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind === "scalar" && value.scalar.kind === "bool") return value.scalar.text === "True";
  problems.error("not-truth", `\`${key}\` is true or false.`, placeOf(value, entry.key.range));
  return undefined;
}

function readManager(map: MapNode, problems: Problems): EnvManager | undefined {
  const entry = entryOf(map, "env_manager");
  if (entry === undefined) return undefined;
  const text = textOf(entry.value);
  const manager = ENV_MANAGERS.find((one) => one === text);
  if (manager === undefined) {
    const message = `\`env_manager\` is one of ${ENV_MANAGERS.join(", ")}.`;
    problems.error("env-manager", message, placeOf(entry.value, entry.key.range));
  }
  return manager;
}
