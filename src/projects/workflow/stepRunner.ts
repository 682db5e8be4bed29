import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { tagOf, type Run } from "../../mlflow/entities.ts";
import { asMlflowError } from "../../mlflow/errors.ts";
import type { RunRequest, RunState } from "../request.ts";
import { prepareRun, type PreparedRun } from "../prepare.ts";
import { runProject } from "../run.ts";
import type { Step } from "./document.ts";
import { changedFiles, contentsOf } from "./contents.ts";
import {
  environmentIdentity,
  needsIdentity,
  paramsIdentity,
  readCode,
  readIdentity,
  type Identity,
} from "./identity.ts";
import { NamedLines } from "./lines.ts";
import type { LoadedWorkflow } from "./loadWorkflow.ts";
import { dependenciesOf } from "./plan.ts";
import { valuesOf } from "./references.ts";
import { findReusable, type Reuse } from "./reuse.ts";
import type { GroupContext, WorkflowRequest } from "./request.ts";
import type { Outcome } from "./schedule.ts";
import { WORKFLOW_TAG, type StepState, type Try } from "./state.ts";

export interface StepRunnerParts {
  request: WorkflowRequest;
  context: GroupContext;
  workflow: LoadedWorkflow;
  values: ReadonlyMap<string, string>;
  /** The run of the workflow. */
  run: Run;
  states: ReadonlyMap<string, StepState>;
  /** Runs of steps that finished when this workflow run was started before, by step. */
  kept: ReadonlyMap<string, string>;
  /** Tells that a step's state has changed. Never throws. */
  tell(state: StepState): Promise<void>;
}

/** Runs the steps of one workflow: decides for each whether an earlier run will do, and tries it as often as it may. */
export class StepRunner {
  readonly #parts: StepRunnerParts;
  readonly #width: number;
  /** The run that counts of each step that is over. */
  readonly #runs = new Map<string, Run>();
  /** The values of each step, as they are given to its run. */
  readonly #given = new Map<string, ReadonlyMap<string, string>>();
  /** Steps that ran anew in this start. */
  readonly #ran = new Set<string>();
  readonly #codes = new Map<string, Promise<string | undefined>>();
  /** Environments are built one at a time, each looked at again when its turn comes. */
  #building: Promise<unknown> = Promise.resolve();

  constructor(parts: StepRunnerParts) {
    this.#parts = parts;
    this.#width = Math.min(24, Math.max(...parts.workflow.document.steps.map(({ name }) => name.length)));
  }

  /** Lines of a step, with its name in front. */
  linesOf(name: string): NamedLines {
    return new NamedLines(name, this.#width, this.#parts.context.say);
  }

  async run(name: string): Promise<Outcome> {
    const { workflow, states } = this.#parts;
    const step = workflow.document.steps.find((one) => one.name === name);
    const state = states.get(name);
    if (step === undefined || state === undefined) return "failed";
    const lines = this.linesOf(name);
    try {
      return await this.#run(step, state, lines);
    } catch (error) {
      const { message } = asMlflowError(error);
      lines.say(message);
      const now = Date.now();
      state.tries.push({ started_at: now, ended_at: now, status: "failed", problem: message });
      return await this.#failed(step, state);
    }
  }

  async #run(step: Step, state: StepState, lines: NamedLines): Promise<Outcome> {
    const { context, workflow, values, run } = this.#parts;
    const own = { run_id: run.info.run_id, name: workflow.name };
    const known = { values, workflow: own, runs: this.#runs, given: this.#given };
    const request = this.#requestFor(step, valuesOf(step, known));
    const project = workflow.projectOf(step);
    const { project_uri: _, version: __, ...here } = { ...request, projectFolder: project.folder };
    const prepared = await prepareRun(here);
    this.#given.set(step.name, prepared.values.logged);
    const { identity, unknown } = await this.#identityOf(step, prepared);
    request.tags?.push([WORKFLOW_TAG.identity, JSON.stringify(identity)]);
    const kept = await this.#kept(step, identity, unknown);
    const found = kept ?? (await this.#reusable(step, prepared, identity, unknown));
    if (found.run !== undefined) {
      const isKept = found.run.info.run_id === this.#parts.kept.get(step.name);
      // What was reused before stays told as such, with its reason.
      if (!isKept || state.status === "finished") state.reason = found.reason;
      state.status = isKept && state.status === "finished" ? "finished" : "cached";
      state.run_id = found.run.info.run_id;
      this.#runs.set(step.name, found.run);
      lines.say(found.reason);
      await this.#parts.tell(state);
      return "done";
    }
    this.#ran.add(step.name);
    state.reason = found.reason;
    lines.say(found.reason);
    const before = state.tries.length;
    for (;;) {
      const ended = await this.#try(request, prepared, state, lines);
      if (ended.status === "finished") return "done";
      if (ended.status === "killed" || context.stop.aborted) return await this.#stopped(state);
      const left = state.tries_allowed - (state.tries.length - before);
      const how = ended.problem ?? `exit code ${ended.exitCode ?? "unknown"}`;
      lines.say(`failed: ${how}; ${left > 0 ? `${left} of ${state.tries_allowed} tries left` : "no try left"}`);
      if (left <= 0) return await this.#failed(step, state);
      await pause(step.retries.delay * 1000, undefined, { signal: context.stop }).catch(() => undefined);
      if (context.stop.aborted) return await this.#stopped(state);
    }
  }

  async #try(request: RunRequest, prepared: PreparedRun, state: StepState, lines: NamedLines): Promise<Try> {
    const { context, tell } = this.#parts;
    const one: Try = { started_at: Date.now(), status: "running" };
    state.tries.push(one);
    state.status = "running";
    delete state.run_id;
    await tell(state);
    try {
      const isFetched = request.project_uri !== undefined;
      const built = isFetched ? undefined : await this.#built(request, prepared);
      const ended = await runProject(request, { ...context, ...this.#hearing(state, one, lines) }, built);
      lines.end();
      one.status = ended.status === "FINISHED" ? "finished" : ended.status === "KILLED" ? "killed" : "failed";
      one.ended_at = ended.ended_at ?? Date.now();
      if (ended.exitCode !== undefined && ended.exitCode !== 0) one.exitCode = ended.exitCode;
      if (ended.problem !== undefined) one.problem = ended.problem;
    } catch (error) {
      const { error_code, message } = asMlflowError(error);
      Object.assign(one, {
        status: error_code === "CANCELLED" ? "killed" : "failed",
        problem: message,
        ended_at: Date.now(),
      });
    }
    delete state.command;
    state.status = one.status;
    if (one.run_id !== undefined) await this.#remember(state, one, one.run_id);
    await tell(state);
    return one;
  }

  /** What a run gave, for the steps that use it: what cannot be read is no result. */
  async #remember(state: StepState, one: Try, run_id: string): Promise<void> {
    try {
      this.#runs.set(state.name, await this.#parts.context.patientStore.getRun({ run_id }));
    } catch (error) {
      if (one.status !== "finished") return;
      state.status = one.status = "failed";
      one.problem = `Its results cannot be read: ${asMlflowError(error).message}`;
    }
  }

  /** What is heard of a run while it goes on. */
  #hearing(state: StepState, one: Try, lines: NamedLines) {
    const changed = async ({ run_id, command, status }: RunState) => {
      if (run_id === undefined || status !== "RUNNING") return;
      one.run_id = run_id;
      state.run_id = run_id;
      if (command !== undefined) state.command = command;
      await this.#parts.tell(state);
    };
    return { changed, say: (line: string) => lines.say(line), output: (text: string) => lines.write(text) };
  }

  /** The same plan with its environment built. @throws MlflowError when it cannot be. */
  async #built(request: RunRequest, prepared: PreparedRun): Promise<PreparedRun> {
    if (prepared.environment.build === undefined) return prepared;
    const { stop } = this.#parts.context;
    const turn = this.#building.then(async () => {
      const { build, ...environment } = (await prepareRun(request)).environment;
      await build?.(stop);
      return { ...prepared, environment };
    });
    this.#building = turn.catch(() => undefined);
    return turn;
  }

  #requestFor(step: Step, parameters: [string, string][]): RunRequest {
    const { request, workflow, run } = this.#parts;
    const { tracking_uri, token, python, paramQuoting, storage_dir } = request;
    const project = workflow.projectOf(step);
    const env_manager = request.env_manager ?? step.envManager ?? workflow.document.envManager;
    return {
      format: 1,
      projectFolder: project.isFetched ? workflow.folder : project.folder,
      ...(project.isFetched ? { project_uri: step.project?.text ?? pathToFileURL(workflow.folder).href } : {}),
      ...(step.version === undefined ? {} : { version: step.version.text }),
      entry_point: step.entryPoint.text,
      parameters,
      tracking_uri,
      experiment_id: run.info.experiment_id,
      run_name: step.name,
      parent_run_id: run.info.run_id,
      tags: [[WORKFLOW_TAG.stepName, step.name]],
      ...(env_manager === undefined ? {} : { env_manager }),
      ...(token === undefined ? {} : { token }),
      ...(python === undefined ? {} : { python }),
      ...(paramQuoting === undefined ? {} : { paramQuoting }),
      ...(storage_dir === undefined ? {} : { storage_dir }),
    };
  }

  /** `unknown`: why nothing tells whether the files it reads are as they were. */
  async #identityOf(
    step: Step,
    { environment, values }: PreparedRun,
  ): Promise<{ identity: Identity; unknown?: string }> {
    const { folder } = this.#parts.workflow.projectOf(step);
    // Looked at once: what steps write while the workflow runs is not its code.
    const reading = this.#codes.get(folder) ?? readCode(folder);
    this.#codes.set(folder, reading);
    const code = await reading;
    const needs = needsIdentity(step.needs.map(({ text }) => this.#runs.get(text)?.info.run_id ?? "none"));
    const run_ids = dependenciesOf(step).flatMap((name) => this.#runs.get(name)?.info.run_id ?? []);
    const contents = await contentsOf(values.places, values.logged, run_ids);
    const files = "files" in contents && Object.keys(contents.files).length > 0 ? contents.files : undefined;
    const identity = {
      ...(code === undefined ? {} : { code }),
      environment: await environmentIdentity(environment),
      params: paramsIdentity(values.logged),
      ...(files === undefined ? {} : { files }),
      ...(needs === undefined ? {} : { needs }),
    };
    return { identity, ...("unknown" in contents ? { unknown: contents.unknown } : {}) };
  }

  /** What this workflow run has of a step from before it was resumed, as long as it would run with the same values. */
  async #kept(step: Step, identity: Identity, unknown: string | undefined): Promise<Reuse | undefined> {
    const run_id = this.#parts.kept.get(step.name);
    const run = run_id === undefined ? undefined : await this.#runOf(run_id);
    if (run === undefined) return undefined;
    const known = readIdentity(tagOf(run, WORKFLOW_TAG.identity));
    const stands = run.info.status === "FINISHED" && run.info.lifecycle_stage === "active";
    const sameFiles = unknown !== undefined || changedFiles(known?.files, identity.files ?? {}).length === 0;
    const isSame = known?.params === identity.params && known.needs === identity.needs && sameFiles;
    if (!stands || (known !== undefined && !isSame)) return undefined;
    return { run, reason: "Finished before, in this run of the workflow." };
  }

  /** Undefined for one that was removed for good. */
  async #runOf(run_id: string): Promise<Run | undefined> {
    try {
      return await this.#parts.context.store.getRun({ run_id });
    } catch (error) {
      if (asMlflowError(error).error_code === "RESOURCE_DOES_NOT_EXIST") return undefined;
      throw error;
    }
  }

  async #reusable(
    step: Step,
    { environment, values }: PreparedRun,
    identity: Identity,
    unknown: string | undefined,
  ): Promise<Reuse> {
    const { request, context, workflow, run } = this.#parts;
    if (request.cache === false) return { reason: "Not reused: reuse is switched off for this start." };
    if (!step.cache) return { reason: "Not reused: the workflow says cache: false." };
    const renewed = this.#renewedNeed(step);
    if (renewed !== undefined) return { reason: `Not reused: ${renewed}, which it needs, ran again.` };
    if (unknown !== undefined) return { reason: `Not reused: ${unknown}.` };
    return findReusable(context.store, {
      step: step.name,
      experiment_id: run.info.experiment_id,
      entry_point: step.entryPoint.text,
      sourceName: workflow.projectOf(step).sourceName,
      manager: environment.manager,
      params: values.logged,
      identity,
    });
  }

  /** A step named in `needs:` that ran in this start: what it left behind may be other than before. */
  #renewedNeed(step: Step): string | undefined {
    return step.needs.map(({ text }) => text).find((name) => this.#ran.has(name));
  }

  async #failed(step: Step, state: StepState): Promise<Outcome> {
    state.status = "failed";
    await this.#parts.tell(state);
    return step.continueOnError ? "done" : "failed";
  }

  async #stopped(state: StepState): Promise<Outcome> {
    state.status = "killed";
    await this.#parts.tell(state);
    return "stopped";
  }
}
