import { pdf } from "./plainArtifacts.ts";

// What nobody should log, and anybody can: markup and script in names, values, notes and files.

/** Nothing listens here; a request to it is one too many. */
export const ELSEWHERE = "http://127.0.0.1:9/";

/** Leaves a mark on the page, if it runs. */
export const ATTACK = "top.flowdeckAttacked=true;window.flowdeckAttacked=true;parent.flowdeckAttacked=true";

export const MARKUP = `"><img src=${ELSEWHERE}x onerror=${ATTACK}><script>${ATTACK}</script>\${7*7}{{7*7}}`;

/** 10,000 characters, of which the first are markup. */
export const LONG = `${MARKUP} ${"long ".repeat(2000)}`.slice(0, 10_000);

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60" onload="${ATTACK}"><script>${ATTACK}</script>
<image href="${ELSEWHERE}svg.png" width="9" height="9"/><rect width="90" height="60" fill="#c33"/></svg>`;

export const HOSTILE_NOTE = `# Note ${MARKUP}

<iframe src="${ELSEWHERE}frame"></iframe> [script](javascript:${ATTACK}) [data](data:text/html,<script>${ATTACK}</script>)

![pixel](${ELSEWHERE}pixel.png) ![inline](data:image/svg+xml;base64,${Buffer.from(SVG).toString("base64")})
`;

const SCRIPT = `top.location = '${ELSEWHERE}go'; ${ATTACK}`;

/** Files that would do something, each with what is to be seen of it. */
export const HOSTILE_FILES: Record<string, string | Uint8Array> = {
  "attack.csv": `id,${MARKUP.replaceAll('"', "").replaceAll(",", " ")}\n1,"=HYPERLINK(""${ELSEWHERE}"")"\n2,<img src=x onerror=${ATTACK}>\n`,
  "attack.json": JSON.stringify({ __proto__x: MARKUP, [MARKUP]: [MARKUP], constructor: { prototype: 1 } }).replace(
    "__proto__x",
    "__proto__",
  ),
  "attack.geojson": JSON.stringify({
    type: "Feature",
    properties: { name: MARKUP },
    geometry: { type: "Point", coordinates: [8, 49] },
  }),
  "attack.pdf": pdf(`/OpenAction << /S /JavaScript /JS (app.launchURL\\("${ELSEWHERE}"\\);) >>`),
  "attack.log": `\u001b]8;;${ELSEWHERE}\u0007${MARKUP}\n`,
  "attack.md": HOSTILE_NOTE,
  "attack.svg": SVG,
  "attack.html": `<h1>Report</h1><script>${SCRIPT}</script><img src="${ELSEWHERE}a.png" onerror="${SCRIPT}"><a href="${ELSEWHERE}" target="_top">out</a>`,
  "model/MLmodel": `flavors:\n  "<img src=x onerror=${ATTACK}>":\n    x: 1\nmodel_id: "<script>${ATTACK}</script>"\n`,
};
