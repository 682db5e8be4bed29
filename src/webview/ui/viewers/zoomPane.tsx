import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../controls.tsx";

interface Props {
  /** What it shows, for screen readers. */
  label: string;
  /** Px of the content at zoom 1. */
  width: number;
  height: number;
  children: ComponentChildren;
  /** Beside the buttons. */
  note?: ComponentChildren;
  /** Small contents grow to the room. */
  grow?: boolean;
}

/** Zoom and place of the content's middle; undefined = it fits the room. */
interface View {
  zoom: number;
  x: number;
  y: number;
}

const MOST = 40;

/** A picture that is zoomed with + − 0 or Ctrl and the wheel, and moved by dragging or with the arrow keys. */
export function ZoomPane({ label, width, height, children, note, grow = false }: Props) {
  const pane = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [view, setView] = useState<View | undefined>(undefined);
  useEffect(() => {
    if (pane.current === null) return undefined;
    const { current } = pane;
    const observer = new ResizeObserver(() => setRoom({ width: current.clientWidth, height: current.clientHeight }));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const whole = Math.min(room.width / width, room.height / height);
  const fit = grow ? whole : Math.min(1, whole);
  const { zoom, x, y } = view ?? { zoom: fit, x: 0, y: 0 };
  const zoomBy = (by: number, at = { x: 0, y: 0 }) => {
    const next = Math.min(MOST, Math.max(Math.min(fit, 0.1), zoom * by));
    const share = next / zoom;
    // What is under the pointer stays there.
    setView({ zoom: next, x: at.x - (at.x - x) * share, y: at.y - (at.y - y) * share });
  };
  const moveBy = (dx: number, dy: number) => setView({ zoom, x: x + dx, y: y + dy });
  const onWheel = (event: WheelEvent & { currentTarget: HTMLElement }) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    zoomBy(Math.exp(-event.deltaY / 300), at);
  };
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { currentTarget: target, clientX, clientY } = event;
    target.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent) =>
      setView({ zoom, x: x + move.clientX - clientX, y: y + move.clientY - clientY });
    target.addEventListener("pointermove", onMove);
    target.addEventListener("pointerup", () => target.removeEventListener("pointermove", onMove), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoomBy(1.25);
    else if (event.key === "-") zoomBy(0.8);
    else if (event.key === "0") setView(undefined);
    else if (event.key === "1") setView({ zoom: 1, x: 0, y: 0 });
    else if (event.key === "ArrowLeft") moveBy(40, 0);
    else if (event.key === "ArrowRight") moveBy(-40, 0);
    else if (event.key === "ArrowUp") moveBy(0, 40);
    else if (event.key === "ArrowDown") moveBy(0, -40);
    else return;
    event.preventDefault();
  };
  return (
    <div class="zoomPane">
      <div
        class="zoomRoom"
        ref={pane}
        tabIndex={0}
        role="group"
        aria-label={`${label}; + and − zoom, 0 fits, arrows move`}
        onWheel={onWheel}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
        onDblClick={() => setView(undefined)}
      >
        {room.width === 0 ? null : (
          <div
            class={`zoomed ${zoom >= 3 ? "coarse" : ""}`}
            style={{
              width: `${width * zoom}px`,
              height: `${height * zoom}px`,
              transform: `translate(-50%, -50%) translate(${Math.round(x)}px, ${Math.round(y)}px)`,
            }}
          >
            {children}
          </div>
        )}
      </div>
      <div class="viewerBar">
        {note}
        <span class="grow" />
        <span class="dim num">{Math.round(zoom * 100)} %</span>
        <IconButton icon="zoom-out" label="Zoom out (−)" onClick={() => zoomBy(0.8)} />
        <IconButton icon="zoom-in" label="Zoom in (+)" onClick={() => zoomBy(1.25)} />
        <IconButton icon="screen-full" label="Fit (0)" onClick={() => setView(undefined)} />
      </div>
    </div>
  );
}
