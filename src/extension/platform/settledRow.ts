// A row that is looked for while its tree is read again. No vscode: tested with a clock of the test's own.

/** VS Code has read a tree again within this time (ms), whatever the machine does. */
const READ_AGAIN = 10_000;
/** How long after the first look the next one is (ms); each further one comes after twice the time: a look can be seen. */
const LOOK = 50;
/** The longest time between two looks (ms). */
const LONGEST = 1_000;

/**
 * The row that `look` finds twice, one after the other: one that only stands in for another until the tree was read does not stay.
 * Undefined where none that `fits` is found in time, or as soon as nobody sees the view: then the list in front is another one.
 */
export async function settledRow<Row>(
  look: () => Promise<Row | undefined>,
  fits: (row: Row) => boolean,
  isSeen: () => boolean,
): Promise<Row | undefined> {
  const end = Date.now() + READ_AGAIN;
  let before: Row | undefined;
  for (let pause = LOOK; Date.now() < end && isSeen(); pause = Math.min(2 * pause, LONGEST)) {
    const row = await look();
    if (row !== undefined && row === before && fits(row)) return row;
    // One that was found is looked for once more soon.
    if (row !== undefined && row !== before) pause = LOOK;
    before = row;
    await new Promise((next) => setTimeout(next, pause));
  }
  return undefined;
}
