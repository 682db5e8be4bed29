import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { restStore } from "../../src/store/rest/store.ts";
import { models } from "../store/contractModels.ts";
import { versions } from "../store/contractVersions.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import type { Side } from "./differential/call.ts";
import { fillRuns } from "./differential/contents.ts";
import { firstDifference, type Pair, startPair } from "./differential/pair.ts";
import { checkLife, registryLife } from "./differential/registrySteps.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const seed = Number(process.env["FLOWDECK_SEED"] ?? 1);

describe("the model registry of our server beside the real one's", { skip }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair(fillRuns);
  });

  it("answers each of the client's own calls alike", async () => {
    const { theirs, ours } = pair;
    const [real, own] = await Promise.all([theirs, ours].map((side) => clientCalls(side)));
    assert.ok(real !== undefined && own !== undefined);
    const parted = real.flatMap((entry, index) =>
      isDeepStrictEqual(entry, own[index]) ? [] : [firstDifference(entry, own[index], entry.method), entry],
    );
    assert.deepEqual(parted, []);
    assert.equal(own.length, real.length);
    assert.deepEqual([...new Set(real.map(({ method }) => method))].toSorted(), METHODS);
    assert.ok(real.filter(({ error }) => error === undefined).length > 100);
  });

  it("goes the same way through sequences of calls, each with its answer, and all that is there after it", () =>
    fc.assert(
      fc.asyncProperty(registryLife, (calls) => checkLife(pair, calls)),
      { seed, numRuns: 4, endOnFailure: true },
    ));

  describe("our client of the real server", () => {
    const open = async () => restStore({ tracking_uri: pair.theirs.url });
    models(open, { toldUsers: false });
    versions(open);
  });

  it("meets no error of our server", () => assert.deepEqual(pair.errors, []));
});

interface ClientCall {
  method: string;
  error?: unknown;
}

/** What Python's client is answered to each call, without what depends on the server. */
async function clientCalls(side: Side): Promise<ClientCall[]> {
  const printed = await runPython("registryClient.py", [side.url], side.url, temporaryFolder(), {
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
  });
  const { body } = side.comparable({ status: 200, body: JSON.parse(printed.split("\n").findLast(Boolean) ?? "") });
  return body as ClientCall[];
}

/** What `MlflowClient` has for registered models, their versions, logged models and prompts; `register_model` is the module's. */
const METHODS = [
  "copy_model_version",
  "create_logged_model",
  "create_model_version",
  "create_registered_model",
  "delete_logged_model",
  "delete_logged_model_tag",
  "delete_model_version",
  "delete_model_version_tag",
  "delete_prompt_alias",
  "delete_prompt_version_tag",
  "delete_registered_model",
  "delete_registered_model_alias",
  "delete_registered_model_tag",
  "finalize_logged_model",
  "get_latest_versions",
  "get_logged_model",
  "get_model_version",
  "get_model_version_by_alias",
  "get_model_version_download_uri",
  "get_model_version_stages",
  "get_registered_model",
  "list_logged_model_artifacts",
  "load_prompt",
  "log_model_params",
  "register_model",
  "register_prompt",
  "rename_registered_model",
  "search_logged_models",
  "search_model_versions",
  "search_prompts",
  "search_registered_models",
  "set_logged_model_tags",
  "set_model_version_tag",
  "set_prompt_alias",
  "set_prompt_version_tag",
  "set_registered_model_alias",
  "set_registered_model_tag",
  "transition_model_version_stage",
  "update_model_version",
  "update_registered_model",
];
