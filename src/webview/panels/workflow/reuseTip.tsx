import { NODE_HEIGHT } from "./layout.ts";
import type { SeenProps } from "./props.ts";
import { ReusedRun } from "./reusedRun.tsx";
import { reuseText } from "./words.ts";

/** Beside a cached step that is pointed at: why it was not run, and the run that was taken. */
export function ReuseTip({ model, host }: SeenProps) {
  const id = model.told.value;
  const step = id === undefined ? undefined : model.steps.value.get(id);
  const place = id === undefined ? undefined : model.layout.value.places.get(id);
  const text = step === undefined ? undefined : reuseText(step);
  if (step === undefined || place === undefined || text === undefined) return null;
  const { zoom, x, y } = model.camera.value;
  const close = () => {
    model.told.value = undefined;
  };
  const { run } = step;
  return (
    <div
      class="popup reuseTip"
      role="tooltip"
      style={{ left: `${x + place.x * zoom}px`, top: `${y + (place.y + NODE_HEIGHT) * zoom}px` }}
      onPointerLeave={close}
    >
      <div class="reuseText">
        {text} {run === undefined ? null : <ReusedRun {...{ model, host, run }} />}
      </div>
    </div>
  );
}
