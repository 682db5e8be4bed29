import * as vscode from "vscode";
import { askText } from "../platform/questions.ts";
import { imageCommand } from "./imageCommand.ts";
import { folderOf, placeFor, pythonOf, type ServingParts } from "./startServing.ts";
import type { ServedModel } from "./target.ts";
import { trustModel } from "./trustModel.ts";

/** Builds an image that serves the model, in a terminal, by `mlflow models build-docker`. */
export async function buildImage(parts: ServingParts, served: ServedModel): Promise<void> {
  const store = await parts.stores.get(served.store);
  await trustModel(parts.platform, store, served);
  const python = await pythonOf(store, served.title);
  const name = await askText({
    title: `Build a Docker image of ${served.title}`,
    prompt: "Name of the image; serve it with docker run -p 5001:8080 NAME",
    value: imageName(served),
    validateInput: (text) =>
      /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?$/.test(text.trim())
        ? undefined
        : "Lower-case letters, digits and . _ - / between them; a tag after a colon.",
  });
  if (name === undefined) return;
  const { served_uri, environment } = await placeFor(parts.servers, store, served);
  const cwd = folderOf(store);
  const terminal = vscode.window.createTerminal({
    name: `Image of ${served.title}`,
    iconPath: new vscode.ThemeIcon("package"),
    env: environment,
    ...(cwd === undefined ? {} : { cwd }),
  });
  terminal.show();
  terminal.sendText(imageCommand(python, served_uri, name.trim()));
}

/** `wine-quality:5`, as far as Docker takes the name. */
function imageName({ title, model }: ServedModel): string {
  const name = (model?.name ?? title)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return `${name || "model"}:${model?.version ?? "latest"}`;
}
