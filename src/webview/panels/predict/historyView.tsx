import { IconButton, LinkButton } from "../../ui/controls.tsx";
import { countOf, formatDuration, formatStart } from "../../ui/format.ts";
import type { Props } from "./props.ts";

/** Requests that were sent to this model; a click takes one up again. */
export function HistoryView({ model }: Props) {
  const list = model.history.value ?? [];
  const now = Date.now();
  return (
    <section class="history" aria-label="Requests sent before" data-region>
      <div class="row answerTitle">
        <h2 class="grow">Sent before</h2>
        {list.length === 0 ? null : <LinkButton onClick={() => model.attempt(model.forget())}>Forget all</LinkButton>}
        <IconButton icon="close" label="Close" onClick={model.closeHistory} />
      </div>
      {list.length === 0 ? <p class="dim">Nothing was sent to this model yet.</p> : null}
      <ul>
        {list.map(({ at, form, rows, body, answers }) => (
          <li key={at} class="row">
            <button type="button" class="historyItem row grow" onClick={() => model.take(body, "The request")}>
              <span class="dim num when">{formatStart(at, now)}</span>
              <span class="cut grow mono small" title={body.slice(0, 400)}>
                {body.slice(0, 120)}
              </span>
              <span class="dim small">{form === "body" ? "JSON" : `${form} · ${countOf(rows, "row")}`}</span>
              <span class={`num small ${answers.some(({ failed }) => failed) ? "errorText" : "dim"}`}>
                {answers.map(({ ms, failed }) => (failed ? "failed" : formatDuration(ms))).join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
