// A client on one kept connection, so that what is measured is the server and not the meeting.
import { Agent, request } from "node:http";

/** ms after which a request counts as "no answer". */
export const PATIENCE = 25_000;

export class Client {
  #port;
  #agent;

  /** `connections` requests can be under way at once. */
  constructor(port, connections = 1) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(path, body, patience) {
    return this.send("POST", `/api/2.0/mlflow/${path}`, body, patience);
  }

  get(path, patience) {
    return this.send("GET", path.startsWith("/") ? path : `/api/2.0/mlflow/${path}`, undefined, patience);
  }

  /** `body` as an object or as its JSON. Resolves to status, text and size of the answer; rejects when there is none within `patience`. */
  send(method, path, body, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const payload = text === undefined ? undefined : Buffer.from(text);
      const headers =
        payload === undefined ? {} : { "Content-Type": "application/json", "Content-Length": payload.length };
      const sent = request({ host: "127.0.0.1", port: this.#port, method, path, headers, agent: this.#agent });
      const timer = setTimeout(() => sent.destroy(new Error(`no answer in ${patience / 1_000} s`)), patience);
      sent.on("error", (error) => (clearTimeout(timer), reject(error)));
      sent.on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", (error) => (clearTimeout(timer), reject(error)));
        response.on("end", () => {
          clearTimeout(timer);
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode, size: bytes.length, text: () => bytes.toString() });
        });
      });
      sent.end(payload);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
