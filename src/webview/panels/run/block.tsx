import type { ComponentChildren } from "preact";
import { formatCount } from "../../ui/format.ts";

interface Props {
  title: string;
  count?: number;
  /** At the right of the title. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a section, with its title. */
export function Block({ title, count, actions, children }: Props) {
  return (
    <section class="block" aria-label={title}>
      <h2 class="blockTitle">
        {title}
        {count === undefined ? null : <span class="dim num">{formatCount(count)}</span>}
        {actions === undefined ? null : <span class="blockActions">{actions}</span>}
      </h2>
      {children}
    </section>
  );
}
