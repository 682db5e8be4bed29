// The command line that asks a server. No vscode.
import { copyAs } from "../../mlflow/signature/copyAs.ts";
import { printJson, tryJson } from "../../mlflow/signature/json.ts";
import type { PrintedRequest } from "../../mlflow/signature/requests.ts";
import { sampleRequest } from "../../mlflow/signature/sample.ts";
import type { ScoringServer } from "../../protocol/serving.ts";
import { readAskedModel, type AskedStore } from "./predict/readAskedModel.ts";

/** Bytes of an example that a command line takes. */
const LONGEST = 16 << 10;

/** A line that works as it is: with the model's input example where it has one, else with the columns of its signature. */
export async function curlFor(
  store: AskedStore,
  server: Pick<ScoringServer, "store" | "model_uri" | "model" | "title" | "url">,
): Promise<string> {
  const { signature, example } = await readAskedModel(store, server);
  return copyAs("curl", server.url, requestOf(example) ?? sampleRequest(signature));
}

function requestOf(example: string | undefined): PrintedRequest | undefined {
  const value = example === undefined ? undefined : tryJson(example);
  const body = value === undefined ? undefined : printJson(value);
  if (body === undefined || Buffer.byteLength(body) > LONGEST) return undefined;
  return { body, contentType: "application/json" };
}
