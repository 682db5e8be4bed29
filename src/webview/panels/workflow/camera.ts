// Which part of the graph is seen, and how large. Pure: tested as tables.

export interface Camera {
  zoom: number;
  /** px from the room's left upper corner to the graph's. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const LEAST_ZOOM = 0.2;
export const MOST_ZOOM = 2;
/** A graph is fitted no smaller than this, so that its names can be read; the rest is panned to. */
const LEAST_FIT = 0.5;
const MARGIN = 24;
/** The legend stands below the graph. */
const BELOW = 40;

/** The whole graph in the middle of its room, never enlarged; of a graph too large for that, its beginning. */
export function fitted(graph: Size, room: Size): Camera {
  const width = Math.max(1, room.width - 2 * MARGIN);
  const height = Math.max(1, room.height - MARGIN - BELOW);
  const zoom = Math.min(1, Math.max(LEAST_FIT, Math.min(width / graph.width, height / graph.height) || 1));
  const middle = (space: number, length: number) => MARGIN + Math.max(0, (space - length * zoom) / 2);
  return { zoom, x: Math.round(middle(width, graph.width)), y: Math.round(middle(height, graph.height)) };
}

/** Zoomed by a factor; the point of the room that is given stays where it is. */
export function zoomed(camera: Camera, by: number, at: { x: number; y: number }): Camera {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, camera.zoom * by));
  const scale = zoom / camera.zoom;
  return { zoom, x: at.x - (at.x - camera.x) * scale, y: at.y - (at.y - camera.y) * scale };
}

/** Moved by px; a part of the graph stays in the room. */
export function panned(camera: Camera, by: { x: number; y: number }, graph: Size, room: Size): Camera {
  const keep = (at: number, length: number, space: number) =>
    Math.min(Math.max(space - 2 * MARGIN, MARGIN), Math.max(2 * MARGIN - length * camera.zoom, at));
  return {
    zoom: camera.zoom,
    x: keep(camera.x + by.x, graph.width, room.width),
    y: keep(camera.y + by.y, graph.height, room.height),
  };
}

/** Moved as little as it takes to see a box of the graph. */
export function revealing(camera: Camera, box: { x: number; y: number } & Size, room: Size): Camera {
  const shift = (at: number, length: number, space: number, end: number) => {
    if (at < MARGIN / 2) return MARGIN - at;
    if (at + length > space - end) return Math.max(MARGIN - at, space - end - length - at);
    return 0;
  };
  const left = camera.x + box.x * camera.zoom;
  const top = camera.y + box.y * camera.zoom;
  return {
    zoom: camera.zoom,
    x: camera.x + shift(left, box.width * camera.zoom, room.width, MARGIN / 2),
    y: camera.y + shift(top, box.height * camera.zoom, room.height, MARGIN / 2),
  };
}
