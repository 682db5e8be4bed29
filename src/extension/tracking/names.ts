import { isOwnTag } from "../../protocol/tags.ts";

// What a person may type as a name or a key, and what comes of it. No vscode: tested as tables.

/** Characters of an experiment's name in MLflow's schema. */
const LONGEST_NAME = 500;

/** What is wrong with an experiment's name; undefined when it is fine. */
export function nameProblem(text: string): string | undefined {
  if (text.trim() === "") return "An experiment has a name, such as wine-quality.";
  if (text.trim().length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} characters.`;
  return undefined;
}

/** What is wrong with the key of a tag. MLflow's own tags are facts of the run or experiment. */
export function tagKeyProblem(key: string): string | undefined {
  if (key.trim() === "") return "A tag has a key, such as team.";
  if (key.startsWith("mlflow.")) return "Tags that begin with mlflow. are MLflow's own.";
  return isOwnTag(key) ? undefined : "Tags that begin with flowdeck. are Flowdeck's own.";
}

/** A run's name by a pattern for several: `{n}` is its number among them, `{name}` its name before. */
export function nameByPattern(pattern: string, n: number, before: string): string {
  return pattern.replaceAll(/\{n\}|\{name\}/g, (word) => (word === "{n}" ? String(n) : before));
}
