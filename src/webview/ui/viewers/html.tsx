import { useMemo } from "preact/hooks";
import { LinkButton } from "../controls.tsx";
import { sandboxedPage } from "./sandboxedPage.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";

/** A page of HTML in a frame that runs no script, asks no network and knows nothing of the panel. */
export function HtmlViewer({ reader, version, fail }: ViewerProps) {
  const text = useWhole((signal) => reader.text(signal), version, fail);
  const page = useMemo(() => (text === undefined ? undefined : sandboxedPage(text, pageNonce())), [text]);
  if (page === undefined) return null;
  return (
    <div class="textViewer">
      <iframe class="sandboxed" sandbox="" srcdoc={page.html} title={reader.name} referrerpolicy="no-referrer" />
      <div class="viewerBar">
        <span class="dim cut">
          {page.scripts > 0
            ? "Scripts of this page are not run, so parts of it may be missing."
            : "Nothing is run or loaded."}
        </span>
        <span class="grow" />
        <LinkButton onClick={() => reader.access.open(reader.path)}>Open Source</LinkButton>
      </div>
    </div>
  );
}

/** Lets the page's own styles pass the panel's policy, which its frame inherits. */
function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[property='csp-nonce']")?.content ?? "";
}
