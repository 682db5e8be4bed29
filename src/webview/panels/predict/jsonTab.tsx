import { wrongOf } from "./field.tsx";
import type { Props } from "./props.ts";
import { SAID } from "./said.tsx";

/** The whole request as text. */
export function JsonTab({ model }: Props) {
  const text = model.text.value;
  const problem = model.read.value.problems[0]?.text;
  return (
    <textarea
      class={`requestText ${problem === undefined ? "" : "wrong"}`}
      aria-label="Request as JSON or CSV"
      {...wrongOf(problem, SAID)}
      spellcheck={false}
      rows={Math.min(28, Math.max(8, text.split("\n").length + 1))}
      value={text}
      onInput={(event) => model.setText(event.currentTarget.value)}
    />
  );
}
