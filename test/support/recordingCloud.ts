import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { temporaryFolder, whenOver } from "./environment.ts";

// Stands for a Kubernetes cluster and for a Databricks workspace, on this machine only: it records what it is asked and answers what
// MLflow needs to go on. It says what is asked of them, not what they would do.

export interface RecordingCloud {
  host: string;
  /** A KUBECONFIG whose current context, and one named `other`, lead here. */
  kubeconfig: string;
  /** Method, path and body of each request but for those of the tracking API. */
  requests: string[];
}

/** What the next job of the cluster becomes: its template names it by the label `becomes`. */
const CONDITION: Record<string, string> = { failed: "Failed" };

/** A Databricks workspace is a tracking server, too: `tracking` answers for it. */
export async function startCloud(tracking: { tracking_uri: string; token: string }): Promise<RecordingCloud> {
  const cloud: RecordingCloud = { host: "", kubeconfig: join(temporaryFolder(), "kubeconfig"), requests: [] };
  const becomes = new Map<string, string>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const path = request.url ?? "/";
    if (path.startsWith("/api/2.0/mlflow/")) return forward(tracking, request, body, response);
    const found = answerOf(`${request.method} ${path}`, body, becomes);
    if (found === undefined) return response.writeHead(404).end("{}");
    const isJson = request.headers["content-type"]?.includes("json") === true || path.startsWith("/apis/");
    cloud.requests.push(`${request.method} ${path} ${isJson ? body.toString() : body.length > 0 ? "a file" : ""}`);
    return response.writeHead(found.status, { "content-type": "application/json" }).end(JSON.stringify(found.json));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => server.close());
  const address = server.address();
  cloud.host = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const context = (name: string) => ({ name, context: { cluster: "c", user: "u" } });
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: cloud.host } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [context("first"), context("other")],
    "current-context": "first",
  };
  await writeFile(cloud.kubeconfig, JSON.stringify(config));
  return cloud;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

interface Answer {
  status: number;
  json: unknown;
}

function answerOf(call: string, body: Buffer, becomes: Map<string, string>): Answer | undefined {
  if (/^POST \/apis\/batch\/v1\/namespaces\/[^/]+\/jobs\b/.test(call)) return takeJob(body, becomes);
  const status = /^GET \/apis\/batch\/v1\/namespaces\/[^/]+\/jobs\/([^/]+)\/status\b/.exec(call)?.[1];
  if (status !== undefined) return { status: 200, json: statusOf(becomes.get(status) ?? "") };
  if (/^DELETE \/apis\/batch\/v1\/namespaces\/[^/]+\/jobs\//.test(call)) return { status: 200, json: {} };
  if (call.startsWith("POST /api/2.0/jobs/runs/submit")) return { status: 200, json: { run_id: 7 } };
  if (call.startsWith("GET /api/2.0/jobs/runs/get")) {
    const state = { life_cycle_state: "TERMINATED", result_state: "SUCCESS" };
    return { status: 200, json: { state, run_page_url: "https://workspace/run/7", job_id: 9 } };
  }
  if (call.startsWith("GET /api/2.0/dbfs/get-status"))
    return { status: 404, json: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "none" } };
  return call.startsWith("POST /dbfs/") ? { status: 200, json: {} } : undefined;
}

function takeJob(body: Buffer, becomes: Map<string, string>): Answer {
  const job = JSON.parse(body.toString()) as { metadata: { name: string; labels?: Record<string, string> } };
  const { name, labels = {} } = job.metadata;
  if (labels["becomes"] === "refused")
    return { status: 403, json: { kind: "Status", status: "Failure", code: 403, message: "jobs are forbidden here" } };
  becomes.set(name, labels["becomes"] ?? "");
  return { status: 201, json: job };
}

function statusOf(becomes: string): unknown {
  const conditions = [{ type: CONDITION[becomes] ?? "Complete", status: "True", message: "It has ended." }];
  const running = { startTime: "2026-01-01T00:00:00Z" };
  return { apiVersion: "batch/v1", kind: "Job", status: becomes === "endless" ? running : { ...running, conditions } };
}

async function forward(
  { tracking_uri, token }: { tracking_uri: string; token: string },
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<ServerResponse> {
  const { method = "GET", url = "/" } = request;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(tracking_uri + url, {
    method,
    headers,
    ...(body.length === 0 ? {} : { body: body.toString() }),
  });
  return response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
}
