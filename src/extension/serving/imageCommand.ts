import { shellQuote } from "../../projects/shellQuote.ts";

/** The line that builds an image of a model by an interpreter's mlflow. */
export function imageCommand(python: string, served_uri: string, name: string): string {
  const words = [python, "-m", "mlflow", "models", "build-docker", "-m", served_uri, "-n", name];
  return words.map((word) => shellQuote(word)).join(" ");
}
