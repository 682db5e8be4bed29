// Asks one or two scoring servers what a Predict panel sends. No vscode: tested on real servers.
import { asMlflowError, type MlflowError } from "../../../mlflow/errors.ts";
import { readAnswer } from "../../../mlflow/signature/answer.ts";
import type { Signature } from "../../../mlflow/signature/types.ts";
import { askScoringServer, type ScoringReply } from "../../../models/scoringClient.ts";
import { explainRefusal } from "../../../models/refusal.ts";
import type { SendQuery, ServerAnswer } from "../../../protocol/panels/predict.ts";
import type { ScoringServer } from "../../../protocol/serving.ts";

/** Characters of a raw answer that the page shows. */
const LONGEST_RAW = 200_000;
/** Columns of an answer that the page gets. */
const MOST_COLUMNS = 100;
/** ms beyond the server's own limit: it is the one who says that it took too long. */
const GRACE = 2_000;

export type AskedServer = Pick<ScoringServer, "id" | "title" | "url" | "port" | "timeout">;

export interface Asked {
  answer: ServerAnswer;
  /** The whole of what came. */
  text: string;
}

/** Sends the same to each, one after the other: side by side they would take each other's time. */
export async function askServers(
  servers: readonly AskedServer[],
  query: Pick<SendQuery, "body" | "contentType">,
  signatureOf: (id: string) => Signature | undefined,
  signal: AbortSignal,
): Promise<Asked[]> {
  const done: Asked[] = [];
  for (const server of servers) done.push(await ask(server, query, signatureOf(server.id), signal));
  return done;
}

async function ask(
  server: AskedServer,
  { body, contentType }: Pick<SendQuery, "body" | "contentType">,
  signature: Signature | undefined,
  signal: AbortSignal,
): Promise<Asked> {
  const { id, title, url, timeout } = server;
  const at = Date.now();
  const begun = performance.now();
  const told = { id, title, at };
  try {
    const reply = await askScoringServer({ url, body, contentType, timeout: timeout * 1_000 + GRACE, signal });
    return { answer: { ...told, ...answerOf(reply, title, signature) }, text: reply.text };
  } catch (error) {
    const problem = unanswered(asMlflowError(error), server);
    return { answer: { ...told, ms: performance.now() - begun, raw: "", problem }, text: "" };
  }
}

function answerOf(
  reply: ScoringReply,
  title: string,
  signature: Signature | undefined,
): Omit<ServerAnswer, "id" | "title" | "at"> {
  const { text, ms, status } = reply;
  const raw =
    text.length > LONGEST_RAW ? { raw: `${text.slice(0, LONGEST_RAW)}…`, cutFrom: text.length } : { raw: text };
  const shown = { ms, status, ...raw };
  if (status !== 200) {
    const next = { title: "Show Log", action: "showLog" } as const;
    return { ...shown, problem: { ...explainRefusal(reply, title, signature?.inputs), next } };
  }
  const table = readAnswer(text, signature?.outputs, MOST_COLUMNS);
  if (table !== undefined) return { ...shown, table };
  return { ...shown, problem: { text: `${title} answered with something that is no JSON; Raw shows it.` } };
}

function unanswered(error: MlflowError, { title, port, timeout }: AskedServer): NonNullable<ServerAnswer["problem"]> {
  const restart = { title: "Restart", action: "restart" } as const;
  switch (error.error_code) {
    case "TEMPORARILY_UNAVAILABLE":
      return { text: `Nobody answers on port ${port}, where ${title} was served; start it again.`, next: restart };
    case "INVALID_STATE":
      return {
        text: `${title} ended while it answered; its log says why.`,
        next: { title: "Show Log", action: "showLog" },
      };
    case "DEADLINE_EXCEEDED":
      return {
        text: `${title} gave no answer within ${timeout} s; send fewer rows, or start it again.`,
        next: restart,
      };
    case "CANCELLED":
      return {
        text: `${title} was not waited for; it may still be at work on the request.`,
        next: { title: "Send Again", action: "sendAgain" },
      };
    case "RESOURCE_EXHAUSTED":
      return {
        text: `${error.message.replace(/\.$/, "")}; Predict File… sends rows in parts.`,
        next: { title: "Predict File…", action: "predictFile" },
      };
    case "MALFORMED_REQUEST":
      return { text: `What answers on port ${port} is no scoring server of MLflow.`, next: restart };
    default:
      throw error;
  }
}
