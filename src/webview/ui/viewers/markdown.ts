import MarkdownIt, { type Token } from "markdown-it";
import { type ComponentChildren, h } from "preact";

// Markdown as elements of the page. The parser's tokens are drawn one by one, never as a string of HTML: what is not in the
// table below is shown as text.

const parser = new MarkdownIt("default", { html: false, linkify: true, typographer: false });

/** Elements that a token may become. */
const ELEMENTS = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td strong em s code pre hr br".split(" "),
);

interface Props {
  text: string;
  /** A link was followed. */
  onLink: (href: string) => void;
}

export function Markdown({ text, onLink }: Props) {
  return h("div", { class: "markdown" }, drawTokens(parser.parse(text, {}), onLink));
}

interface Open {
  token: Token;
  children: ComponentChildren[];
}

/** Opening and closing tokens as nested elements. */
export function drawTokens(tokens: Token[], onLink: (href: string) => void): ComponentChildren[] {
  const root: ComponentChildren[] = [];
  const open: Open[] = [];
  const add = (drawn: ComponentChildren) => {
    (open.at(-1)?.children ?? root).push(drawn);
  };
  for (const token of tokens) {
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === -1) {
      const closed = open.pop();
      if (closed !== undefined) add(closedElement(closed, onLink));
    } else add(leaf(token, onLink));
  }
  return root;
}

function closedElement({ token, children }: Open, onLink: (href: string) => void): ComponentChildren {
  // A list that is written tightly has paragraphs that are none.
  if (token.hidden) return children;
  if (token.type === "link_open") return link(String(token.attrGet("href") ?? ""), children, onLink);
  return ELEMENTS.has(token.tag) ? h(token.tag, {}, children) : children;
}

function link(href: string, children: ComponentChildren[], onLink: (href: string) => void): ComponentChildren {
  // Other schemes could do something here; relative ones lead nowhere.
  if (!/^(https?:|mailto:)/i.test(href)) return h("span", { title: href }, children);
  return h(
    "button",
    { type: "button", class: "link", role: "link", title: href, onClick: () => onLink(href) },
    children,
  );
}

function leaf(token: Token, onLink: (href: string) => void): ComponentChildren {
  switch (token.type) {
    case "inline":
      return drawTokens(token.children ?? [], onLink);
    case "code_inline":
      return h("code", {}, token.content);
    case "fence":
    case "code_block":
      return h("pre", {}, h("code", {}, token.content));
    case "softbreak":
      return "\n";
    case "hardbreak":
      return h("br", {});
    case "hr":
      return h("hr", {});
    case "image":
      // An image is somewhere on the network: its words are shown, and a link to it.
      return link(String(token.attrGet("src") ?? ""), [token.content || "image"], onLink);
    default:
      return token.content;
  }
}
