import type { KeyValue, Run } from "../../../mlflow/entities.ts";
import { isOwnTag } from "../../../protocol/tags.ts";

// A run as a text of which two are set side by side. No vscode: tested as tables.

/** Params, tags, and where the run came from, keys sorted, as YAML: lines of the same key face each other. */
export function runText({ info, data }: Run): string {
  const tags = data.tags.filter(({ key }) => isOwnTag(key));
  const source = data.tags
    .filter(({ key }) => key.startsWith("mlflow.source.") || key.startsWith("mlflow.project."))
    .map(({ key, value }) => ({ key: key.slice("mlflow.".length), value }));
  return [
    section("params", data.params),
    section("tags", tags),
    section("source", [...source, { key: "user", value: info.user_id }]),
  ].join("\n");
}

function section(name: string, values: KeyValue[]): string {
  if (values.length === 0) return `${name}: {}\n`;
  const lines = values.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, value }) => line(key, value));
  return `${name}:\n${lines.join("")}`;
}

/** Several lines stand as such, so that a difference in one of them is seen. */
function line(key: string, value: string): string {
  if (/[\r\n]/.test(value)) {
    const lines = value.split(/\r\n|\r|\n/).map((text) => `    ${text}\n`);
    return `  ${scalar(key)}: |-\n${lines.join("")}`;
  }
  return `  ${scalar(key)}: ${scalar(value)}\n`;
}

/** Plain where YAML reads it back as it is, else in double quotes. Numbers stay as they were logged. */
function scalar(text: string): string {
  const plain = /^[\p{L}\p{N}_./+-][\p{L}\p{N}_./+@(),=<> -]*$/u.test(text) && !/^-( |$)|\s$/.test(text);
  return plain ? text : JSON.stringify(text);
}
