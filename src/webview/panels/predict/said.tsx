import type { ComponentChildren } from "preact";
import { Icon, LinkButton } from "../../ui/controls.tsx";
import type { DraftProblem } from "./draft.ts";
import { MOST_FIELD_ROWS } from "./model.ts";
import type { Props } from "./props.ts";

/** Id of what says why Send waits. */
export const SAID = "said";

/** Why Send waits, what was done with a text, and what MLflow would do without a word. */
export function Said({ model, host }: Props) {
  const { notes } = model.read.value;
  const said = model.said.value;
  return (
    <div class="said" aria-live="polite" id={SAID}>
      <Wrong model={model} />
      <Off {...{ model, host }} />
      {[...(said === undefined ? [] : [said]), ...notes].map((text) => (
        <p key={text} class="noteLine dim">
          <Icon name="info" />
          <span>{text}</span>
        </p>
      ))}
      {model.shown.value.rows.length >= MOST_FIELD_ROWS ? (
        <p class="noteLine dim">{MOST_FIELD_ROWS} rows are the most here; Predict File… sends more, in parts.</p>
      ) : null}
    </div>
  );
}

/** What stands at a field already is named here, with a way to it; all else is told. */
function Wrong({ model }: Pick<Props, "model">) {
  const { problems } = model.read.value;
  const row = model.row.value;
  const first = problems.find((one) => one.row === undefined || one.row === row) ?? problems[0];
  if (first === undefined) {
    const about = model.formProblem.value;
    return about === undefined ? null : <Line>{about}</Line>;
  }
  const more = problems.length - 1;
  const isAtField = model.tab.value === "form" && (first.param !== undefined || isInRow(first, row));
  if (isAtField) {
    return (
      <Line>
        Send waits for <LinkButton onClick={focusWrong}>{nameOf(first)}</LinkButton>
        {more > 0 ? ` and ${more} more.` : "."}
        <span class="hidden">{first.text}</span>
      </Line>
    );
  }
  const where = first.row === undefined || first.row === row ? "" : `Row ${first.row + 1}: `;
  return <Line>{`${where}${first.text}${more > 0 ? ` (and ${more} more)` : ""}`}</Line>;
}

/** A server that does not answer, and what helps. */
function Off({ model, host }: Pick<Props, "model" | "host">) {
  const off = model.off.value;
  if (off === undefined) return null;
  const { id, state, text } = off;
  return (
    <p class="noteLine">
      <Icon name="info" />
      <span class="grow">{text}</span>
      {state === "starting" || state === "stopping" ? null : (
        <LinkButton onClick={() => model.attempt(host.restart({ id }))}>Restart</LinkButton>
      )}
    </p>
  );
}

function isInRow(problem: DraftProblem, row: number): boolean {
  return problem.column !== undefined && (problem.row === undefined || problem.row === row);
}

/** The only tensor may have no name. */
function nameOf({ param, column }: DraftProblem): string {
  return param ?? (column === undefined || column === "" ? "input" : column);
}

function focusWrong(): void {
  document.querySelector<HTMLElement>(".formTab [aria-invalid='true']")?.focus();
}

function Line({ children }: { children: ComponentChildren }) {
  return (
    <p class="problemLine">
      <Icon name="error" class="failed" />
      <span>{children}</span>
    </p>
  );
}
