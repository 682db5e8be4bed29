import { useEffect, useMemo, useState } from "preact/hooks";
import { ROWS_APART } from "../../../protocol/artifacts.ts";
import { LinkButton } from "../controls.tsx";
import { messageOf } from "../errors.ts";
import { countOf, formatBytes } from "../format.ts";
import { useBlocks } from "./blocks.ts";
import { languageOf, loadHighlighter, type Highlighter, type Piece } from "./highlight.ts";
import { linesOf, RowReader } from "./rowReader.ts";
import { Told, type ViewerProps } from "./viewer.tsx";
import { VirtualRows } from "./virtualRows.tsx";

const ROW_HEIGHT = 18;
/** Characters of a line that are drawn: more would hold up the page. */
const LONGEST_LINE = 4000;

/** A text of any size with line numbers; what is on screen is read and highlighted, nothing else. */
export function TextViewer({ reader, version, place, keep, fail }: ViewerProps) {
  const rows = useMemo(() => new RowReader(reader, false, (text) => linesOf(text)), [reader]);
  const [highlighter, setHighlighter] = useState<Highlighter | undefined>(undefined);
  const [asText, setAsText] = useState(false);
  const language = languageOf(reader.name);
  useEffect(() => {
    rows.start();
  }, [version]);
  useEffect(() => () => rows.stop(), [rows]);
  useEffect(() => {
    // Without colours it is a text all the same.
    if (language !== undefined) loadHighlighter().then((loaded) => setHighlighter(() => loaded), fail);
  }, [language]);
  const known = rows.known.value;
  const failure = rows.failure.value;
  useEffect(() => {
    if (failure !== undefined) fail(failure);
  }, [failure]);
  const blocks = useBlocks(
    async (n) => {
      const lines = (await rows.block(n)).map((line) => line.slice(0, LONGEST_LINE));
      if (highlighter === undefined || language === undefined) return lines.map(plain);
      return highlighter(lines, language);
    },
    ROWS_APART,
    `${known.stamp} ${known.complete} ${highlighter === undefined ? "" : language}`,
    fail,
  );
  if (known.binary && !asText) {
    return (
      <Told
        text={`${reader.name} is no text: ${formatBytes(known.size)} of binary data.`}
        action={
          <div class="row">
            <LinkButton onClick={() => reader.access.open(reader.path)}>Open in Editor</LinkButton>
            <LinkButton onClick={() => setAsText(true)}>Show as Text</LinkButton>
          </div>
        }
      />
    );
  }
  if (known.complete && known.rows === 0) return <Told text={`${reader.name} is empty.`} />;
  const digits = String(known.rows).length;
  const more = known.complete ? "" : " so far";
  return (
    <div class="textViewer">
      <VirtualRows
        class="codeRows"
        count={known.rows}
        rowHeight={ROW_HEIGHT}
        first={place}
        onScroll={keep}
        follow
        onShown={blocks.show}
        attributes={{ role: "region", "aria-label": `${reader.name}, ${countOf(known.rows, "line")}` }}
        row={(i) => (
          <div key={i} class="codeRow">
            <span class="lineNumber num" style={{ width: `${digits + 1}ch` }} aria-hidden="true">
              {i + 1}
            </span>
            <code>{blocks.at(i)?.map(drawPiece)}</code>
          </div>
        )}
      />
      <div class="viewerBar">
        <span class="dim num cut">
          {countOf(known.rows, "line")}
          {more} · {formatBytes(known.size)}
          {blocks.failure === undefined ? "" : ` · ${messageOf(blocks.failure)}`}
        </span>
      </div>
    </div>
  );
}

function plain(line: string): Piece[] {
  return [{ text: line }];
}

function drawPiece({ text, kind }: Piece, i: number) {
  return kind === undefined ? (
    text
  ) : (
    <span key={i} class={`hl-${kind}`}>
      {text}
    </span>
  );
}
