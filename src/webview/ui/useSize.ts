import { useLayoutEffect } from "preact/hooks";

/** Calls `look` with an element once it is drawn, before anything is painted, and whenever its size changes. */
export function useSize(element: { current: HTMLElement | null }, look: (box: HTMLElement) => void): void {
  const box = element.current;
  useLayoutEffect(() => {
    const drawn = element.current;
    if (drawn === null) return undefined;
    look(drawn);
    const observer = new ResizeObserver(() => look(drawn));
    observer.observe(drawn);
    return () => observer.disconnect();
  }, [box]);
}
