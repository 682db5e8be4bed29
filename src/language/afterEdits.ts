/** ms; what is typed asks for completion at once, which must not wait for checks. */
const PAUSE = 10;

/** Work on the files that were edited, once for edits that follow each other closely. */
export class AfterEdits {
  readonly #work: (uri: string) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #waiting = new Set<string>();

  constructor(work: (uri: string) => Promise<void>, failed: (error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
  }

  request(uri: string): void {
    if (this.#waiting.size === 0) setTimeout(() => this.#run(), PAUSE);
    this.#waiting.add(uri);
  }

  #run(): void {
    const uris = [...this.#waiting];
    this.#waiting.clear();
    for (const uri of uris) this.#work(uri).catch(this.#failed);
  }
}
