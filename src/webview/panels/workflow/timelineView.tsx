import type { SeenProps } from "./props.ts";

export function TimelineView(_props: SeenProps) {
  return <section class="timeline" aria-label="Timeline" data-region />;
}
