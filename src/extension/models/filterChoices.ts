// What the filter box of the Models view offers. No vscode: tested as tables.
import { filterProblem } from "../../mlflow/filter/parse.ts";
import { quotedKey, textValue } from "../../mlflow/filter/write.ts";

/** What is known of the registered models in view. */
export interface KnownModels {
  names: readonly string[];
  tags: readonly { key: string; value: string }[];
}

/** A filter that is offered; without one it only says what is wrong with what was typed. */
export interface FilterChoice {
  label: string;
  detail: string;
  filter?: string;
}

/** Choices of each kind. */
const MOST = 5;

/** Choices for what was typed, the one that is meant first. */
export function filterChoices(typed: string, known: KnownModels, history: readonly string[]): FilterChoice[] {
  const text = typed.trim();
  const choices: FilterChoice[] = [];
  if (text === "") choices.push({ label: "Every registered model", detail: "No filter", filter: "" });
  else if (looksLikeFilter(text)) choices.push(asFilter(text));
  else choices.push(...byName(text));
  const word = (/[\w-]+\W*$/.exec(text)?.[0] ?? "").trim().toLowerCase();
  const holds = (...texts: string[]) => texts.some((one) => one.toLowerCase().includes(word));
  const tags = new Map(known.tags.map(({ key, value }) => [`${key} ${value}`, { key, value }]));
  for (const { key, value } of [...tags.values()].filter((tag) => holds(tag.key, tag.value)).slice(0, MOST)) {
    const quoted = textValue(value);
    if (quoted === undefined) continue;
    const filter = `tags.${quotedKey(key)} = ${quoted}`;
    choices.push({ label: filter, detail: "Models with this tag", filter });
  }
  for (const name of known.names.filter((one) => holds(one)).slice(0, MOST)) {
    const quoted = textValue(name);
    if (quoted !== undefined)
      choices.push({ label: `name = ${quoted}`, detail: "This model", filter: `name = ${quoted}` });
  }
  for (const filter of history.filter((one) => holds(one)).slice(0, MOST)) {
    choices.push({ label: filter, detail: "Used before", filter });
  }
  return choices.filter(({ filter }, at) => choices.findIndex((one) => one.filter === filter) === at);
}

function asFilter(text: string): FilterChoice {
  const problem = filterProblem("registeredModels", text);
  if (problem === undefined) return { label: text, detail: "Models that match", filter: text };
  if (filterProblem("modelVersions", text) === undefined) {
    return { label: text, detail: "This asks for versions; the panel of a model filters those by it." };
  }
  const [line = ""] = problem.message.split("\n", 1);
  const place = text.slice(problem.start, problem.end).trim();
  return { label: text, detail: place === "" || line.includes(place) ? line : `At “${place}”: ${line}` };
}

/** A word alone means names that hold it. */
function byName(text: string): FilterChoice[] {
  const quoted = textValue(`%${text}%`);
  return quoted === undefined
    ? []
    : [{ label: `name ILIKE ${quoted}`, detail: `Names with ${text}`, filter: `name ILIKE ${quoted}` }];
}

function looksLikeFilter(text: string): boolean {
  return /[=<>'"`]|\b(?:i?like|in|and|or|is)\b|^(?:tags?|attributes?|attr)\./i.test(text);
}
