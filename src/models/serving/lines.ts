import { StringDecoder } from "node:string_decoder";

/** Characters of a line; what is longer comes in pieces, so that nothing gathers for ever. */
const LONGEST = 64 << 10;

/** Cuts what a program prints into lines, without their ends. */
export class Lines {
  readonly #decoder = new StringDecoder("utf8");
  readonly #take: (line: string) => void;
  #rest = "";

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (this.#rest.length < LONGEST) return;
    this.#take(this.#rest);
    this.#rest = "";
  }

  /** What came after the last end of a line. */
  end(): void {
    if (this.#rest !== "") this.#take(this.#rest);
    this.#rest = "";
  }
}
