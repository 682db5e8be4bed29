import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startService } from "../support/service.ts";

const skip = skipWithout(findPython(), "Python with mlflow");

/** What mlflow 3.17 serves and we do not, by the path after `/api/2.0` or `/ajax-api/3.0`. */
const NOT_BUILT: readonly [RegExp, string][] = [
  [/^\/mlflow\/webhooks(?:\/|$)/, "The server makes no outbound connection."],
  [/^\/v1\/traces$/, "OTLP: the answer's words tell the client to send spans with their trace."],
  [/^\/mlflow\/(?:scorers|scorer)\//, "Scorers run language models."],
  [/^\/mlflow\/datasets(?:\/|$)/, "Evaluation datasets and their records; the datasets of runs are served."],
  [/^\/(?:gateway|mlflow\/gateway)\//, "The AI gateway, its secrets and budgets call providers."],
  [/^\/mlflow\/mcp-servers(?:\/|$)/, "The registry of MCP servers."],
  [/^\/mlflow\/assistant\//, "The assistant of MLflow's page runs programs."],
  [/^\/mlflow\/(?:label-schemas|review-queues)\//, "Labelling of traces by people."],
  [/^\/mlflow\/issues(?:\/|$)/, "Issues that a language model finds in traces."],
  [/^\/mlflow\/genai\/evaluate\/invoke$/, "Evaluation as a job of the server."],
  [/^\/mlflow\/prompt-optimization\//, "Prompt optimization is a job of the server."],
  [/^(?:\/mlflow)?\/jobs\//, "Jobs of the server: it runs none."],
  [/^\/mlflow\/workspaces(?:\/|$)/, "Workspaces divide a store between teams; server-info says that there are none."],
  [/^\/mlflow\/traces\/metrics$/, "Sums over traces for the charts of MLflow's page."],
  [
    /^\/mlflow\/(?:unified-traces|get-online-trace-details)$/,
    "Declared by mlflow; its server answers that they do not exist.",
  ],
  [/^\/mlflow-artifacts\/presigned\//, "Signed URLs of cloud storage: a client goes on without after this answer."],
  [/^\/graphql$/, "GET with a body: only POST is served."],
  [/^\/mlflow\/demo\//, "Fills a store with MLflow's demo."],
  [/^\/mlflow\/runs\/create-promptlab-run$/, "Prompt lab needs the gateway."],
  [/^\/(?:static-files|build)\//, "The files of MLflow's page."],
];

interface Told {
  route: string;
  path: string;
  status: number;
  error_code: unknown;
  message: unknown;
}

describe("the routes of mlflow 3.17", { skip }, () => {
  const unserved: Told[] = [];
  let count = 0;
  before(async () => {
    const routes: unknown = JSON.parse(await runPython("routes.py", [], "", temporaryFolder()));
    assert.ok(Array.isArray(routes));
    count = routes.length;
    const { url } = await startService();
    for (const [method, rule] of routes) {
      const told = await ask(url, String(method), String(rule));
      if (told.error_code === "ENDPOINT_NOT_FOUND" || told.status === 405 || told.status >= 500) unserved.push(told);
    }
  });

  it("are all served but those that are not built", () => {
    assert.ok(count > 450, `${count} routes`);
    const missing = unserved.filter(({ path }) => !NOT_BUILT.some(([pattern]) => pattern.test(path)));
    assert.deepEqual(missing, []);
  });

  it("that are not built are answered as an endpoint that there is not", () => {
    const wrong = unserved.filter(({ route, status, error_code, message }) => {
      const known = route === "GET /graphql" ? 405 : 404;
      return status !== known || error_code !== "ENDPOINT_NOT_FOUND" || typeof message !== "string" || message === "";
    });
    assert.deepEqual(wrong, []);
  });

  it("are listed as not built only where they are not", () => {
    const idle = NOT_BUILT.filter(([pattern]) => !unserved.some(({ path }) => pattern.test(path)));
    assert.deepEqual(idle, []);
  });
});

/** Asks for a rule with `x` in the place of each parameter. */
async function ask(url: string, method: string, rule: string): Promise<Told> {
  const path = rule.replaceAll(/<[^>]*>|\{[^}]*\}/g, "x");
  const body = method === "GET" ? {} : { body: "{}" };
  const response = await fetch(`${url}${path}`, { method, headers: { "Content-Type": "application/json" }, ...body });
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  const { error_code, message } = isJson ? Object(JSON.parse(text)) : {};
  const short = path.replace(/^\/(?:ajax-)?api\/\d\.0\//, "/");
  return { route: `${method} ${rule}`, path: short, status: response.status, error_code, message };
}
