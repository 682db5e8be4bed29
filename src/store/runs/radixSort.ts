// Sorting slots by numbers without comparing two of them: four stable rounds of 16 bits each.

const DIGITS = 65_536;

/** `slots` ordered by `keys[slot]` as an unsigned number; equal keys keep their order. */
export function sortByKey(slots: Uint32Array, keys: Uint32Array): Uint32Array {
  return round(round(slots, keys, 0), keys, 16);
}

/** `slots` ordered by `values[slot]`; equal values keep their order, in both directions. */
export function sortByNumber(slots: Uint32Array, values: Float64Array, direction: 1 | -1): Uint32Array {
  const known = inOrder(slots, values, direction);
  if (known !== undefined) return known;
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  const number = new Float64Array(1);
  const bits = new Uint32Array(number.buffer);
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const flip = direction === 1 ? 0 : 0xffffffff;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] ?? 0;
    // Adding 0 makes 0 of -0.
    number[0] = (values[slot] ?? 0) + 0;
    const upper = bits[littleEndian ? 1 : 0] ?? 0;
    const lower = bits[littleEndian ? 0 : 1] ?? 0;
    // Of negative numbers the larger one has the smaller bits.
    const negative = upper >>> 31 === 1;
    high[slot] = (negative ? ~upper : upper | 0x80000000) ^ flip;
    low[slot] = (negative ? ~lower : lower) ^ flip;
  }
  return sortByKey(sortByKey(slots, low), high);
}

/** Times mostly rise from run to run: what is in order already, or in the opposite one, is not sorted. */
function inOrder(slots: Uint32Array, values: Float64Array, direction: 1 | -1): Uint32Array | undefined {
  let [rises, falls] = [true, true];
  let before = values[slots[0] ?? 0] ?? 0;
  for (let i = 1; i < slots.length && (rises || falls); i++) {
    const value = values[slots[i] ?? 0] ?? 0;
    rises &&= value >= before;
    falls &&= value <= before;
    before = value;
  }
  if (direction === 1 ? rises : falls) return slots;
  if (!(rises || falls)) return undefined;
  const turned = slots.toReversed();
  // Equal values keep their order.
  for (let from = 0, to = 1; to <= turned.length; to++) {
    const value = values[turned[from] ?? 0] ?? 0;
    if (to < turned.length && (values[turned[to] ?? 0] ?? 0) === value) continue;
    if (to - from > 1) turned.subarray(from, to).reverse();
    from = to;
  }
  return turned;
}

function round(slots: Uint32Array, keys: Uint32Array, shift: 0 | 16): Uint32Array {
  const starts = new Uint32Array(DIGITS);
  // Counting loops: the first sort of a session runs before they are compiled.
  for (let i = 0; i < slots.length; i++) {
    const digit = ((keys[slots[i] ?? 0] ?? 0) >>> shift) & 0xffff;
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  const [first] = slots;
  if (first === undefined || starts[((keys[first] ?? 0) >>> shift) & 0xffff] === slots.length) return slots;
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit] ?? 0;
    starts[digit] = sum;
    sum += count;
  }
  const sorted = new Uint32Array(slots.length);
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] ?? 0;
    const digit = ((keys[slot] ?? 0) >>> shift) & 0xffff;
    const place = starts[digit] ?? 0;
    starts[digit] = place + 1;
    sorted[place] = slot;
  }
  return sorted;
}
