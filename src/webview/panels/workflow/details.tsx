import type { WorkflowStep } from "../../../protocol/panels/workflow.ts";
import { Icon } from "../../ui/controls.tsx";
import type { SeenProps } from "./props.ts";
import { signOf } from "./words.ts";

/** The chosen step. */
export function Details({ overview, step }: SeenProps & { step: WorkflowStep }) {
  const sign = signOf(step, overview.stuck === true);
  return (
    <aside class="details" aria-label={`Step ${step.name}`} data-region>
      <div class="row">
        <Icon name={sign.icon} class={`status ${sign.class}`} />
        <h2 class="strong">{step.name}</h2>
      </div>
    </aside>
  );
}
