// CPU time of a server's whole process tree for a request, by sending it often enough for the kernel's 10 ms ticks.
import { median } from "../results.mjs";

/** CPU time in ms that a measurement should be made of, and by the clock no longer than this. */
const ENOUGH_CPU = 300;
const LONGEST = 1_500;

/**
 * `send` is one request; it is warmed up with `warm` of them. Resolves to ms of CPU and of the clock a request and the last answer,
 * or to `{ failure }` when there was none.
 */
export async function measure(server, send, { warm = 2, most = 400 } = {}) {
  try {
    let answer;
    for (let i = 0; i < warm; i++) answer = await send(server.client, i);
    const walls = [];
    const startCpu = server.cpu();
    const end = performance.now() + LONGEST;
    do {
      const start = performance.now();
      answer = await send(server.client, warm + walls.length);
      walls.push(performance.now() - start);
    } while (walls.length < most && performance.now() < end && server.cpu() - startCpu < ENOUGH_CPU);
    return { cpu: (server.cpu() - startCpu) / walls.length, wall: median(walls), times: walls.length, answer };
  } catch (error) {
    return { failure: error.message };
  }
}

/** The same work by `clients` connections at once, `count` requests in all. */
export async function measureTogether(server, clients, count, send) {
  const startCpu = server.cpu();
  const start = performance.now();
  let next = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (let i = next++; i < count; i = next++) await send(client, i);
    }),
  );
  const wall = performance.now() - start;
  return { cpu: (server.cpu() - startCpu) / count, wall: wall / count, times: count };
}
