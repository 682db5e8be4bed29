import type { ModelStage } from "../../../mlflow/entities.ts";
import type { ModelOverview, PromoteTarget } from "../../../protocol/panels/model.ts";
import { CHAMPION } from "../../../protocol/versions.ts";

// What a version may be promoted to: an alias or a stage, each with the version that has it.

const PROMOTED: readonly ModelStage[] = ["Staging", "Production"];

type Held = Pick<ModelOverview, "aliases" | "stages">;

/** The version that others are measured by: `@champion`, else the one in Production. */
export function championOf(model: Held): string | undefined {
  return holderOf(model, { alias: CHAMPION }) ?? holderOf(model, { stage: "Production" });
}

export function holderOf({ aliases, stages }: Held, target: PromoteTarget): string | undefined {
  return "alias" in target
    ? aliases.find(({ alias }) => alias === target.alias)?.version
    : stages.find(({ stage }) => stage === target.stage)?.version;
}

/** As it is written and kept: `@champion`, `Production`. */
export function targetText(target: PromoteTarget): string {
  return "alias" in target ? `@${target.alias}` : target.stage;
}

export function targetOf(text: string): PromoteTarget {
  const stage = PROMOTED.find((one) => one === text);
  return stage === undefined ? { alias: text.replace(/^@/, "") } : { stage };
}

/** What is offered: `@champion`, the model's other aliases, and the stages in which a version is in use. */
export function targetsOf({ aliases }: Pick<Held, "aliases">): string[] {
  const others = aliases.map(({ alias }) => alias).filter((alias) => alias !== CHAMPION);
  return [CHAMPION, ...others.toSorted()].map((alias) => `@${alias}`).concat(PROMOTED);
}
