/** Does `read` as often as it is asked to, never twice at once: whoever asks meanwhile is answered by one more time. */
export function inTurn(read: () => Promise<void>): () => void {
  let busy = false;
  let again = false;
  const start = (): void => {
    again = busy;
    if (busy) return;
    busy = true;
    const over = (): void => {
      busy = false;
      if (again) start();
    };
    read().then(over, over);
  };
  return start;
}
