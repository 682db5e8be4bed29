import { randomUUID } from "node:crypto";
import { MOST_COPIES, restGone, tooManyCopies } from "./printedCopies.ts";

/** The next part of a long answer. */
export interface ListedItems<T, O> {
  /** What was said when the answer was begun. */
  of: O;
  items: T[];
  /** Others precede these ones. */
  isLater: boolean;
  /** Asks for the part after this one; absent = there is none. */
  more?: string;
}

interface List<T, O> {
  of: O;
  items: readonly T[];
  taken: number;
}

/** Long answers whose parts are in memory anyway: what `PrintedCopies` is for those that are not. */
export class PrintedLists<T, O> {
  readonly #kind: string;
  readonly #inAPart: number;
  readonly #lists = new Map<string, List<T, O>>();

  /** `kind` is the first word of a list's name. */
  constructor(kind: string, inAPart: number) {
    this.#kind = kind;
    this.#inAPart = inAPart;
  }

  /** Whether `more` asks for a part of these. */
  has(more: string): boolean {
    return more.startsWith(`${this.#kind}_`);
  }

  /** The name that `next` takes. Throws REQUEST_LIMIT_EXCEEDED while there are too many. */
  start(items: readonly T[], of: O): string {
    if (this.#lists.size >= MOST_COPIES) throw tooManyCopies();
    const name = `${this.#kind}_${randomUUID()}`;
    this.#lists.set(name, { of, items, taken: 0 });
    return name;
  }

  /** The next part; the list is forgotten after its last one. Throws when it is gone. */
  next(name: string): ListedItems<T, O> {
    const list = this.#lists.get(name);
    if (list === undefined) throw restGone();
    const after = list.taken;
    list.taken += this.#inAPart;
    const part = { of: list.of, items: list.items.slice(after, list.taken), isLater: after > 0 };
    if (list.taken < list.items.length) return { ...part, more: name };
    this.forget(name);
    return part;
  }

  forget(name: string): void {
    this.#lists.delete(name);
  }
}
