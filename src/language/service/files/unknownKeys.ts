import type { ProblemFix } from "../../../projects/document.ts";
import { nearest } from "../../../projects/spelling.ts";
import type { MapNode, ScalarNode } from "../../../projects/yamlTree.ts";

/** A key that the reader of a file does not know. */
export interface UnknownKey {
  key: ScalarNode;
  word: string;
  /** The known key, absent so far, that is nearly the same word. */
  meant?: string;
  /** Changes it to `meant`. */
  fixes: ProblemFix[];
}

/** The keys of `map` that are not among `known`; none is meant for one of `rare`, which are known as well. */
export function unknownKeys(map: MapNode, known: readonly string[], rare: readonly string[] = []): UnknownKey[] {
  const present = map.entries.map(({ key }) => key.scalar.text);
  const absent = known.filter((one) => !present.includes(one));
  return map.entries.flatMap(({ key }): UnknownKey[] => {
    const word = key.scalar.text;
    if (known.includes(word) || rare.includes(word)) return [];
    const meant = nearest(word, absent);
    if (meant === undefined) return [{ key, word, fixes: [] }];
    return [{ key, word, meant, fixes: [{ title: `Change to ${meant}`, range: key.range, newText: meant }] }];
  });
}
