import { signal } from "@preact/signals";

/** Whether the page is on screen; VS Code hides the page of a tab that is behind another. */
export const pageVisible = signal(document.visibilityState === "visible");

document.addEventListener("visibilitychange", () => {
  pageVisible.value = document.visibilityState === "visible";
});
