// What a workflow would run, said before anything is started.
import { resolve } from "node:path";
import { buildCommand, isScript, resolveValues, type RunnableEntryPoint } from "../command.ts";
import { findEnvironment, planEnvironment } from "../environment.ts";
import { entryPointOf } from "../project.ts";
import type { SourceQuery } from "../sources.ts";
import type { Step } from "./document.ts";
import { expressionsIn, fillTemplate } from "./expression.ts";
import { loadWorkflow, workflowValues, type LoadedWorkflow } from "./loadWorkflow.ts";
import { dependenciesOf, needsOf, planOrder } from "./plan.ts";
import type { WorkflowRequest } from "./request.ts";

/** One step of a plan. */
export interface PlannedStep {
  name: string;
  entry_point: string;
  /** Absolute path of its project, or its URI where it was fetched for this plan. */
  project: string;
  needs: string[];
  /** Manager of its environment, and why it is what it is. */
  environment: string;
  /** The command for the shell; what only a step before it can tell stands there as `${{ … }}`. */
  command: string;
}

/** The steps in an order in which they can run. Nothing is built, created or asked of the tracking server. @throws MlflowError. */
export async function planWorkflow(
  request: Omit<WorkflowRequest, "tracking_uri">,
  how: Pick<SourceQuery, "say" | "stop">,
): Promise<PlannedStep[]> {
  const workflow = await loadWorkflow(request.file, how);
  try {
    return await planSteps(request, workflow);
  } finally {
    await workflow.remove();
  }
}

async function planSteps(
  request: Omit<WorkflowRequest, "tracking_uri">,
  workflow: LoadedWorkflow,
): Promise<PlannedStep[]> {
  const values = workflowValues(workflow.document.parameters, request.parameters, request.valuesFolder);
  const planned: PlannedStep[] = [];
  for (const name of planOrder(needsOf(workflow.document))) {
    const step = workflow.document.steps.find((one) => one.name === name);
    if (step !== undefined) planned.push(await planStep(step, workflow, values, request));
  }
  return planned;
}

async function planStep(
  step: Step,
  workflow: LoadedWorkflow,
  values: ReadonlyMap<string, string>,
  request: Omit<WorkflowRequest, "tracking_uri">,
): Promise<PlannedStep> {
  const project = workflow.projectOf(step);
  const open = new Set<string>();
  const given = step.parameters.map(({ name, value }): [string, string] => {
    const sources = expressionsIn(value).map(({ reference }) => reference);
    if (sources.some((one) => one?.kind === "step" || one?.kind === "workflow")) open.add(name);
    const filled = fillTemplate(value, (one) =>
      one.kind === "parameter" ? (values.get(one.name) ?? "") : `\${{ ${textOf(one)} }}`,
    );
    return [name, filled];
  });
  const entryPoint = untyped(entryPointOf(project, step.entryPoint.text), open);
  // Whether it is there by then is a step's business.
  const resolved = await resolveValues(entryPoint, given, { existingPath: (path) => resolve(workflow.folder, path) });
  const command = buildCommand(entryPoint, resolved);
  const environment = await planEnvironment({
    declared: await findEnvironment(project.document.environment, project.folder),
    manager: request.env_manager ?? step.envManager ?? workflow.document.envManager ?? "auto",
    projectFolder: project.folder,
    command,
    ...(request.python === undefined ? {} : { python: request.python }),
  });
  return {
    name: step.name,
    entry_point: step.entryPoint.text,
    project: project.isFetched ? project.sourceName : project.folder,
    needs: dependenciesOf(step),
    environment: `${environment.manager} (${environment.detail})`,
    command: environment.activation + command,
  };
}

function textOf(reference: Exclude<Parameters<Parameters<typeof fillTemplate>[1]>[0], { kind: "parameter" }>): string {
  switch (reference.kind) {
    case "step":
      return ["steps", reference.step, reference.field, reference.key].filter((part) => part !== undefined).join(".");
    case "workflow":
      return `workflow.${reference.field}`;
    case "text":
      return `'${reference.text}'`;
    default:
      return reference satisfies never;
  }
}

/** A value that is not known yet is not looked into. */
function untyped(entryPoint: RunnableEntryPoint, open: ReadonlySet<string>): RunnableEntryPoint {
  if (isScript(entryPoint)) return entryPoint;
  const parameters = entryPoint.parameters.map((one) => (open.has(one.name) ? { ...one, type: "string" } : one));
  return { ...entryPoint, parameters };
}
