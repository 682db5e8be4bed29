import type { ComponentChildren } from "preact";
import { Icon } from "../../ui/controls.tsx";

/** A difference from another version: better and worse have a sign of their own beside the colour. */
export function deltaOf(text: string | undefined, better: boolean | undefined, than: string): ComponentChildren {
  if (text === undefined) return null;
  if (better === undefined) return <span class="delta dim">{text}</span>;
  const word = better ? "better" : "worse";
  return (
    <span class={`delta ${word}`} title={`${word} than ${than}`}>
      <Icon name={better ? "check" : "close"} />
      {text}
      <span class="hidden">
        , {word} than {than}
      </span>
    </span>
  );
}
