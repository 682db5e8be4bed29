import { MODEL_STAGES } from "../../mlflow/entities.ts";

// What a person may type as the name of a registered model or an alias. No vscode: tested as tables.

/** Characters of a registered model's name in MLflow's schema. */
const LONGEST_NAME = 256;
const LONGEST_ALIAS = 255;

/** What is wrong with the name of a registered model; undefined when it is fine. */
export function modelNameProblem(text: string): string | undefined {
  const name = text.trim();
  if (name === "") return "A registered model has a name, such as wine-quality.";
  if (name.length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} characters.`;
  if (/[/:]/.test(name)) return "A name has no slash and no colon: they stand for other things in models:/ URIs.";
  // MLflow takes names for paths in some stores.
  return /^\.+$/.test(name) ? "A name does not only have dots." : undefined;
}

/** What is wrong with an alias; undefined when it is fine. */
export function aliasProblem(text: string): string | undefined {
  const alias = text.trim().replace(/^@/, "");
  if (alias === "") return "An alias has a name, such as champion.";
  if (alias.length > LONGEST_ALIAS) return `An alias has at most ${LONGEST_ALIAS} characters.`;
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias)) return "An alias has only letters, digits, _ and -.";
  if (alias.toLowerCase() === "latest") return "latest always means the newest version; choose another alias.";
  if (/^v\d+$/i.test(alias)) return `${alias} means a version by its number; choose another alias.`;
  return undefined;
}

/** The alias that was typed, with or without its @. */
export function aliasOf(text: string): string {
  return text.trim().replace(/^@/, "");
}

export function isStage(text: string): text is (typeof MODEL_STAGES)[number] {
  return MODEL_STAGES.some((stage) => stage === text);
}
