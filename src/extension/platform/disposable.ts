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

  dispose(): void {
    this.#disposed = true;
    for (let thing = this.#owned.pop(); thing !== undefined; thing = this.#owned.pop()) thing.dispose();
  }
}
