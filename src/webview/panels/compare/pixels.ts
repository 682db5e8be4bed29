/** How many pixels of a difference (RGBA) are not black, and their share as text. */
export function changedShare(data: ArrayLike<number>): { pixels: number; share: string } {
  let pixels = 0;
  for (let at = 0; at < data.length; at += 4)
    if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > 0) pixels += 1;
  const percent = data.length === 0 ? 0 : (pixels / (data.length / 4)) * 100;
  return { pixels, share: percent > 0 && percent < 0.1 ? "less than 0.1 %" : `${percent.toFixed(1)} %` };
}
