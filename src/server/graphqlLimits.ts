import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
} from "graphql";

/** Limits of mlflow 3.17 (`graphql_no_batching`, MLFLOW_SERVER_GRAPHQL_MAX_*). */
const MAX_ROOT_FIELDS = 10;
const MAX_ALIASES = 10;
const MAX_DEPTH = 10;
const MAX_SELECTIONS = 1000;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Why a query is refused before it is run; [] when it is not. */
export function checkQuery(document: DocumentNode): GraphQLError[] {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  let roots = 0;
  let aliases = 0;
  let selections = 0;
  let level = operations.map((node) => fieldsOf(node.selectionSet, fragments));
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return [new GraphQLError(`Query exceeds maximum depth of ${MAX_DEPTH}`)];
    for (const fields of level) {
      if (depth === 1) roots += fields.length;
      aliases = Math.max(aliases, fields.filter(({ alias }) => alias !== undefined).length);
      selections += fields.length;
    }
    if (selections > MAX_SELECTIONS) {
      return [new GraphQLError(`Query exceeds maximum total selections of ${MAX_SELECTIONS}`)];
    }
    level = level.flat().flatMap(({ selectionSet }) => (selectionSet ? [fieldsOf(selectionSet, fragments)] : []));
  }
  if (roots > MAX_ROOT_FIELDS) return [tooMany("root fields", roots, MAX_ROOT_FIELDS)];
  return aliases > MAX_ALIASES ? [tooMany("aliases", aliases, MAX_ALIASES)] : [];
}

function tooMany(what: string, found: number, limit: number): GraphQLError {
  return new GraphQLError(`GraphQL queries should have at most ${limit} ${what}, got ${found} ${what}.`);
}

/** The fields of one level, with those of its fragments; a fragment counts once. */
function fieldsOf(set: SelectionSetNode, fragments: Fragments, seen = new Set<string>()): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, fragments, seen);
    const name = selection.name.value;
    const fragment = fragments.get(name);
    if (fragment === undefined || seen.has(name)) return [];
    seen.add(name);
    return fieldsOf(fragment.selectionSet, fragments, seen);
  });
}
