import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** ms without an edit after which the server rests. */
const IDLE = 5_000;

/** Bytes that must have come together since the last time: freeing takes tens of milliseconds. */
const WORTH_IT = 3 * 1024 * 1024;

/** Called after each check: frees what typing left behind once nobody types. V8 alone lets it lie for as long as nothing happens. */
export function freeWhenIdle(): () => void {
  let least = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (held() - least < WORTH_IT) return;
    collector()();
    least = held();
  };
  return () => {
    timer ??= setTimeout(look, IDLE).unref();
    timer.refresh();
  };
}

function held(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

let known: (() => void) | undefined;

/** V8's garbage collector in the way that gives pages back, which a program can ask for only by a flag. */
function collector(): () => void {
  if (known !== undefined) return known;
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  const how = [{ type: "major", execution: "sync", flavor: "last-resort" }];
  return (known = typeof collect === "function" ? () => void Reflect.apply(collect, undefined, how) : () => undefined);
}
