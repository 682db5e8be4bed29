// Generated filters and orders: grammatical ones in every spelling, near-misses, and garbage.
import fc from "fast-check";

/** What a search's filter can name. */
export interface Vocabulary {
  entities: readonly Entity[];
  texts: readonly string[];
}

interface Entity {
  /** Before the dot; "" = none. */
  words: readonly string[];
  keys: readonly string[];
  /** What its values are compared with. */
  takes: readonly ("number" | "text" | "list" | "null")[];
}

const COMPARATORS = ["=", "!=", "<", "<=", ">", ">=", "LIKE", "ILIKE", "like", "ilike", "IN", "NOT IN", "in", "not in"];
const ODD_COMPARATORS = [
  "==",
  "<>",
  "=>",
  "RLIKE",
  "NOT LIKE",
  "IS",
  "~",
  "!",
  "IS NOT",
  "BETWEEN",
  "",
  "= =",
  "not  in",
  "IN NOT",
];
const NULLS = ["IS NULL", "IS NOT NULL", "is null", "is not null", "IS  NOT  NULL", "NOT NULL", "= NULL", "!= null"];
const NUMBERS = [
  "0",
  "1",
  "-1",
  "0.5",
  "-0.5",
  "1e3",
  "1E-3",
  "1e400",
  ".5",
  "5.",
  "+1",
  "9007199254740993",
  "-0",
  "1_000",
  "0x10",
  "nan",
  "Infinity",
  "1000",
  "1003",
];
const JOINS = [" AND ", " and ", "  AND\n", " And ", " OR ", ", ", "; ", " ", " && ", " AND AND ", " NOT ", "AND"];

function quoted(text: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(`'${text}'`) },
    { weight: 3, arbitrary: fc.constant(`"${text}"`) },
    fc.constantFrom(
      text,
      `\`${text}\``,
      `'${text}`,
      `${text}'`,
      `'${text}"`,
      `''${text}''`,
      `"'${text}'"`,
      `('${text}')`,
      `' ${text} '`,
    ),
  );
}

function keyIn(key: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(/^[\w.]+$/.test(key) ? key : `\`${key}\``) },
    { weight: 2, arbitrary: fc.constant(`\`${key}\``) },
    { weight: 2, arbitrary: fc.constant(`"${key}"`) },
    fc.constantFrom(
      key,
      `'${key}'`,
      `\`${key}`,
      `${key}"`,
      `\`\`${key}\`\``,
      ` ${key}`,
      key.toUpperCase(),
      `${key}.x`,
      "",
    ),
  );
}

export function identifier({ entities }: Vocabulary): fc.Arbitrary<string> {
  const named = entities.map((entity) => nameOf(entity, keyIn));
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...named) },
    fc.constantFrom(
      "foo",
      "foo.bar",
      "metrics",
      "metrics.",
      ".acc",
      "params..lr",
      "1",
      "'acc'",
      "`metrics`.acc",
      "`metrics.acc`",
      '"params".lr',
      "Metrics.acc",
      "tags.*",
      "a-b",
      "tags.a-b",
      "metrics.m-1",
      "attributes.",
      "order",
      "name",
      "tags.order",
      "tags.desc",
      "params.in",
    ),
  );
}

function list(texts: readonly string[]): fc.Arbitrary<string> {
  const items = fc.array(fc.constantFrom(...texts).chain(quoted), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 })
        .map((all) => `(${all.map((text) => `'${text.replaceAll("'", "\\'")}'`).join(", ")})`),
    },
    { weight: 2, arbitrary: items.map((all) => `(${all.join(",")})`) },
    fc.constantFrom(
      "()",
      "( )",
      "('a',)",
      "('a' 'b')",
      "(1, 2)",
      "(1)",
      "(a)",
      "('a', 1)",
      "(('a'))",
      "('a'",
      "'a')",
      "[ 'a' ]",
      "('a'),('b')",
      "(NULL)",
      "('a',,'b')",
      "(\"a\", 'b')",
    ),
  );
}

function value({ texts }: Vocabulary): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...texts).chain(quoted) },
    { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
    { weight: 3, arbitrary: list(texts) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "'%'",
        "'a%'",
        "'%b'",
        "'_'",
        "'%'''",
        "NULL",
        "true",
        "'",
        '"',
        "metrics.acc",
        "-'a'",
        "'a' || 'b'",
        "now()",
        "1 + 1",
        "--x",
        "/* */",
        "''",
      ),
    },
  );
}

function comparison(words: Vocabulary): fc.Arbitrary<string> {
  const space = fc.constantFrom(" ", " ", " ", "", "  ", "\n", "\t");
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(identifier(words), space, fc.constantFrom(...COMPARATORS), space, value(words))
        .map((parts) => spaced(parts)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(identifier(words), space, fc.constantFrom(...ODD_COMPARATORS), space, value(words))
        .map((parts) => spaced(parts)),
    },
    { weight: 2, arbitrary: fc.tuple(identifier(words), fc.constantFrom(...NULLS)).map((parts) => parts.join(" ")) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(value(words), fc.constantFrom("=", "<", "LIKE"), identifier(words))
        .map((parts) => parts.join(" ")),
    },
  );
}

/** A word needs a space beside it to be one. */
function spaced([name, before, comparator, after, right]: [string, string, string, string, string]): string {
  const word = /[a-z]/i.test(comparator);
  return `${name}${word && before === "" ? " " : before}${comparator}${word && after === "" ? " " : after}${right}`;
}

function nameOf({ words, keys }: Entity, spelled: (key: string) => fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...words), fc.constantFrom(...keys).chain(spelled))
    .map(([word, key]) => (word === "" ? key : `${word}.${key}`));
}

/** A comparison that every rule allows. */
export function right(words: Vocabulary): fc.Arbitrary<string> {
  const texts = fc.constantFrom(...words.texts);
  const quotedText = texts.map((text) => (text.includes("'") ? `"${text}"` : `'${text}'`));
  const someTexts = fc.array(texts, { minLength: 1, maxLength: 3 });
  const rest = {
    number: fc.tuple(fc.constantFrom(" = ", " != ", "<", "<=", " > ", ">="), fc.constantFrom(...NUMBERS.slice(0, 6))),
    text: fc.tuple(fc.constantFrom(" = ", "!=", " LIKE ", " ILIKE ", " like "), fc.oneof(quotedText, PATTERNS)),
    list: fc.tuple(fc.constantFrom(" IN ", " NOT IN ", " in "), someTexts.map(listOf)),
    null: fc.constantFrom(["", " IS NULL"], ["", " IS NOT NULL"], ["", " is null"]),
  };
  const plain = (key: string) =>
    fc.constantFrom(/^[\w.]+$/.test(key) && !/^\d/.test(key) ? key : `\`${key}\``, `"${key}"`);
  const all = words.entities.flatMap((entity) =>
    entity.takes.map((kind) => fc.tuple(nameOf(entity, plain), rest[kind]).map(([name, end]) => name + end.join(""))),
  );
  return fc.oneof(...all);
}

const PATTERNS = fc.constantFrom("'%'", "'a%'", "'%b'", "'_'", "'%A%'", "'a\\%b'", "'%ä%'", "'%\\n%'");

function listOf(texts: string[]): string {
  return `(${texts.map((text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`).join(", ")})`;
}

/** A filter that is mostly grammatical. */
export function filter(words: Vocabulary): fc.Arbitrary<string> {
  const joined = fc
    .tuple(
      comparison(words),
      fc.array(fc.tuple(join, comparison(words)), { maxLength: 2 }),
      fc.constantFrom("", "", "", "", " ", ";", " AND", " -- x"),
    )
    .map(([first, more, end]) => first + more.map((parts) => parts.join("")).join("") + end);
  const valid = fc.array(right(words), { minLength: 1, maxLength: 3 }).map((all) => all.join(" AND "));
  return fc.oneof(
    { weight: 24, arbitrary: valid },
    { weight: 10, arbitrary: joined },
    {
      weight: 2,
      arbitrary: fc.tuple(joined, fc.nat(), scrap).map(([text, place, piece]) => spliced(text, place, 0, piece)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(joined, fc.nat(), fc.integer({ min: 1, max: 4 }))
        .map(([text, place, length]) => spliced(text, place, length, "")),
    },
    { weight: 1, arbitrary: joined.map((text) => `(${text})`) },
    { weight: 1, arbitrary: fc.array(scrap, { maxLength: 8 }).map((parts) => parts.join(" ")) },
    { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  );
}

const join = fc.oneof({ weight: 12, arbitrary: fc.constant(" AND ") }, fc.constantFrom(...JOINS));
const scrap = fc.constantFrom(
  "'",
  '"',
  "`",
  "(",
  ")",
  ",",
  ";",
  ".",
  "=",
  "<",
  "!",
  "-",
  "%",
  "#",
  "@",
  "$",
  ":",
  "?",
  "\\",
  " ",
  "\n",
  "\u0000",
  "é",
  "😀",
  "AND",
  "OR",
  "NOT",
  "IN",
  "NULL",
  "LIKE",
  "1",
  "a",
  "metrics.acc",
  "'a'",
  "--",
  "/*",
  "*/",
  "*",
  "[",
  "]",
  "{",
  "}",
  "|",
  "&",
  "^",
  "~",
  "\u00a0",
);

function spliced(text: string, place: number, length: number, piece: string): string {
  const at = place % (text.length + 1);
  return text.slice(0, at) + piece + text.slice(at + length);
}

/** A page of a search by GET: the fields as they stand in a query. */
export function asQuery(fields: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return Array.isArray(value)
      ? value.map((each) => [name, typeof each === "string" ? each : JSON.stringify(each)])
      : [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  });
}

/** A list for order_by, of the keys that can be ordered by. */
export function orderBy(words: Vocabulary): fc.Arbitrary<string[]> {
  const direction = fc.constantFrom("", " ASC", " DESC", " asc", " desc");
  const oddDirection = fc.constantFrom(
    " Desc",
    "  DESC ",
    " DOWN",
    " ASC DESC",
    ",",
    " DESC, x",
    "DESC",
    " NULLS FIRST",
    ";",
    " 1",
    "\nASC",
  );
  const plain = (key: string) =>
    fc.constantFrom(/^[\w.]+$/.test(key) && !/^\d/.test(key) ? key : `\`${key}\``, `"${key}"`);
  const named = fc.oneof(...words.entities.map((entity) => nameOf(entity, plain)));
  const clause = (name: fc.Arbitrary<string>, end: fc.Arbitrary<string>) =>
    fc.tuple(name, end).map((parts) => parts.join(""));
  return fc.array(
    fc.oneof(
      { weight: 30, arbitrary: clause(named, direction) },
      { weight: 2, arbitrary: clause(identifier(words), direction) },
      { weight: 1, arbitrary: clause(named, oddDirection) },
      { weight: 1, arbitrary: fc.constantFrom("", " ", "DESC", "'x'", "a b c") },
      { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
    ),
    { maxLength: 3 },
  );
}
