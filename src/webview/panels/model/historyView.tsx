import { Dot, LinkButton } from "../../ui/controls.tsx";
import { formatAgo, formatTimestamp } from "../../ui/format.ts";
import { AliasBadge, StageBadge } from "../../ui/modelBadges.tsx";
import type { Props } from "./props.ts";
import { type ActPiece, actPieces } from "./words.ts";

/** Who changed aliases and stages, and when versions were made: newest first. */
export function HistoryView({ model, host }: Props) {
  const history = model.history.value;
  if (history === undefined || history.rows.length === 0) return null;
  return (
    <section class="history" aria-label="History">
      <h2 class="partTitle">History</h2>
      <ol>
        {history.rows.map((row, i) => (
          <li key={`${row.time} ${row.what} ${row.version} ${i}`}>
            <span class="dim num age" title={formatTimestamp(row.time)}>
              {formatAgo(row.time, model.now.value)}
            </span>
            <span class="act">
              {actPieces(row).map((piece, at) => (
                <Piece key={at} piece={piece} {...{ model, host }} />
              ))}
            </span>
            <span class="dim cut who" title={row.who}>
              {row.who}
            </span>
          </li>
        ))}
      </ol>
      {history.more ? <LinkButton onClick={model.moreActs}>Show earlier</LinkButton> : null}
    </section>
  );
}

function Piece({ piece, model, host }: Props & { piece: ActPiece }) {
  switch (piece.kind) {
    case "text":
      return <span>{piece.text.startsWith(",") ? piece.text : ` ${piece.text} `}</span>;
    case "alias":
      return <AliasBadge alias={piece.alias} />;
    case "stage":
      return <StageBadge stage={piece.stage} />;
    case "run": {
      const { run_id, run_name, ordinal } = piece;
      return (
        <span class="sourceRun">
          <Dot ordinal={ordinal} size={8} />
          <LinkButton onClick={() => model.attempt(host.openRun({ run_id }))} title={run_id}>
            {run_name}
          </LinkButton>
        </span>
      );
    }
    default:
      return piece satisfies never;
  }
}
