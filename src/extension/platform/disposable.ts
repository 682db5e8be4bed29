/** Anything that must be let go of. */
export interface Disposes {
  dispose(): unknown;
}

/** Owns what it created; its children die in reverse order. */
export class Disposable implements Disposes {
  readonly #owned: Disposes[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  own<T extends Disposes>(thing: T): T {
    if (this.#disposed) thing.dispose();
    else this.#owned.push(thing);
    return thing;
  }

  /** Forgets a child that ended by itself. */
  disown(thing: Disposes): void {
    const at = this.#owned.indexOf(thing);
    if (at >= 0) this.#owned.splice(at, 1);
  }

  dispose(): void {
    this.#disposed = true;
    for (let thing = this.#owned.pop(); thing !== undefined; thing = this.#owned.pop()) thing.dispose();
  }
}
