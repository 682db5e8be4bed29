// What each key of a workflow file means, for completion and hover. The schema says the same for other editors.
import type { KeyMeaning } from "../keys.ts";

const WORKFLOW: readonly KeyMeaning[] = [
  { key: "name", holds: "value", text: "Name of the workflow and of its run; the name of the file when absent." },
  { key: "description", holds: "value", text: "What it is for." },
  {
    key: "experiment_name",
    holds: "value",
    text: "Experiment of all its runs, unless another is named when it is run.",
  },
  { key: "max_parallel", holds: "value", text: "How many steps run at a time; 4 when absent." },
  {
    key: "env_manager",
    holds: "value",
    text: "Environment manager of the steps; `auto` is what each project declares.",
  },
  {
    key: "parameters",
    holds: "map",
    text: "Values that are asked for once; steps use them as `${{ workflow.parameters.NAME }}`.",
  },
  {
    key: "steps",
    holds: "map",
    text: "Steps by name; one without anything below it runs the entry point of its name.",
  },
];

const STEP: readonly KeyMeaning[] = [
  { key: "description", holds: "value", text: "What it is for." },
  {
    key: "project",
    holds: "value",
    text: "Folder or URI of its project, counted from this file; the folder of this file when absent.",
  },
  { key: "version", holds: "value", text: "Branch, tag or commit of its git repository, as a text in quotes." },
  {
    key: "entry_point",
    holds: "value",
    text: "Entry point, or a script of the project; the step's own name when absent.",
  },
  { key: "parameters", holds: "map", text: "Values for the parameters of the entry point." },
  { key: "needs", holds: "value", text: "Steps that must be over first, beside those whose results are used." },
  {
    key: "retries",
    holds: "value",
    text: "How often the step is tried again when it failed: a number, or `count` and `delay` in seconds.",
  },
  {
    key: "continue_on_error",
    holds: "value",
    text: "Whether the steps that wait for this one start although it failed; then the workflow does not fail for it.",
  },
  {
    key: "cache",
    holds: "value",
    text: "Whether a finished run with the same entry point, parameters, commit and environment is taken instead.",
  },
  { key: "env_manager", holds: "value", text: "Environment manager of this step." },
];

const RETRIES: readonly KeyMeaning[] = [
  { key: "count", holds: "value", text: "How often the step is tried again; 1 when absent." },
  { key: "delay", holds: "value", text: "Seconds before each further try." },
];

const PARAMETER: readonly KeyMeaning[] = [
  { key: "type", holds: "value", text: "`string` (the default), `float`, `path` or `uri`." },
  { key: "default", holds: "value", text: "Used when no value is given; without it one must be." },
  { key: "description", holds: "value", text: "Shown where the value is asked for." },
];

/** The keys known in the map at `path`; undefined where every name is free. */
export function workflowKeysAt(path: readonly string[]): readonly KeyMeaning[] | undefined {
  const [first, , third] = path;
  if (path.length === 0) return WORKFLOW;
  if (first === "parameters" && path.length === 2) return PARAMETER;
  if (first !== "steps") return undefined;
  if (path.length === 2) return STEP;
  return third === "retries" && path.length === 3 ? RETRIES : undefined;
}
