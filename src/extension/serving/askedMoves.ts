// Which moves of an alias a person was asked about. No vscode.

/** By id of a server: the version that it was asked about last. */
export type AskedMoves = Record<string, string>;

/** Servers that are remembered. */
const REMEMBERED = 100;

/**
 * What is known of a server whose alias names the version `now`, and whether that is a move that nobody was asked about: an alias that
 * went back, or on to a third version, and comes again, has moved again. Undefined when nothing is new.
 */
export function noteVersion(
  asked: AskedMoves,
  { id, served, now }: { id: string; served: string | undefined; now: string },
): { asked: AskedMoves; asks: boolean } | undefined {
  const { [id]: last, ...others } = asked;
  if (now === served) return last === undefined ? undefined : { asked: others, asks: false };
  if (now === last) return undefined;
  const kept = Object.entries(others).slice(1 - REMEMBERED);
  return { asked: { ...Object.fromEntries(kept), [id]: now }, asks: true };
}
