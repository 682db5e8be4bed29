import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** What all charts of a panel share: the hovered run, the crosshair and the smoothing. */
export interface ChartHub {
  hovered: Signal<string | undefined>;
  /** A step, and the chart under the pointer or with the focus: only that one has a tooltip. */
  crosshair: Signal<{ step: number; source: string } | undefined>;
  smoothing: ReadonlySignal<number>;
}

interface FrameProps {
  title: string;
  /** Beside the title, in grey. */
  note?: ComponentChildren;
  /** At the right of the title. */
  actions?: ComponentChildren;
  /** Told when the chart comes on screen and when it leaves. */
  onVisible: (visible: boolean) => void;
  children: ComponentChildren;
}

/** A chart's title and room. What is inside is made when it first comes on screen. */
export function ChartFrame({ title, note, actions, onVisible, children }: FrameProps) {
  const root = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (root.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const visible = entries.at(-1)?.isIntersecting ?? false;
        if (visible) setSeen(true);
        onVisible(visible);
      },
      { rootMargin: "80px" },
    );
    observer.observe(root.current);
    return () => {
      observer.disconnect();
      onVisible(false);
    };
  }, []);
  return (
    <section class="chart" ref={root} aria-label={title}>
      <h3 class="chartTitle">
        <span class="strong cut" title={title}>
          {title}
        </span>
        <span class="dim small num">{note}</span>
        {actions === undefined ? null : <span class="chartActions">{actions}</span>}
      </h3>
      <div class="chartBody">{seen ? children : null}</div>
    </section>
  );
}
