/** One answered request, as the server's own log tells it. */
export interface Answered {
  method: string;
  /** Without its query. */
  path: string;
  status: number;
}

/** uvicorn's line begins with INFO and the asker, that of gunicorn and of Flask with the asker and a date in brackets. */
const LINE = /^(?:INFO:\s+)?\S+ -(?: - \[[^\]]*\])? "([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3})\b/;

/** Reads a line of the log; undefined when it is of something else. */
export function readAccess(line: string): Answered | undefined {
  const [, method, target, status] = LINE.exec(line.includes("\u001B") ? withoutColours(line) : line) ?? [];
  if (method === undefined || target === undefined) return undefined;
  return { method, path: target.split("?", 1)[0] ?? "", status: Number(status) };
}

function withoutColours(line: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape character is what a terminal's colours begin with.
  return line.replace(/\u001B\[[\d;]*m/g, "");
}

/** Questions whether it lives: asked for ever, they would fill its log. */
export function isHealthCheck({ path, status }: Answered): boolean {
  return status === 200 && (path === "/ping" || path === "/health" || path === "/version");
}
