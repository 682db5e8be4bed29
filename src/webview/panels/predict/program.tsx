import type { Props } from "./props.ts";

const LONGEST = 600;

/** The request as it would be sent from a terminal or a script. */
export function Program({ model }: Props) {
  const text = model.program(model.copyKind.value);
  if (text === undefined) return null;
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return (
    <pre class="program" tabIndex={0} aria-label={`The request as ${model.copyKind.value}`}>
      {shown}
    </pre>
  );
}
