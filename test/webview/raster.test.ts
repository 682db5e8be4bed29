import assert from "node:assert/strict";
import { test } from "node:test";
import { type Path, rasterize } from "../../src/webview/ui/chart/raster.ts";

const WINDOW = { left: 0, top: 0, width: 8, height: 8, scale: 1 };

/** Opacity of each px, a row a text: `#` all, `+` some, `.` none. */
function drawn(paths: Path[], window = WINDOW): string[] {
  const bytes = rasterize(paths, window);
  return Array.from({ length: window.height }, (_, row) =>
    Array.from({ length: window.width }, (__, column) => {
      const alpha = bytes[(row * window.width + column) * 4 + 3] ?? 0;
      return alpha === 255 ? "#" : alpha > 0 ? "+" : ".";
    }).join(""),
  );
}

function line(points: [number, number][], stroke: Partial<NonNullable<Path["stroke"]>> = {}): Path {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { kind: "path", xs, ys, stroke: { color: "#ff0000", width: 1, ...stroke } };
}

test("a level line is as high as its pen, an upright one as wide", () => {
  const level = drawn([
    line([
      [0, 3.5],
      [8, 3.5],
    ]),
  ]);
  assert.deepEqual(
    level,
    Array.from({ length: 8 }, (_, row) => (row === 3 ? "########" : "........")),
  );
  const upright = drawn([
    line([
      [4.25, 0],
      [4.25, 8],
    ]),
  ]);
  assert.deepEqual(
    upright,
    Array.from({ length: 8 }, () => "....#..."),
  );
  const twice = drawn(
    [
      line([
        [0, 1],
        [4, 1],
      ]),
    ],
    { ...WINDOW, scale: 2 },
  );
  assert.deepEqual(twice.slice(0, 4), ["........", "########", "########", "........"]);
});

test("where a value is missing a line has a gap, and what lies outside is cut off", () => {
  const gap = drawn([
    line([
      [0, 3.5],
      [2, 3.5],
      [3, Number.NaN],
      [6, 3.5],
      [8, 3.5],
    ]),
  ]);
  assert.equal(gap[3]?.slice(0, 2), "##");
  assert.equal(gap[3]?.slice(3, 5), "..");
  assert.equal(gap[3]?.slice(6), "##");
  const far = drawn([
    line([
      [-1e5, 3.5],
      [1e5, 3.5],
    ]),
    line([
      [0, -1e5],
      [8, -1e5],
    ]),
    line([
      [0, 1e5],
      [8, 1e5],
    ]),
  ]);
  assert.deepEqual(
    far,
    Array.from({ length: 8 }, (_, row) => (row === 3 ? "########" : "........")),
  );
});

test("the last line lies on top, and those below are seen through it", () => {
  const at = (paths: Path[]) => [...rasterize(paths, WINDOW).slice(3 * 8 * 4, 3 * 8 * 4 + 4)];
  const [red, blue] = [
    line([
      [0, 3.5],
      [8, 3.5],
    ]),
    line(
      [
        [0, 3.5],
        [8, 3.5],
      ],
      { color: "#0000ff" },
    ),
  ];
  assert.deepEqual(at([red, blue]), [0, 0, 255, 255]);
  assert.deepEqual(at([blue, red]), [255, 0, 0, 255]);
  const faint = line(
    [
      [0, 3.5],
      [8, 3.5],
    ],
    { color: "rgba(0, 0, 255, 0.5)" },
  );
  assert.deepEqual(at([red, faint]), [128, 0, 128, 255]);
  assert.deepEqual(at([faint]), [0, 0, 255, 128]);
});

test("dashes are seen along x", () => {
  assert.equal(
    drawn([
      line(
        [
          [0, 3.5],
          [8, 3.5],
        ],
        { dash: [2, 2] },
      ),
    ])[3],
    "##..##..",
  );
});

test("a noisy line covers every row between its neighbours", () => {
  const rows = drawn([
    line(
      [
        [0, 0],
        [2, 8],
        [4, 0],
        [6, 8],
        [8, 0],
      ],
      { width: 2 },
    ),
  ]);
  for (const row of rows) assert.match(row, /[#+]/);
  assert.equal(rows[7]?.[2] === "." && rows[7]?.[1] === ".", false);
});
