import { asMlflowError, MlflowError, placeOf } from "../errors.ts";
import { pythonText } from "../pythonText.ts";
import { readIdentifier } from "./identifier.ts";
import { NUMERIC_COMPARATORS, pythonSet, SUBJECTS } from "./subjects.ts";
import { type Token, tokenize } from "./tokens.ts";
import {
  COMPARATORS,
  type Comparator,
  type Condition,
  type FilterGroup,
  type FilterSubject,
  type FilterTree,
  type TextRange,
} from "./tree.ts";
import { readValue } from "./value.ts";

export interface FilterOptions {
  /** Allows OR, NOT-free parentheses and demands a joining word; REST never sets it. */
  extended?: boolean;
}

/** What is wrong with a filter, and where, for an editor. */
export interface FilterProblem extends TextRange {
  message: string;
}

/** Reads a filter. Throws INVALID_PARAMETER_VALUE in MLflow's wording (mlflow 3.17); the error's `cause` is the range. */
export function parseFilter(
  subject: FilterSubject,
  text: string | undefined,
  options: FilterOptions = {},
): FilterGroup {
  if (text === undefined || text === "") return { kind: "and", terms: [] };
  if (text.trim() === "") {
    if (options.extended === true) return { kind: "and", terms: [] };
    throw invalid(`Invalid filter ${pythonText(text)}. Could not be parsed.`, { start: 0, end: text.length });
  }
  const tokens = tokenize(text);
  const semicolon = tokens.find(({ kind }) => kind === "semicolon");
  if (semicolon && semicolon !== tokens.at(-1)) {
    const message = `Search filter contained multiple expression ${pythonText(text)}. Provide AND-ed expression list.`;
    throw invalid(message, { start: semicolon.start, end: text.length });
  }
  const tree = options.extended === true ? readExtended(subject, tokens) : readAnds(subject, tokens);
  for (const condition of conditionsOf(tree)) checkComparator(subject, condition);
  return tree.kind === "condition" ? { kind: "and", terms: [tree] } : tree;
}

/** The problem of a filter, or undefined when it is fine. */
export function filterProblem(
  subject: FilterSubject,
  text: string,
  options: FilterOptions = {},
): FilterProblem | undefined {
  try {
    parseFilter(subject, text, options);
    return undefined;
  } catch (error) {
    return { message: asMlflowError(error).message, ...(placeOf(error) ?? { start: 0, end: text.length }) };
  }
}

/** All conditions of a tree, left to right. */
export function conditionsOf(tree: FilterTree): Condition[] {
  return tree.kind === "condition" ? [tree] : tree.terms.flatMap(conditionsOf);
}

/** An INVALID_PARAMETER_VALUE that remembers where. */
export function invalid(message: string, range: TextRange): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, { cause: { start: range.start, end: range.end } });
}

/** MLflow's grammar: comparisons with AND between them, or nothing between them. */
function readAnds(subject: FilterSubject, tokens: Token[]): FilterGroup {
  const raw: RawCondition[] = [];
  const strangers: Token[] = [];
  for (let at = 0; at < tokens.length; ) {
    const found = comparisonAt(tokens, at);
    const token = tokens[at];
    if (found) {
      raw.push(found);
      at += found.length;
      continue;
    }
    if (token && !isWord(token, "AND")) strangers.push(token);
    at += 1;
  }
  const [first] = strangers;
  if (first && subject === "loggedModels") throw invalid(invalidLoggedModelFilter(tokens), first);
  if (first) throw invalid(invalidClauses(subject, strangers), first);
  return { kind: "and", terms: raw.map((condition) => readCondition(subject, condition)) };
}

function invalidClauses(subject: FilterSubject, strangers: Token[]): string {
  // Only the search of runs puts the clauses in quotes (mlflow 3.17).
  const quote = subject === "runs" ? "'" : "";
  return `Invalid clause(s) in filter string: ${strangers.map(({ text }) => quote + text + quote).join(", ")}`;
}

/** Logged models have a parser, and a sentence, of their own in MLflow. */
function invalidLoggedModelFilter(tokens: Token[]): string {
  const filter = tokens.map(({ text }) => text).join(" ");
  const example = "'metrics.loss > 0.1 AND params.lr = 0.01'";
  return `Invalid filter string: '${filter}'. Expected a list of comparisons separated by 'AND' (e.g. ${example}).`;
}

const NOT_ALONE =
  "MLflow's filters know NOT only in NOT IN and IS NOT NULL: say the opposite comparison, such as != for =.";

/** How many parentheses may stand in one another. */
const DEEPEST = 50;

/** or := and (OR and)*; and := term (AND term)*; term := comparison | ( or ). */
function readExtended(subject: FilterSubject, tokens: Token[], depth = 0): FilterTree {
  let at = 0;
  const readOr = (): FilterTree => readJoined("or", "OR", readAnd);
  const readAnd = (): FilterTree => readJoined("and", "AND", readTerm);
  const tree = readOr();
  const rest = tokens[at];
  if (rest) throw invalid(invalidClauses(subject, [rest]), rest);
  return tree;

  function readJoined(kind: "and" | "or", word: string, readPart: () => FilterTree): FilterTree {
    const terms = [readPart()];
    while (isWord(tokens[at], word)) {
      at += 1;
      terms.push(readPart());
    }
    const [only] = terms;
    return only && terms.length === 1 ? only : { kind, terms };
  }

  function readTerm(): FilterTree {
    const found = comparisonAt(tokens, at);
    if (found) {
      at += found.length;
      return readCondition(subject, found);
    }
    const token = tokens[at];
    const end = tokens.at(-1)?.end ?? 0;
    if (!token) throw invalid("The filter ends where a comparison should follow.", { start: end, end });
    if (isWord(token, "NOT")) throw invalid(NOT_ALONE, token);
    if (token.kind !== "list") throw invalid(invalidClauses(subject, [token]), token);
    if (depth === DEEPEST) throw invalid(`More than ${DEEPEST} parentheses stand in one another.`, token);
    at += 1;
    const inner = tokenize(token.text.slice(1, -1)).map((part) => ({
      ...part,
      start: part.start + token.start + 1,
      end: part.end + token.start + 1,
    }));
    return readExtended(subject, inner, depth + 1);
  }
}

/** A comparison as its tokens say it. */
export interface RawCondition {
  left: Token;
  /** In capitals. */
  comparator: string;
  /** The comparator as it is written. */
  word: string;
  right: Token | null;
  /** How many tokens it takes. */
  length: number;
}

/** The comparison that starts at a token, if one does. */
export function comparisonAt(tokens: Token[], at: number): RawCondition | undefined {
  const [left, second, third, fourth] = tokens.slice(at, at + 4);
  if (!left || !second) return undefined;
  if (second.kind === "comparator" && isOperand(left) && third && isOperand(third)) {
    return { left, comparator: spaced(second.text), word: second.text, right: third, length: 3 };
  }
  if (left.kind !== "identifier") return undefined;
  if (isWord(second, "IS") && third) {
    if (isWord(third, "NULL")) return { left, comparator: "IS NULL", word: "IS NULL", right: null, length: 3 };
    // With one space between the two words, as MLflow has it.
    if (third.kind === "keyword" && third.text.toUpperCase() === "NOT NULL") {
      return { left, comparator: "IS NOT NULL", word: "IS NOT NULL", right: null, length: 3 };
    }
  }
  if (isWord(second, "IN") && third?.kind === "list")
    return { left, comparator: "IN", word: "IN", right: third, length: 3 };
  if (isWord(second, "NOT") && isWord(third, "IN") && fourth?.kind === "list") {
    return { left, comparator: "NOT IN", word: "NOT IN", right: fourth, length: 4 };
  }
  return undefined;
}

const OPERAND_KINDS: readonly Token["kind"][] = ["identifier", "integer", "float", "string", "list", "operation"];

function isOperand(token: Token): boolean {
  return OPERAND_KINDS.includes(token.kind) || isWord(token, "NULL");
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "keyword" && token.text.toUpperCase() === word;
}

function spaced(text: string): string {
  return text.toUpperCase().replace(/\s+/g, " ");
}

function readCondition(subject: FilterSubject, raw: RawCondition): Condition {
  const { left, right } = raw;
  // The parser of logged models takes any text with an operator in it for a name.
  if (left.kind !== "identifier" && !(subject === "loggedModels" && left.kind === "operation")) {
    throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`, left);
  }
  const { entity, key, name } = readIdentifier(subject, left, SUBJECTS[subject].attributes);
  const range = { start: left.start, end: right?.end ?? left.end };
  // Comparators are checked after all clauses were read, as MLflow does, so that the first message is the same.
  const written = subject === "experiments" ? raw.word : raw.comparator;
  const comparator = COMPARATORS.find((known) => known === written) ?? written;
  const value =
    right === null ? nullValue(subject, entity, name, left) : readValue(subject, { entity, key, name }, right);
  return { kind: "condition", entity, key, comparator: unchecked(comparator), value, ...range };
}

function nullValue(subject: FilterSubject, entity: string, key: string, range: TextRange): null {
  if (entity === "tag" && (subject === "runs" || subject === "experiments")) return null;
  if (entity === "parameter" && subject === "runs") return null;
  if (subject === "runs") {
    const message = `IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`;
    throw invalid(message, range);
  }
  if (subject === "experiments") {
    throw invalid(`IS NULL / IS NOT NULL is only supported for tags, not for attribute '${key}'`, range);
  }
  throw invalid("Invalid comparison clause. Expected 3 tokens found 2", range);
}

/** The one place where a comparator that is not known yet is held as one: `checkComparator` follows before it leaves. */
function unchecked(comparator: string): Comparator {
  return comparator as Comparator;
}

function checkComparator(subject: FilterSubject, condition: Condition): void {
  const { entity, key, comparator } = condition;
  const rules = SUBJECTS[subject];
  const numeric = entity === "attribute" && rules.numericAttributes.includes(key);
  const allowed = numeric ? NUMERIC_COMPARATORS : (rules.comparators[entity] ?? []);
  const nominal = subject === "experiments" && entity === "attribute" && key === "experiment_id";
  if (nominal) checkExperimentId(condition);
  if (allowed.includes(comparator)) return checkList(condition);
  throw invalid(comparatorMessage(subject, condition, numeric, allowed), condition);
}

/** MLflow leaves a list that is compared with one value to SQLite, which refuses it. */
function checkList(condition: Condition): void {
  const { comparator, value, key } = condition;
  if (!Array.isArray(value) || comparator === "IN" || comparator === "NOT IN") return;
  throw invalid(`Invalid comparator '${comparator}' for the list that '${key}' is compared with.`, condition);
}

/** Experiments' ids are integers in a database: only sameness can be asked. */
function checkExperimentId(condition: Condition): void {
  const { comparator, value } = condition;
  if (!["=", "!=", "IN", "NOT IN"].includes(comparator)) {
    throw invalid(`Invalid comparator for experiment_id: ${comparator}`, condition);
  }
  for (const id of Array.isArray(value) ? value : [value]) {
    if (/^\s*[-+]?\d+\s*$/.test(String(id))) continue;
    throw invalid(`Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`, condition);
  }
}

function comparatorMessage(
  subject: FilterSubject,
  { entity, key, comparator }: Condition,
  numeric: boolean,
  allowed: readonly string[],
): string {
  if (subject === "registeredModels" || subject === "modelVersions") {
    return `Invalid comparator for ${entity}${numeric ? ` ${key}` : ""}: ${comparator}`;
  }
  if (subject === "loggedModels") {
    const list = `(${allowed.map((word) => `'${word}'`).join(", ")})`;
    return `Invalid comparison operator for ${entity}s.${key}: '${comparator}'. Expected one of ${list}.`;
  }
  if (subject === "experiments" && entity === "tag") return `Invalid comparator for tag: ${comparator}`;
  if (subject === "runs" && ["metric", "tag", "dataset"].includes(entity)) {
    return `Invalid comparator '${comparator}' not one of '${pythonSet(allowed)}`;
  }
  // For numeric attributes MLflow lists the comparators of text (a slip of its 3.17); we list the right ones.
  return `Invalid comparator '${comparator}' not one of '${pythonSet(allowed)}'`;
}
