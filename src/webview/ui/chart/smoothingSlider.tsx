import type { Signal } from "@preact/signals";
import { Slider } from "../controls.tsx";

/** How much the lines of all charts are smoothed: 0 to 0.99. */
export function SmoothingSlider({ smoothing, class: more = "" }: { smoothing: Signal<number>; class?: string }) {
  return (
    <label class={`smoothing ${more}`}>
      <span class="dim words">Smoothing</span>
      <Slider
        label="Smoothing of all charts"
        min={0}
        max={0.99}
        step={0.01}
        value={smoothing.value}
        onInput={(value) => {
          smoothing.value = value;
        }}
      />
      <span class="num">{smoothing.value.toFixed(2)}</span>
    </label>
  );
}
