import type { FieldColumn, RunFacts, RunField } from "../../protocol/runs.ts";
import type { NumberColumn, TextColumn } from "./runColumn.ts";

/** The runs of a store by slot, at one moment: what the rows of panels are made from. */
export interface RunSource {
  readonly ids: readonly string[];
  /** 1 = the run at the slot is running. */
  readonly running: Uint8Array;
  /** Slots of the runs that match, in order. */
  readonly matching: Uint32Array;
  slotOf(run_id: string): number | undefined;
  /** Whether the slot is of the experiments and the stage of life looked at. */
  inView(slot: number): boolean;
  /** A field of all runs that match. */
  column(field: RunField): NumberColumn | TextColumn;
  /** By slot, the id that the run names as its parent. */
  parents(): TextColumn;
  facts(slots: readonly number[]): RunFacts;
  cells(field: RunField, slots: readonly number[]): FieldColumn;
}
