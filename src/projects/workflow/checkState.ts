// Whether the tags of a workflow run can be believed: anybody may have written them, be it a newer Flowdeck.
import type { Run } from "../../mlflow/entities.ts";
import { isRecord, parseObject } from "../jsonObject.ts";
import { STEP_STATUSES, WORKFLOW_TAG } from "./state.ts";

const FORMAT = 1;

/** `none`: it is no run of a workflow. `newer`: in a format that comes after this one. */
export type StateTrouble = "none" | "newer" | "damaged";

/** What keeps `readWorkflowState` from telling the whole of a run; undefined when nothing does. */
export function stateTrouble({ data }: Pick<Run, "data">): StateTrouble | undefined {
  const tags = new Map(data.tags.map(({ key, value }) => [key, value]));
  const text = tags.get(WORKFLOW_TAG.workflow);
  if (text === undefined) return "none";
  const tag = parseObject(text);
  if (tag === undefined) return "damaged";
  if (typeof tag["format"] === "number" && tag["format"] > FORMAT) return "newer";
  const { name, steps, started_at, runner } = tag;
  const isWhole =
    typeof name === "string" &&
    typeof started_at === "number" &&
    isRecord(runner) &&
    tags.get(WORKFLOW_TAG.file) !== undefined &&
    isTexts(steps) &&
    steps.every((step) => isStep(parseObject(tags.get(WORKFLOW_TAG.step + step)), step));
  return isWhole ? undefined : "damaged";
}

function isStep(state: Record<string, unknown> | undefined, wanted: string): boolean {
  if (state === undefined) return false;
  const { name, entry_point, needs, status, tries, templates } = state;
  return (
    name === wanted &&
    typeof entry_point === "string" &&
    isTexts(needs) &&
    STEP_STATUSES.some((one) => one === status) &&
    Array.isArray(tries) &&
    tries.every((one: unknown) => isRecord(one) && typeof one["started_at"] === "number") &&
    (templates === undefined || (isRecord(templates) && isTexts(Object.values(templates))))
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
