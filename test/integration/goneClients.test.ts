import assert from "node:assert/strict";
import { subscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { until } from "../support/environment.ts";
import { openSocket } from "../support/rawHttp.ts";
import { startService } from "../support/service.ts";

test("a search whose client has gone away while it waited is not begun", async () => {
  const { folder, url, store } = await startService(["--access", "open"]);
  await store.createRun({ experiment_id: "0", run_name: "first" });
  const other = openConnection(join(folder, "mlflow.db"), { busyTimeout: 1_000 });
  other.exec("CREATE TABLE padding (bytes BLOB); INSERT INTO padding VALUES (zeroblob(3000000))");
  other.close();
  const search = async () => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ experiment_ids: ["0"] });
    const response = await fetch(`${url}/api/2.0/mlflow/runs/search`, { method: "POST", headers, body });
    return Object(await response.json()).runs?.length;
  };
  assert.equal(await search(), 1);

  // What the reading thread is asked from here on, the first thing only when it is let go.
  const asked: string[] = [];
  let letGo: (() => void) | undefined;
  const post = Object.getOwnPropertyDescriptor(Worker.prototype, "postMessage")?.value;
  Worker.prototype.postMessage = function (this: Worker, message: unknown) {
    const { rpc, method } = Object(message);
    const send = () => void Reflect.apply(post, this, [message]);
    if (rpc !== "call" || !/^(?:search|printed)/.test(method)) return send();
    asked.push(method);
    if (asked.length > 1) return send();
    letGo = send;
  };
  const sockets: Set<unknown> = new Set();
  let closed = 0;
  subscribe("http.server.request.start", (event) => {
    const { socket } = Object(event).request;
    sockets.add(socket);
    socket.once("close", () => (closed += 1));
  });

  const first = search();
  await until("the first search", () => letGo !== undefined);
  const clients = await Promise.all(Array.from({ length: 20 }, () => openSocket(url)));
  const text = JSON.stringify({ experiment_ids: ["0"], max_results: 7 });
  const head = `POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
  for (const client of clients) client.write(`${head}Content-Length: ${text.length}\r\n\r\n${text}`);
  await until("all requests", () => sockets.size >= 21);
  // A question of one row is answered after them: by then they wait.
  await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`);
  for (const client of clients) client.destroy();
  await until("all clients gone", () => closed >= 20);
  const last = search();
  letGo?.();
  assert.deepEqual(await Promise.all([first, last]), [1, 1]);
  assert.equal(asked.length, 2, asked.join());
  Worker.prototype.postMessage = post;
});
