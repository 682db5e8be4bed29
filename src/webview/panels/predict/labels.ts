// Px that a letter of the name takes, one of the type, and what stands between the two.
const NAME = 6.8;
const TYPE = 5.8;
const GAP = 6;
/** Px of a field with its gap: of a number and of a text. */
const NUMBER = 80;
const TEXT = 118;
/** Px of the form's columns. */
const NARROWEST = 210;
const WIDEST = 260;

/** Px that name, type and field need beside each other. */
export function fieldWidth(name: string, type: string, isText: boolean): number {
  return Math.ceil(name.length * NAME + GAP + type.length * TYPE + (isText ? TEXT : NUMBER));
}

/** What would be cut in the widest column has a row of its own. */
export function isLongField(width: number): boolean {
  return width > WIDEST;
}

/** Px of the columns of a form whose fields need these widths: none is cut but those with a row of their own. */
export function columnWidth(widths: readonly number[]): number {
  return Math.max(NARROWEST, ...widths.filter((width) => !isLongField(width)));
}
