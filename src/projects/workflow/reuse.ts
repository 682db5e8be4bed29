// Whether a step need not run: MLflow's convention for steps (its multistep example), made stricter where that guesses.
import { RUN_TAG, type Run } from "../../mlflow/entities.ts";
import { textValue } from "../../mlflow/filter/write.ts";
import type { TrackingStore } from "../../store/trackingStore.ts";
import { givenValues } from "../givenValues.ts";
import { changedFiles } from "./contents.ts";
import { readIdentity, type Identity } from "./identity.ts";
import { WORKFLOW_TAG } from "./state.ts";

export interface ReuseQuery {
  /** The step's name: its own run is preferred. */
  step: string;
  experiment_id: string;
  entry_point: string;
  /** `mlflow.source.name` of its project. */
  sourceName: string;
  /** Of the environment, as MLflow tags it: `local` has no tag. */
  manager: string;
  params: ReadonlyMap<string, string>;
  identity: Identity;
}

export interface Reuse {
  /** The run to take; absent when none will do. */
  run?: Run;
  /** In one sentence, why. */
  reason: string;
}

const PAGE = 200;
const MOST_PAGES = 10;

/** How far a run went before it differed; the furthest one tells the reason. */
const STAGES = ["nothing", "params", "code", "environment", "files", "needs"] as const;
type Stage = (typeof STAGES)[number];

/**
 * Looks for a finished run with the same entry point, parameters, commit and environment; the latest one is taken, of this
 * step rather than of another one that ran the same, since those that wait for it know it by its id.
 */
export async function findReusable(store: Pick<TrackingStore, "searchRuns">, query: ReuseQuery): Promise<Reuse> {
  if (query.identity.code === undefined) {
    return { reason: "Not reused: its project has no git commit, so that nothing tells whether its code is the same." };
  }
  let furthest: { stage: Stage; run?: Run } = { stage: "nothing" };
  let other: Run | undefined;
  let page_token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await store.searchRuns({
      experiment_ids: [query.experiment_id],
      filter: filterFor(query.entry_point),
      order_by: ["attributes.start_time DESC"],
      max_results: PAGE,
      ...(page_token === undefined ? {} : { page_token }),
    });
    for (const run of found.items) {
      const stage = firstDifference(run, query);
      if (stage === undefined && isOf(query.step, run)) return { run, reason: reasonFor(run, query) };
      if (stage === undefined) other ??= run;
      else if (STAGES.indexOf(stage) > STAGES.indexOf(furthest.stage)) furthest = { stage, run };
    }
    if (other !== undefined) return { run: other, reason: reasonFor(other, query) };
    page_token = found.next_page_token;
    if (page_token === undefined || page_token === "") break;
  }
  return { reason: whyNot(furthest.stage, furthest.run, query) };
}

function isOf(step: string, { data }: Run): boolean {
  return data.tags.some(({ key, value }) => key === WORKFLOW_TAG.stepName && value === step);
}

function filterFor(entry_point: string): string {
  const finished = "attributes.status = 'FINISHED'";
  const name = textValue(entry_point);
  return name === undefined ? finished : `${finished} AND tags.\`${RUN_TAG.projectEntryPoint}\` = ${name}`;
}

/** Undefined when everything is the same. */
function firstDifference(run: Run, query: ReuseQuery): Stage | undefined {
  const tags = new Map(run.data.tags.map(({ key, value }) => [key, value]));
  const sameProject = tags.get(RUN_TAG.sourceName) === query.sourceName;
  if (run.info.status !== "FINISHED" || !sameProject || tags.get(RUN_TAG.projectEntryPoint) !== query.entry_point) {
    return "nothing";
  }
  const known = readIdentity(tags.get(WORKFLOW_TAG.identity));
  if (!(known === undefined ? hasParams(run, query.params) : known.params === query.identity.params)) return "params";
  // A run that `mlflow run` made tells its commit only; it counts while nothing has changed since that commit.
  const code = known === undefined ? tags.get(RUN_TAG.gitCommit) : known.code;
  if (code !== query.identity.code) return "code";
  const manager = tags.get(RUN_TAG.projectEnv) ?? "local";
  if (known === undefined ? manager !== query.manager : known.environment !== query.identity.environment) {
    return "environment";
  }
  if (changedFiles(known?.files, query.identity.files ?? {}).length > 0) return "files";
  return known?.needs === query.identity.needs ? undefined : "needs";
}

/** At least those that are asked for, as MLflow's example has it: a script may log more. */
function hasParams(run: Run, params: ReadonlyMap<string, string>): boolean {
  const given = givenValues(run.data);
  return [...params].every(([name, value]) => given[name] === value);
}

function reasonFor({ info }: Run, { identity }: ReuseQuery): string {
  const changes = identity.code?.includes("+") === true ? " with the same changes" : "";
  const files = identity.files === undefined ? "parameters" : "parameters with the files they name";
  return `Reused because the entry point, its ${files}, commit ${short(identity.code)}${changes} and the environment are those of ${info.run_name} (${info.run_id}).`;
}

function whyNot(stage: Stage, run: Run | undefined, { entry_point, identity }: ReuseQuery): string {
  const name = run?.info.run_name ?? "";
  switch (stage) {
    case "nothing":
      return `Not reused: no run of ${entry_point} has finished in this experiment.`;
    case "params":
      return `Not reused: no finished run of ${entry_point} has these parameters.`;
    case "code":
      return `Not reused: the code was another when ${name} ran (now ${short(identity.code)}${
        identity.code?.includes("+") === true ? " with changes" : ""
      }).`;
    case "environment":
      return `Not reused: ${name} ran in another environment.`;
    case "files": {
      const known = readIdentity(run?.data.tags.find(({ key }) => key === WORKFLOW_TAG.identity)?.value);
      const names = changedFiles(known?.files, identity.files ?? {}).join(", ");
      return `Not reused: what ${names} names is not, or may not be, what it was when ${name} ran.`;
    }
    case "needs":
      return `Not reused: ${name} ran behind another run of what it needs.`;
    default:
      return stage satisfies never;
  }
}

function short(code: string | undefined): string {
  return (code ?? "").slice(0, 7);
}
