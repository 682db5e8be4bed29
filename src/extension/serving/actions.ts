import type { ScoringServer } from "../../protocol/serving.ts";
import { chooseModel } from "./chooseModel.ts";
import { choicesFor, keepChoices } from "./choices.ts";
import { buildImage } from "./buildImage.ts";
import { curlFor } from "./curl.ts";
import { serveAgain, serveOrTell } from "./remedies.ts";
import { askChoices } from "./serveForm.ts";
import { isLive } from "./serverText.ts";
import { folderOf, type ServingParts } from "./startServing.ts";
import { readServed, type ServedModel, type ServeTarget } from "./target.ts";
import { checkMayServe } from "./trustModel.ts";

interface ModelName {
  uri: string;
  name: string;
}

/** A registered model without a version is asked for one; without anything every model is offered. */
type Meant = ServeTarget | ModelName | undefined;

/**
 * Serves a model as it was served last, or as the settings say; `asks`: the person is asked how. One that is served already is
 * not served twice, unless they are. Undefined when they went away, or were told why it is not served.
 */
export async function serve(
  parts: ServingParts,
  target: Meant,
  { asks }: { asks: boolean },
): Promise<ScoringServer | undefined> {
  const served = await readMeant(parts, target);
  if (served === undefined) return undefined;
  const { platform, scoring, stores } = parts;
  const store = await stores.get(served.store);
  const memory = platform.context.workspaceState;
  const usual = choicesFor(memory, served, folderOf(store));
  const isSame = (one: ScoringServer) =>
    one.store === served.store && one.model_uri === served.model_uri && isLive(one);
  const already = asks ? undefined : scoring.list().find(isSame);
  // An alias that has moved since is restarted by the question that asks for it.
  if (already !== undefined) return already;
  const choices = asks ? await askChoices(store, served, usual) : usual;
  if (choices === undefined) return undefined;
  if (asks) await keepChoices(memory, served, choices);
  return serveOrTell(parts, served, choices, asks ? undefined : isSame);
}

/** The same model in the same way; an alias may name another version by now. */
export function restart(parts: ServingParts, server: ScoringServer): Promise<ScoringServer | undefined> {
  return serveAgain(parts, server, (same) => same);
}

/** The line that asks a server. */
export async function curlOf({ stores }: ServingParts, server: ScoringServer): Promise<string> {
  return curlFor((await stores.get(server.store)).remote, server);
}

/** Builds an image of a model. */
export async function image(parts: ServingParts, target: Meant): Promise<void> {
  const served = await readMeant(parts, target);
  if (served !== undefined) await buildImage(parts, served);
}

async function readMeant({ stores }: ServingParts, target: Meant): Promise<ServedModel | undefined> {
  // Before anything is asked.
  checkMayServe();
  const meant = target === undefined || isNameOnly(target) ? await chooseModel(stores, target) : target;
  if (meant === undefined) return undefined;
  return readServed((await stores.get(meant.uri)).remote, meant);
}

function isNameOnly(target: ServeTarget | ModelName): target is ModelName {
  return "name" in target && !("version" in target) && !("alias" in target);
}
