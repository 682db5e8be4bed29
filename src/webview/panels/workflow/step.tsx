import type { WorkflowStep } from "../../../protocol/panels/workflow.ts";
import { Icon } from "../../ui/controls.tsx";
import type { Place } from "./layout.ts";
import type { Props } from "./props.ts";
import { durationOf, heardOf, lineOf, shareOf, signOf } from "./words.ts";

interface StepProps extends Props {
  step: WorkflowStep;
  place: Place;
  selected: boolean;
  /** Tab leads to it. */
  entrance: boolean;
}

/** One step of the graph: what became of it, and how long that took. */
export function Step({ model, host, step, place, selected, entrance }: StepProps) {
  const overview = model.overview.value;
  if (overview === undefined) return null;
  const { id, name, status } = step;
  // Only what goes on, or tells an age, is drawn again by the clock.
  const now = status === "running" || status === "cached" ? model.now.value : model.now.peek();
  const chosen = model.metric.value;
  const isStuck = overview.stuck === true;
  const sign = signOf(step, isStuck);
  const line = lineOf(step, overview, chosen, now);
  const heard = heardOf(step, overview, line);
  const share = status === "running" && !isStuck ? shareOf(step) : undefined;
  const tell = (on: boolean) => () => {
    if (on && status === "cached") model.told.value = id;
    else if (model.told.peek() === id) model.told.value = undefined;
  };
  return (
    <button
      type="button"
      id={`step ${id}`}
      class={`step ${status} ${selected ? "selected" : ""}`}
      style={{ left: `${place.x}px`, top: `${place.y}px` }}
      tabIndex={entrance ? 0 : -1}
      title={status === "cached" ? undefined : `${name}: ${line}`}
      aria-pressed={selected}
      onClick={() => model.select(id)}
      onDblClick={() => step.run !== undefined && model.attempt(host.openRun({ run_id: step.run.run_id }))}
      onFocus={() => {
        // However the focus came here: arrows go on from it.
        model.current.value = id;
        tell(true)();
      }}
      onBlur={tell(false)}
      onPointerEnter={tell(true)}
    >
      <span class="stepName">
        <Icon name={sign.icon} class={`status ${sign.class}`} />
        <span class="cut strong">{name}</span>
        <span class="hidden">{heard.status === "" ? "" : `${heard.status}, `}</span>
        {status === "cached" ? (
          <span class="cachedMark dim">
            <Icon name="history" />
            cached
          </span>
        ) : null}
      </span>
      <span class="stepLine dim num">
        <span class="cut">{line}</span>
        <span class="took">{durationOf(step, now, isStuck)}</span>
        <span class="hidden">{heard.after}</span>
      </span>
      {status === "running" && !isStuck ? (
        <span
          class={`stepProgress ${share === undefined ? "unknown" : ""}`}
          style={share === undefined ? {} : { width: `${Math.round(share * 1000) / 10}%` }}
        />
      ) : null}
    </button>
  );
}
