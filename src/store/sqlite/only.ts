/** The only element: it was asked for by its key in this transaction. */
export function only<T>(items: T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error("A row vanished inside its transaction.");
  return first;
}
