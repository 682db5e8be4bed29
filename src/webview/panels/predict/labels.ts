// Px of the narrowest column of the form that its field leaves to name and type: less beside a text, more beside a number.
const BESIDE_TEXT = 104;
const BESIDE_NUMBER = 142;
/** Px of a letter of the name, of one of the type, and between the two. */
const NAME = 6.8;
const TYPE = 5.8;
const GAP = 6;

/** Whether name and type of a field would be cut beside its neighbours, so that it has a row of its own. */
export function isLongLabel(name: string, type: string, isText: boolean): boolean {
  const width = name.length * NAME + GAP + type.length * TYPE;
  return width > (isText ? BESIDE_TEXT : BESIDE_NUMBER);
}
