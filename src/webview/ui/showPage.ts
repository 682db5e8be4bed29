import { type ComponentChild, render } from "preact";

/** Draws the page, which has nothing in it yet. */
export function showPage(content: ComponentChild): void {
  const root = document.createElement("div");
  root.id = "root";
  document.body.append(root);
  render(content, root);
}
