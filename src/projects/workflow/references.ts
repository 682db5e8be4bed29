import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { shellQuote } from "../shellQuote.ts";
import { nearest } from "../spelling.ts";
import type { Reference, Step } from "./document.ts";
import { fillTemplate } from "./expression.ts";

/** What the values of a step can refer to. */
export interface Known {
  /** Values of the workflow's parameters. */
  values: ReadonlyMap<string, string>;
  /** The run of the workflow, and its name. */
  workflow: { run_id: string; name: string };
  /** The runs of the steps before, by step. */
  runs: ReadonlyMap<string, Run>;
  /** The values that those were started with, by step. */
  given: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The values that a step runs with, in the file's order. @throws MlflowError when one refers to what was not logged. */
export function valuesOf(step: Step, known: Known): [name: string, value: string][] {
  return step.parameters.map(({ name, value }) => [
    name,
    fillTemplate(value, (reference) => valueOf(reference, known)),
  ]);
}

function valueOf(reference: Reference, known: Known): string {
  switch (reference.kind) {
    case "text":
      return reference.text;
    case "parameter":
      return known.values.get(reference.name) ?? "";
    case "workflow":
      return known.workflow[reference.field];
    case "step":
      return ofStep(reference, known);
    default:
      return reference satisfies never;
  }
}

function ofStep({ step, field, key = "" }: Extract<Reference, { kind: "step" }>, { runs, given }: Known): string {
  const run = runs.get(step);
  if (run === undefined) throw wrong(`${step} has no run, so that nothing of it can be used.`);
  switch (field) {
    case "run_id":
    case "experiment_id":
    case "artifact_uri":
      return run.info[field];
    case "metrics": {
      const metric = run.data.metrics.find((one) => one.key === key);
      if (metric !== undefined) return numberText(metric.value);
      throw notLogged("metric", step, key, run.data.metrics);
    }
    case "params": {
      const param = run.data.params.find((one) => one.key === key);
      if (param === undefined) throw notLogged("param", step, key, run.data.params);
      const value = given.get(step)?.get(key);
      // As `mlflow run` (3.17.2) logs it, and a workflow that is asked to: quoted for the shell.
      return value !== undefined && param.value === shellQuote(value) ? value : param.value;
    }
    default:
      return field satisfies never;
  }
}

/** As Python reads it back. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  // SQL stores keep infinity as the largest double (mlflow 3.17.2).
  if (Math.abs(value) >= Number.MAX_VALUE) return value > 0 ? "inf" : "-inf";
  return String(value);
}

function notLogged(what: string, step: string, key: string, logged: readonly { key: string }[]): MlflowError {
  const keys = logged.map((one) => one.key);
  const meant = nearest(key, keys);
  const known = keys.length === 0 ? "it logged none" : `it logged ${keys.slice(0, 10).join(", ")}`;
  return wrong(`${step} logged no ${what} ${key}; ${meant === undefined ? known : `${meant} seems to be meant`}.`);
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
