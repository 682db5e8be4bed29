import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export type { ChartHub } from "./hub.ts";

interface FrameProps {
  title: string;
  /** Beside the title, in grey. */
  note?: ComponentChildren;
  /** At the right of the title. */
  actions?: ComponentChildren;
  /** Shown while the chart is hovered or has the focus. */
  tools?: ComponentChildren;
  /** Told when the chart comes on screen and when it leaves. */
  onVisible: (visible: boolean) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  /** It gets the focus or the pointer. */
  onTurnTo?: () => void;
  onContextMenu?: (event: MouseEvent) => void;
  /** The title can be dragged to another place. */
  grip?: { onPointerDown: (event: PointerEvent & { currentTarget: HTMLElement }) => void };
  /** Made at once, wherever it is. */
  eager?: boolean;
  id?: string;
  class?: string;
  children: ComponentChildren;
}

/** A chart's title and room. What is inside is made when it first comes on screen. */
export function ChartFrame(props: FrameProps) {
  const { title, note, actions, tools, onVisible, grip, children } = props;
  const root = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(props.eager === true);
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
    <div
      class={`chart ${props.class ?? ""}`}
      ref={root}
      role="group"
      aria-label={title}
      data-chart={props.id}
      onKeyDown={props.onKeyDown}
      onFocusIn={props.onTurnTo}
      onPointerEnter={props.onTurnTo}
      onContextMenu={props.onContextMenu}
    >
      <h3 class={`chartTitle ${grip === undefined ? "" : "grip"}`} onPointerDown={grip?.onPointerDown}>
        <span class="strong cut" title={title}>
          {title}
        </span>
        <span class="dim small num cut note">{note}</span>
        <span class="chartActions">
          {actions}
          {tools === undefined ? null : <span class="chartTools">{tools}</span>}
        </span>
      </h3>
      <div class="chartBody">{seen ? children : null}</div>
    </div>
  );
}
