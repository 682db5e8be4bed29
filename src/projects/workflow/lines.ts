/** Prints what several commands say at once: whole lines, each with the name of the one it comes from. */
export class NamedLines {
  readonly #prefix: string;
  readonly #say: (line: string) => void;
  #rest = "";

  constructor(name: string, width: number, say: (line: string) => void) {
    this.#prefix = `[${name}]`.padEnd(width + 2);
    this.#say = say;
  }

  say(line: string): void {
    this.#say(`${this.#prefix} ${line}`);
  }

  /** Takes output as it comes. Of a progress bar that redraws its line only the last state before a line's end is printed. */
  write(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = (lines.pop() ?? "").slice(-10_000);
    for (const line of lines) this.say(line.slice(line.lastIndexOf("\r") + 1));
  }

  /** Prints what was begun. */
  end(): void {
    if (this.#rest !== "") this.say(this.#rest.slice(this.#rest.lastIndexOf("\r") + 1));
    this.#rest = "";
  }
}
