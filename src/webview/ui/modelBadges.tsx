import { CHAMPION } from "../../protocol/versions.ts";

// Aliases and stages: only @champion has the accent, only Production is green.

/** The champion's first. */
export function sortedAliases(aliases: readonly string[]): string[] {
  return aliases.toSorted((a, b) => Number(b === CHAMPION) - Number(a === CHAMPION));
}

export function AliasBadge({ alias }: { alias: string }) {
  return (
    <span class={`chip ${alias === CHAMPION ? "accent" : ""}`} title={`@${alias}`}>
      <span class="cut">@{alias}</span>
    </span>
  );
}

/** A stage in which nothing is used is no badge. */
export function StageBadge({ stage }: { stage: string }) {
  if (stage === "None" || stage === "Archived") return <span class="dim">{stage}</span>;
  return <span class={`chip ${stage === "Production" ? "production" : ""}`}>{stage}</span>;
}
