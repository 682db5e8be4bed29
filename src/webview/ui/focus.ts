/**
 * Listens to the keys of the whole page. One that the page has an answer for goes no further: VS Code hears every key that
 * reaches the window, and has answers of its own to F6 or Alt ←. Returns a function that stops listening.
 */
export function onPageKeys(listener: (event: KeyboardEvent) => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    listener(event);
    if (event.defaultPrevented) event.stopPropagation();
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

/**
 * When the page has the focus and nothing in it does, what had it last gets it, or what `first` selects: keys work at once,
 * in a panel that was just opened as in one that is come back to. Returns a function that stops it.
 */
export function keepFocus(first: string): () => void {
  let last: Element | undefined;
  const take = () => {
    if ((document.activeElement ?? document.body) !== document.body) return;
    const next = last?.isConnected === true ? last : document.querySelector(first);
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    if (target instanceof Element) last = target;
    drawn.disconnect();
  };
  // VS Code may give the page its focus before or after there is something to focus.
  const drawn = new MutationObserver(() => document.hasFocus() && take());
  drawn.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", onFocusIn);
  globalThis.addEventListener("focus", take);
  return () => {
    drawn.disconnect();
    document.removeEventListener("focusin", onFocusIn);
    globalThis.removeEventListener("focus", take);
  };
}
