import type { ComponentChildren } from "preact";
import { formatCount } from "./format.ts";

interface Props {
  title: string;
  count?: number;
  /** At the right of the title. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a panel, with its title. */
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

/** A row of a list of facts (`dl.facts`). */
export function Fact({
  name,
  title,
  children,
}: {
  name: string;
  title?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <>
      <dt class="dim">{name}</dt>
      <dd class="cut" title={title}>
        {children}
      </dd>
    </>
  );
}
