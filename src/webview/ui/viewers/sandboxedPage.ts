/** A page for a frame with `sandbox=""`. */
export interface SandboxedPage {
  html: string;
  /** Scripts that were left out. */
  scripts: number;
}

/** Nothing is fetched, whatever the page says. The frame's sandbox keeps scripts from running; this keeps them from being there. */
const POLICY = "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline'";

const LEFT_OUT = "script, iframe, frame, object, embed, applet, base, link, meta, form, portal, template";

/** `nonce` is the panel's, for styles only: in a sandbox without scripts it allows nothing else. */
export function sandboxedPage(text: string, nonce: string): SandboxedPage {
  const page = new DOMParser().parseFromString(text, "text/html");
  const scripts = page.querySelectorAll("script").length;
  for (const element of page.querySelectorAll(LEFT_OUT)) element.remove();
  for (const element of page.querySelectorAll("*")) {
    // A copy: what is removed from the live list moves the next one into its place.
    for (const { name, value } of [...element.attributes]) {
      const isLink = name === "href" || name === "xlink:href" || name === "action" || name === "formaction";
      if (/^on/i.test(name) || name === "nonce" || name === "srcdoc" || name === "ping") element.removeAttribute(name);
      else if (isLink && !staysInside(element, value)) element.removeAttribute(name);
    }
  }
  for (const style of page.querySelectorAll("style")) style.setAttribute("nonce", nonce);
  const policy = page.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = POLICY;
  const charset = page.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  page.head.prepend(charset, policy);
  return { html: `<!DOCTYPE html>\n${page.documentElement.outerHTML}`, scripts };
}

/** A place in the page itself, or a picture that is part of it. */
function staysInside(element: Element, href: string): boolean {
  return href.startsWith("#") || (element.localName === "image" && href.startsWith("data:image/"));
}
