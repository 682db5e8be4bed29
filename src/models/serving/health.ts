/** Not imported: an import asks for all that the module offers, `fetch` too. */
const { request } = process.getBuiltinModule("node:http");

/** What a server answers to a question of one line; undefined when it does not within `limit` ms. */
export function ask(
  { host, port }: { host: string; port: number },
  path: string,
  limit: number,
): Promise<{ status: number; text: string } | undefined> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; text: string } | undefined>();
  const asked = request({ host, port, path, agent: false }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    // Another program may have that port, and talk for ever.
    response.on("data", (chunk: string) => (text.length < LONGEST ? (text += chunk) : asked.destroy()));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    response.on("error", () => resolve(undefined));
  });
  const timer = setTimeout(() => asked.destroy(), limit);
  asked.on("error", () => resolve(undefined));
  asked.on("close", () => {
    clearTimeout(timer);
    resolve(undefined);
  });
  asked.end();
  return promise;
}

const LONGEST = 1_000;
