import { type ComponentChildren, isValidElement } from "preact";
import { Markdown } from "../../../src/webview/ui/viewers/markdown.ts";

/** What a note is drawn as, in HTML; each link is followed once by `onLink`. */
export function renderNote(text: string, onLink: (href: string) => void = () => undefined): string {
  return write(Markdown({ text, onLink }).props.children);
}

function write(drawn: ComponentChildren): string {
  if (Array.isArray(drawn)) return drawn.map(write).join("");
  if (!isValidElement(drawn)) return escape(typeof drawn === "string" ? drawn : "");
  const { type, props } = drawn;
  const { children, onClick, ...others } = props as { children?: ComponentChildren; onClick?: () => void };
  onClick?.();
  if (typeof type !== "string") return write(children);
  const attributes = Object.keys(others)
    .filter((name) => name.startsWith("on") || name === "src")
    .map((name) => ` ${name}=""`);
  return `<${type}${attributes.join("")}>${write(children)}</${type}>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
