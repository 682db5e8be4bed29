import { countOf } from "../format.ts";
import { drawMap } from "./geoMap.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";
import { ZoomPane } from "./zoomPane.tsx";

/** Places and areas on a plain map with its degrees: nothing is fetched for it. */
export function GeojsonViewer({ reader, version, fail }: ViewerProps) {
  const map = useWhole(async (signal) => drawMap(await reader.text(signal), reader.name), version, fail);
  if (map === undefined) return null;
  const { width, height } = map;
  return (
    <ZoomPane
      label={reader.name}
      grow
      {...{ width, height }}
      note={<span class="dim num">{countOf(map.features, "feature")}</span>}
    >
      <svg class="map" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={countOf(map.features, "feature")}>
        {map.meridians.map(({ at, label }) => (
          <g key={label}>
            <line class="graticule" x1={at} x2={at} y1={0} y2={height} />
            <text x={at + 4} y={height - 6}>
              {label}
            </text>
          </g>
        ))}
        {map.parallels.map(({ at, label }) => (
          <g key={label}>
            <line class="graticule" x1={0} x2={width} y1={at} y2={at} />
            <text x={4} y={at - 4}>
              {label}
            </text>
          </g>
        ))}
        <path class="area" d={map.areas} />
        <path class="way" d={map.lines} />
        {map.points.map(([x, y], i) => (
          <circle key={i} class="place" cx={x} cy={y} r={3} />
        ))}
      </svg>
    </ZoomPane>
  );
}
