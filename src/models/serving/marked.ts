import type { ProcessMark } from "../../processes/processes.ts";
import { endStrays } from "../../processes/strays.ts";

/** Variable that all processes of a server have, with its id: what leaves its group is known by it. */
export const MARK = "FLOWDECK_SERVING";

/** As it stands in their environment. */
export function markOfServer(id: string): string {
  return `${MARK}=${id}`;
}

/** Ends what bears a server's mark, and `known`, which descended from it: a model may start what is to outlive it. */
export function endMarked(id: string, known: readonly ProcessMark[] = []): void {
  endStrays(markOfServer(id), known);
}
