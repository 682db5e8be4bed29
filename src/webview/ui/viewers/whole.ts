import { useEffect, useRef, useState } from "preact/hooks";

/** What is made of a file that is read whole; made again when `version` says that it may have changed. */
export function useWhole<T>(
  make: (signal: AbortSignal) => Promise<T>,
  version: unknown,
  fail: (error: unknown) => void,
  dispose?: (made: T) => void,
): T | undefined {
  const [made, setMade] = useState<T | undefined>(undefined);
  const last = useRef<T | undefined>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    const read = async () => {
      const next = await make(controller.signal);
      if (controller.signal.aborted) {
        dispose?.(next);
        return;
      }
      if (last.current !== undefined) dispose?.(last.current);
      last.current = next;
      setMade(next);
    };
    read().catch((error: unknown) => {
      if (!controller.signal.aborted) fail(error);
    });
    return () => controller.abort();
  }, [version]);
  useEffect(
    () => () => {
      if (last.current !== undefined) dispose?.(last.current);
    },
    [],
  );
  return made;
}
