import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import { Dot, Slider } from "../../../ui/controls.tsx";
import { messageOf } from "../../../ui/errors.ts";
import { countOf, formatCount } from "../../../ui/format.ts";
import type { ExperimentModel } from "../model.ts";
import type { RunFacts } from "../drawn.ts";
import { imageAt, imagesOf, type LoggedImage } from "./imageNames.ts";
import type { ChartSpec } from "./specs.ts";

/** Keys of the pictures that drawn runs logged; they are looked for when somebody asks. */
export function imageKeys(model: ExperimentModel): string[] {
  model.charts.images.look();
  return model.charts.images.keys.value;
}

interface Props {
  spec: ChartSpec;
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

/** One picture for each drawn run, all of the step that the slider says. */
export function ImageGrid({ spec, model, host }: Props) {
  const { charts } = model;
  const key = (spec.fields[0] ?? "").replace(/^images\./, "");
  useEffect(() => charts.images.look(), [key]);
  const byRun = useComputed(() => imagesOf(charts.images.all.value, key));
  const steps = useComputed(() =>
    [...new Set([...byRun.value.values()].flat().map(({ step }) => step))].sort((a, b) => a - b),
  );
  const last = steps.value.length - 1;
  const chosen = charts.ownOf(spec.id).value.step;
  // One that nobody drawn logged stands at the step before it.
  const at =
    chosen === undefined
      ? last
      : Math.max(
          0,
          steps.value.findLastIndex((one) => one <= chosen),
        );
  const step = steps.value[at];
  if (step === undefined) {
    const text = charts.images.looking.value ? "" : `No drawn run logged images as ${key}.`;
    return <p class="emptyChart dim small">{text}</p>;
  }
  const shown = charts.facts.value.flatMap((facts) => {
    const image = imageAt(byRun.value.get(facts.run_id) ?? [], step);
    return image === undefined ? [] : [{ facts, image }];
  });
  return (
    <div class="imageChart">
      <label class="imageSlider">
        <span class="dim">Step</span>
        <Slider
          label={`Step of ${key}`}
          min={0}
          max={Math.max(0, last)}
          step={1}
          value={at}
          onInput={(value) => charts.set(spec.id, { step: value === last ? undefined : steps.value[value] })}
        />
        <span class="num">{formatCount(step)}</span>
        <span class="dim num">
          {countOf(shown.length, "run")} · {countOf(steps.value.length, "step")}
        </span>
      </label>
      <ul class="imageGrid">
        {shown.map(({ facts, image }) => (
          <li key={facts.run_id}>
            <Picture facts={facts} image={image} step={step} model={model} host={host} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface PictureProps {
  facts: RunFacts;
  image: LoggedImage;
  step: number;
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
}

function Picture({ facts, image, step, model, host }: PictureProps) {
  const source = useSignal<string | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const abort = new AbortController();
    host
      .readImage({ run_id: image.run_id, path: image.path }, abort.signal)
      .then(({ source: found }) => {
        source.value = found;
        failure.value = undefined;
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) failure.value = messageOf(error);
      });
    return () => abort.abort();
  }, [image.path]);
  const { hovered } = model;
  return (
    <figure
      class={hovered.value === facts.run_id ? "hovered" : ""}
      onPointerEnter={() => (hovered.value = facts.run_id)}
      onPointerLeave={() => (hovered.value = undefined)}
    >
      {failure.value === undefined ? (
        <img src={source.value} alt={`${facts.name} at step ${image.step}`} />
      ) : (
        <p class="dim small">{failure.value}</p>
      )}
      <figcaption class="row small">
        <Dot ordinal={facts.ordinal} size={8} />
        <span class="cut grow">{facts.name}</span>
        {image.step === step ? null : <span class="dim num">step {formatCount(image.step)}</span>}
      </figcaption>
    </figure>
  );
}
