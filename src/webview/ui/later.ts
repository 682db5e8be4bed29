/** `act`, once, `ms` after the last of several calls. */
export function later(ms: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
}

/** `act`, once, `ms` after the first of several calls. */
export function afterFirst(ms: number, act: () => void): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      act();
    }, ms);
  };
  return Object.assign(ask, { cancel: () => clearTimeout(timer) });
}
