// Ports of 127.0.0.1. No vscode.
import { createServer } from "node:net";
import { MlflowError } from "../../mlflow/errors.ts";

const HOST = "127.0.0.1";
const LAST = 65_535;

/** A port that a person wants is taken; `free` is another one. */
export class PortTaken extends MlflowError {
  readonly free: number;

  constructor(port: number, title: string, by: string, free: number) {
    super("RESOURCE_CONFLICT", `Port ${port} is taken by ${by}, so ${title} was not served.`);
    this.free = free;
  }
}

/** Nobody listens there. */
export function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}

/** The first free port from `first` on that is not one of `others`, which may be about to be listened at. */
export async function firstFree(first: number, others: Pick<ReadonlySet<number>, "has">): Promise<number> {
  for (let port = first; port <= LAST; port += 1) if (!others.has(port) && (await isFree(port))) return port;
  throw new MlflowError("RESOURCE_EXHAUSTED", `No port from ${first} on is free; choose a lower one.`);
}
