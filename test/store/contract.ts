import { describe } from "node:test";
import { artifacts } from "./contractArtifacts.ts";
import type { ContractStore } from "./contractCases.ts";
import { loggedData } from "./contractData.ts";
import { models } from "./contractModels.ts";
import { experimentsAndRuns } from "./contractRuns.ts";
import { searching } from "./contractSearch.ts";

/** The cases every store that takes writes must pass; `open` gives the store of one empty database for the whole suite. */
export function writingContract(name: string, open: () => Promise<ContractStore>): void {
  describe(`${name}: experiments and runs`, () => experimentsAndRuns(open));
  describe(`${name}: params, tags and metrics`, () => loggedData(open));
  describe(`${name}: searching and showing runs`, () => searching(open));
  describe(`${name}: artifacts`, () => artifacts(open));
  describe(`${name}: logged models and the registry`, () => models(open));
}
