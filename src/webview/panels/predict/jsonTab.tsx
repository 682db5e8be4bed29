import type { Props } from "./props.ts";

/** The whole request as text. */
export function JsonTab({ model }: Props) {
  const text = model.text.value;
  const isWrong = model.read.value.problems.length > 0;
  return (
    <textarea
      class={`requestText ${isWrong ? "wrong" : ""}`}
      aria-label="Request as JSON or CSV"
      aria-invalid={isWrong}
      spellcheck={false}
      rows={Math.min(28, Math.max(8, text.split("\n").length + 1))}
      value={text}
      onInput={(event) => model.setText(event.currentTarget.value)}
    />
  );
}
