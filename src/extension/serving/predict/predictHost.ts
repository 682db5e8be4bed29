// What a Predict panel may ask, as far as it needs no editor. No vscode: tested on real servers.
import { setTimeout as pause } from "node:timers/promises";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { Signature } from "../../../mlflow/signature/types.ts";
import type { AskedModel, PredictHost, SendQuery, ServerAnswer } from "../../../protocol/panels/predict.ts";
import type { ScoringServer } from "../../../protocol/serving.ts";
import { askServers } from "./askServers.ts";
import { readAskedModel, keyOf, type AskedStore } from "./readAskedModel.ts";
import { forgetSent, keepSent, sentTo, type Kept } from "./sentRequests.ts";

export interface PredictParts {
  list(): readonly ScoringServer[];
  storeOf(server: ScoringServer): Promise<AskedStore>;
  kept: Kept;
  /** Lets work go on that no answer waits for. */
  background(what: string, work: PromiseLike<unknown>): void;
  /** Whether requests may be sent at all; throws otherwise. */
  checkTrust(): void;
}

/** ms that an answer has for its way to the page before its request is kept: what is kept would go to the window with it. */
const KEPT_AFTER = 50;

type Answering = Pick<PredictHost, "servers" | "model" | "send" | "stop" | "history" | "forget">;

/** Answers a page; `rawOf` gives the whole of a server's last answer. */
export function predictHost(parts: PredictParts): Answering & { rawOf(id: string): string | undefined } {
  const models = new Map<string, Promise<AskedModel>>();
  const signatures = new Map<string, Signature>();
  const raw = new Map<string, string>();
  let running: AbortController | undefined;
  /** Until the last request is kept. */
  let keeping: Promise<void> = Promise.resolve();
  const keep = async (...what: [key: string, query: SendQuery, answers: ServerAnswer[]]) => {
    await pause(KEPT_AFTER);
    await keepSent(parts.kept, ...what);
  };
  const find = (id: string): ScoringServer => {
    const found = parts.list().find((server) => server.id === id);
    if (found === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This server was removed from the list.");
    return found;
  };
  const read = async (server: ScoringServer): Promise<AskedModel> => {
    // A restart may serve another version under the same alias.
    const key = `${server.id} ${server.model?.version ?? ""}`;
    const known = models.get(key) ?? parts.storeOf(server).then((store) => readAskedModel(store, server));
    models.set(key, known);
    known.catch(() => models.delete(key));
    const model = await known;
    if (model.signature !== undefined) signatures.set(server.id, model.signature);
    return model;
  };
  return {
    servers: async () => parts.list(),
    model: async ({ id }) => read(find(id)),
    async send(query: SendQuery): Promise<ServerAnswer[]> {
      parts.checkTrust();
      const servers = query.to.slice(0, 2).map(find);
      running?.abort();
      const controller = new AbortController();
      running = controller;
      try {
        const asked = await askServers(servers, query, (id) => signatures.get(id), controller.signal);
        raw.clear();
        for (const { answer, text } of asked) raw.set(answer.id, text);
        const answers = asked.map(({ answer }) => answer);
        const [first] = servers;
        if (first !== undefined) {
          const kept = keep(keyOf(first), query, answers);
          parts.background("keeping a request", kept);
          keeping = kept.catch(() => undefined);
        }
        return answers;
      } finally {
        if (running === controller) running = undefined;
      }
    },
    stop: async () => running?.abort(),
    async history({ id }) {
      await keeping;
      return sentTo(parts.kept, keyOf(find(id)));
    },
    async forget({ id }) {
      await keeping;
      await forgetSent(parts.kept, keyOf(find(id)));
    },
    rawOf: (id) => raw.get(id),
  };
}
