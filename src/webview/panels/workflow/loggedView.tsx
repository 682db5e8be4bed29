import { IconButton, LinkButton } from "../../ui/controls.tsx";
import { formatValue, isOutside } from "../../ui/format.ts";
import { byMeaning } from "../../ui/metrics.ts";
import type { StepProps } from "./details.tsx";
import { metricOf } from "./words.ts";

/** Metrics that are listed; the run has the others. */
const MOST_METRICS = 8;
const LONGEST_VALUE = 36;

/** What it ran with: as the workflow writes it, and the value that came of that. */
export function ParamsPart({ step }: StepProps) {
  if (step.params.length === 0) return null;
  return (
    <section class="part" aria-label="Parameters">
      <h3>Parameters</h3>
      <dl class="stepFacts">
        {step.params.map(({ key, value, template }) => (
          <>
            <dt key={key} class="cut" title={key}>
              {key}
            </dt>
            <dd>
              {template === undefined ? null : <code class="template">{template}</code>}
              {value === undefined ? null : (
                <div class={`cut ${template === undefined ? "" : "dim"}`} title={value}>
                  {template === undefined ? "" : "= "}
                  {cutFront(value)}
                </div>
              )}
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

/** A long value by its end, which tells paths and ids apart. */
function cutFront(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  const end = value.slice(1 - LONGEST_VALUE);
  const slash = end.indexOf("/");
  return `…${slash > 0 && slash < LONGEST_VALUE / 2 ? end.slice(slash) : end}`;
}

/** Its last values. The one that stands on the steps is chosen here. */
export function MetricsPart({ model, host, step }: StepProps) {
  const { metrics, run } = step;
  const stepped = new Set(metrics.filter((one) => one.step > 0).map(({ key }) => key));
  const keys = byMeaning(
    metrics.map(({ key }) => key),
    stepped,
  ).filter((key) => !key.startsWith("system/"));
  if (keys.length === 0) return null;
  const on = metricOf(step, model.metric.value)?.key;
  return (
    <section class="part" aria-label="Metrics">
      <h3>Metrics</h3>
      <ul class="stepMetrics">
        {keys.slice(0, MOST_METRICS).map((key) => {
          const value = metrics.find((one) => one.key === key)?.value ?? 0;
          return (
            <li key={key}>
              <span class="cut dim" title={key}>
                {key}
              </span>
              <span class={`num ${isOutside(value) ? "warnText" : ""}`} title={String(value)}>
                {formatValue(value)}
              </span>
              <IconButton
                icon={key === on ? "eye" : "eye-closed"}
                label={key === on ? `${key} is shown on the steps` : `Show ${key} on the steps`}
                pressed={key === on}
                class="tiny"
                onClick={() => {
                  model.metric.value = key;
                }}
              />
            </li>
          );
        })}
      </ul>
      {keys.length <= MOST_METRICS || run === undefined ? null : (
        <LinkButton class="more" onClick={() => model.attempt(host.openRun({ run_id: run.run_id }))}>
          {keys.length - MOST_METRICS} more in the run
        </LinkButton>
      )}
    </section>
  );
}
