import { type Port, serve } from "../../protocol/rpc.ts";

// Which page of a panel is answered by what. No vscode: tested over a port in memory.

/** Pages that are listened to: the one that is seen, and the one that it took the place of, whose last words may be on their way. */
const HEARD = 2;

/** Each page of a panel asks on a channel of its own: what a page said of its run is done to that run, even if another is shown meanwhile. */
export class PageHosts {
  readonly #port: Port;
  readonly #stops: (() => void)[] = [];
  #pages = 0;

  constructor(port: Port) {
    this.#port = port;
  }

  /** The channel of the next page, whose questions `host` answers. */
  next(host: object): string {
    const channel = `host ${++this.#pages}`;
    this.#stops.push(serve(this.#port, host, channel));
    while (this.#stops.length > HEARD) this.#stops.shift()?.();
    return channel;
  }

  dispose(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }
}
