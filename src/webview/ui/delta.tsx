import type { ComponentChildren } from "preact";

/** A difference from another one, as plain elements, for tables draw many: better and worse have a sign of their own beside the colour. `stored`: all its digits. */
export function deltaOf(
  text: string | undefined,
  better: boolean | undefined,
  than: string,
  stored?: string,
): ComponentChildren {
  if (text === undefined) return null;
  if (better === undefined) {
    return (
      <span class="delta dim" title={stored}>
        {text}
      </span>
    );
  }
  const word = better ? "better" : "worse";
  const told = `${word} than ${than}`;
  return (
    <span class={`delta ${word}`} title={stored === undefined ? told : `${stored}, ${told}`}>
      <i class={`codicon codicon-${better ? "check" : "close"}`} aria-hidden="true" />
      {text}
      <span class="hidden">, {told}</span>
    </span>
  );
}
