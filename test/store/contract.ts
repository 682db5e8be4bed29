import { describe } from "node:test";
import { artifacts } from "./contractArtifacts.ts";
import type { ContractStore } from "./contractCases.ts";
import { loggedData, numbersInDatabases, numbersInFiles } from "./contractData.ts";
import { models } from "./contractModels.ts";
import { experimentsAndRuns } from "./contractRuns.ts";
import { rows } from "./contractRows.ts";
import { searching } from "./contractSearch.ts";
import { series } from "./contractSeries.ts";
import { trash } from "./contractTrash.ts";
import { versions } from "./contractVersions.ts";

/**
 * The cases every store that takes writes must pass; `open` gives the one empty store of the whole suite. `kept` says where:
 * databases and files differ in what they make of NaN, infinities and repeated points, and in nothing else.
 */
export function writingContract(
  name: string,
  open: () => Promise<ContractStore>,
  kept: "database" | "files" = "database",
): void {
  describe(`${name}: experiments and runs`, () => experimentsAndRuns(open));
  describe(`${name}: params, tags and metrics`, () => loggedData(open));
  const numbers = kept === "files" ? numbersInFiles : numbersInDatabases;
  describe(`${name}: odd numbers`, () => numbers(open));
  describe(`${name}: searching and showing runs`, () => searching(open));
  describe(`${name}: rows of the runs table`, () => rows(open));
  describe(`${name}: series of metrics`, () => series(open));
  describe(`${name}: the trash`, () => trash(open));
  describe(`${name}: artifacts`, () => artifacts(open));
  describe(`${name}: logged models and the registry`, () => models(open));
  describe(`${name}: the table of a model's versions`, () => versions(open));
}
