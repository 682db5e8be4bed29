import type { Layout } from "./layout.ts";

export type Direction = "left" | "right" | "up" | "down";

/** The step that an arrow key leads to: along a line to the sides, to the neighbour in the column up and down. */
export function walk(
  from: string,
  direction: Direction,
  { places }: Layout,
  edges: readonly { from: string; to: string }[],
): string | undefined {
  const here = places.get(from);
  if (here === undefined) return undefined;
  const near = (ids: readonly string[], distance: (place: { x: number; y: number }) => number): string | undefined => {
    let best: { id: string; far: number } | undefined;
    for (const id of ids) {
      const place = places.get(id);
      if (place === undefined) continue;
      const far = distance(place);
      if (best === undefined || far < best.far) best = { id, far };
    }
    return best?.id;
  };
  const above = (place: { y: number }) => Math.abs(place.y - here.y);
  if (direction === "up" || direction === "down") {
    const column = [...places].filter(([, { column: other, y }]) => {
      return other === here.column && (direction === "up" ? y < here.y : y > here.y);
    });
    return near(
      column.map(([id]) => id),
      above,
    );
  }
  const isRight = direction === "right";
  const linked = edges.flatMap((edge) => {
    if (isRight) return edge.from === from ? [edge.to] : [];
    return edge.to === from ? [edge.from] : [];
  });
  const along = near(linked, above);
  if (along !== undefined) return along;
  // A step without a line that way: the nearest one of the next column.
  const beside = [...places].filter(([, { column }]) => column === here.column + (isRight ? 1 : -1));
  return near(
    beside.map(([id]) => id),
    above,
  );
}
