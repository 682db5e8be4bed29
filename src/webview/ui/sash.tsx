import type { Signal } from "@preact/signals";

interface Props {
  /** Share of the first part, 0 to 1. */
  share: Signal<number>;
  /** The parts stand side by side. */
  vertical: boolean;
  label?: string;
  /** Where a double click puts it. */
  usual?: number;
}

const LEAST = 0.15;
const MOST = 0.85;

/** The line between two parts of a panel, moved by dragging or with the arrow keys. */
export function Sash({ share, vertical, label = "Table and charts", usual = 0.52 }: Props) {
  const set = (value: number) => {
    share.value = Math.min(MOST, Math.max(LEAST, Math.round(value * 1000) / 1000));
  };
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const sash = event.currentTarget;
    const bounds = sash.parentElement?.getBoundingClientRect();
    if (bounds === undefined) return;
    event.preventDefault();
    sash.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent) => {
      set(vertical ? (move.clientX - bounds.left) / bounds.width : (move.clientY - bounds.top) / bounds.height);
    };
    sash.addEventListener("pointermove", onMove);
    sash.addEventListener("pointerup", () => sash.removeEventListener("pointermove", onMove), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -0.02, ArrowLeft: -0.02, ArrowDown: 0.02, ArrowRight: 0.02 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(share.peek() + by);
  };
  return (
    <div
      class="sash"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={vertical ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(share.value * 100)}
      aria-valuemin={LEAST * 100}
      aria-valuemax={MOST * 100}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={() => set(usual)}
    />
  );
}
