// Round axis ticks: 4 to 6 of them, at 1, 2, 2.5 or 5 times a power of ten.

export interface Axis {
  min: number;
  max: number;
  ticks: number[];
  /** Decimals that every label needs. */
  decimals: number;
}

const ROUND = [1, 2, 2.5, 5, 10];

/** An axis that holds `min … max`; `whole` keeps ticks at integers (steps). */
export function axisFor(min: number, max: number, whole = false): Axis {
  if (!(max > min))
    return axisFor(min - (Math.abs(min) * 0.1 || (whole ? 0 : 1)), max + (Math.abs(max) * 0.1 || 1), whole);
  const step = stepFor(min, max, whole);
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  const decimals = decimalsOf(step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
  return { min: first * step, max: last * step, ticks, decimals };
}

/** The round step that gives 4 to 6 ticks and leaves the least room unused. */
function stepFor(min: number, max: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10((max - min) / 5));
  let best = Number.POSITIVE_INFINITY;
  let chosen = power * 10;
  for (const factor of ROUND) {
    const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
    const intervals = Math.ceil(max / step - 1e-9) - Math.floor(min / step + 1e-9);
    const room = intervals * step;
    if (intervals <= 5 && (intervals >= 3 || step === 1) && room < best - step * 1e-9) {
      best = room;
      chosen = step;
    }
  }
  return chosen;
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

/** Keeps `current` while the data stays inside it and fills at least a third of it, so that a growing line does not make its axis jump. */
export function steadyAxis(current: Axis | undefined, min: number, max: number, whole = false): Axis {
  const holds = current !== undefined && min >= current.min && max <= current.max;
  if (current !== undefined && holds && max - min >= (current.max - current.min) / 3) return current;
  return axisFor(min, max, whole);
}

/** An axis label: true minus, `k` and `M` for large steps, exponent for very small and very large numbers. */
export function tickLabel(value: number, axis: Axis): string {
  const size = Math.max(Math.abs(axis.min), Math.abs(axis.max));
  if (value === 0) return "0";
  if (size >= 1e9 || size < 1e-4) return value.toExponential(1).replace("e+", "e").replaceAll("-", "\u2212");
  if (size >= 1e6) return minus(`${trimmed(value / 1e6)}M`);
  if (size >= 1e4) return minus(`${trimmed(value / 1e3)}k`);
  return minus(value.toFixed(axis.decimals));
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(2)));
}

function minus(text: string): string {
  return text.replace("-", "\u2212");
}
