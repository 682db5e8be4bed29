import { signal } from "@preact/signals";

/** Width of the page in px; under 640 the narrow layout takes over. */
export const pageWidth = signal(globalThis.innerWidth);

globalThis.addEventListener("resize", () => {
  pageWidth.value = globalThis.innerWidth;
});

export const NARROW = 640;
/** From here charts stand beside the table unless the person chose otherwise. */
export const WIDE = 1400;
