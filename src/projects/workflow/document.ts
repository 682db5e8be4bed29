// The shape of a read workflow file: values with the places they stand at, as projects/document.ts has them for MLproject.
import type { Parameter, Problem, TextRange } from "../document.ts";
import type { EnvManager } from "../request.ts";

/** What may stand behind `${{ steps.NAME.`; the last two name a key. */
export const STEP_FIELDS = ["run_id", "experiment_id", "artifact_uri", "metrics", "params"] as const;
export type StepField = (typeof STEP_FIELDS)[number];

/** What a `${{ … }}` asks for. */
export type Reference =
  | { kind: "step"; step: string; field: StepField; key?: string }
  | { kind: "parameter"; name: string }
  /** The run of the whole workflow, or its name. */
  | { kind: "workflow"; field: "run_id" | "name" }
  /** A text in quotes: the way to write `${{` itself. */
  | { kind: "text"; text: string };

/** A `${{ … }}` in a value. */
export interface Expression {
  /** With its braces. */
  range: TextRange;
  /** What stands between the braces, without blanks around it. */
  innerRange: TextRange;
  /** The words between its dots, with their places. */
  words: Located[];
  /** Absent when it cannot be understood: a problem says why. */
  reference?: Reference;
}

/** A text of the file. */
export interface Located {
  text: string;
  range: TextRange;
}

/** A value with `${{ … }}` in it; pieces of text and expressions in order. */
export interface Template extends Located {
  parts: (string | Expression)[];
}

/** A value that a step gives to a parameter of its entry point. */
export interface StepValue {
  name: string;
  nameRange: TextRange;
  /** Name and value. */
  range: TextRange;
  value: Template;
}

export interface Retries {
  /** How often a step that failed is tried again. */
  count: number;
  /** Seconds before each further try. */
  delay: number;
}

export interface Step {
  name: string;
  nameRange: TextRange;
  /** Name and body. */
  range: TextRange;
  /** The step's name when the key is absent; then its range is the name's. */
  entryPoint: Located;
  /** Path or URI, as written; absent: the folder of the workflow file. */
  project?: Located;
  /** Branch, tag or commit of its repository. */
  version?: Located;
  parameters: StepValue[];
  parametersRange?: TextRange;
  /** As written in `needs:`; see `dependenciesOf`. */
  needs: Located[];
  retries: Retries;
  continueOnError: boolean;
  /** False: never reused from an earlier run. */
  cache: boolean;
  envManager?: EnvManager;
}

export interface WorkflowDocument {
  text: string;
  name?: string;
  description?: string;
  /** Experiment of all its runs, unless the person names another. */
  experimentName?: string;
  /** Values that are asked for once and used by steps as `${{ workflow.parameters.NAME }}`. */
  parameters: Parameter[];
  /** In the file's order. */
  steps: Step[];
  /** How many steps run at a time. */
  maxParallel: number;
  /** For steps that name none. */
  envManager?: EnvManager;
  /** Every problem, in text order. An `error` means that the workflow cannot be run. */
  problems: Problem[];
}

/** Most steps of a workflow. */
export const MOST_STEPS = 500;

/** A step's name is a word in `${{ … }}` and part of a tag. */
export const STEP_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;

/** Steps at a time when the file does not say. */
export const DEFAULT_PARALLEL = 4;

export const WORKFLOW_KEYS = [
  "name",
  "description",
  "experiment_name",
  "max_parallel",
  "env_manager",
  "parameters",
  "steps",
] as const;

export const STEP_KEYS = [
  "description",
  "project",
  "version",
  "entry_point",
  "parameters",
  "needs",
  "retries",
  "continue_on_error",
  "cache",
  "env_manager",
] as const;

export const RETRY_KEYS = ["count", "delay"] as const;

/** `workflow.mlflow.yaml`, or `NAME.workflow.mlflow.yaml` for several in one folder. */
export function isWorkflowFile(fileName: string): boolean {
  return /(?:^|[./\\])workflow\.mlflow\.ya?ml$/i.test(fileName);
}
