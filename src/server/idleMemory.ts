import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** ms without an answer after which a thread is idle. */
const IDLE = 300;
/** Bytes that may have been left behind until it is worth looking for them: V8 alone lets many times that lie for as long as nothing happens. */
const WORTH_IT = 8 * 1024 * 1024;

/** Called after each answer of a thread that makes large ones: frees what they left behind once nothing is asked of it. */
export function freeWhenIdle(): () => void {
  let least = held();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (held() - least > WORTH_IT) {
      collector()();
      least = held();
    } else least = Math.min(least, held());
  };
  return () => {
    timer ??= setTimeout(look, IDLE).unref();
    timer.refresh();
  };
}

/** Bytes of this thread's values, wherever they lie. */
function held(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

let known: (() => void) | undefined;

/** V8's garbage collector, which a program can ask for only by a flag. */
function collector(): () => void {
  if (known !== undefined) return known;
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  return (known = typeof collect === "function" ? () => void Reflect.apply(collect, undefined, []) : () => undefined);
}
