// The toolkit takes the theme's colours, and follows them, from the page's `load` on (1.4.0). It comes long after that: what it
// would wait for in vain is called by us. This file is to be imported before it.

const missed: (() => void)[] = [];

if (document.readyState === "complete") {
  const listen = globalThis.addEventListener.bind(globalThis);
  // In front of the inherited method, until `afterLoad` takes it away again.
  Reflect.set(
    globalThis,
    "addEventListener",
    (type: string, listener: () => void, options?: AddEventListenerOptions) => {
      if (type === "load") missed.push(listener);
      else listen(type, listener, options);
    },
  );
}

/** The toolkit was imported. */
export function afterLoad(): void {
  Reflect.deleteProperty(globalThis, "addEventListener");
  for (const listener of missed.splice(0)) listener();
}
