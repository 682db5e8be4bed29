import { COPY_KINDS, type CopyKind } from "../../../mlflow/signature/copyAs.ts";
import type { RequestForm } from "../../../mlflow/signature/requests.ts";
import { EMPTY_DRAFT, type Draft } from "./draft.ts";

export const TABS = ["form", "grid", "json"] as const;

export type Tab = (typeof TABS)[number];

/** What the person arranged in the Predict panel, and what stands in its fields. */
export interface PredictArrangement {
  tab: Tab;
  /** Ids of the servers; empty: the panel chooses. */
  a: string;
  b: string;
  ab: boolean;
  /** Of the last server that was asked for by command (`PredictSubject.since`). */
  obeyed: number;
  /** Empty: the usual one of the signature. */
  form: RequestForm | "";
  copy: CopyKind;
  raw: boolean;
  row: number;
  draft: Draft;
  /** Key of the model that the draft was written for; empty: nothing was. */
  written: string;
}

export const DEFAULT_ARRANGEMENT: PredictArrangement = {
  ...{ tab: "form", a: "", b: "", ab: false, obeyed: 0, form: "", copy: "curl", raw: false, row: 0 },
  ...{ draft: EMPTY_DRAFT, written: "" },
};

/** Characters of a draft that VS Code keeps; a longer one is read from its file again. */
const LONGEST = 200_000;

export function toSave(view: PredictArrangement): PredictArrangement {
  const { draft } = view;
  const length =
    (draft.text?.length ?? 0) + draft.rows.flat().join("").length + Object.values(draft.tensors).join("").length;
  return length > LONGEST ? { ...view, draft: EMPTY_DRAFT, written: "", row: 0 } : view;
}

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readPredictArrangement(saved: unknown): PredictArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(DEFAULT_ARRANGEMENT, key);
    return usual !== undefined && typeof value === typeof usual && key !== "draft";
  });
  const draft: unknown = Reflect.get(saved, "draft");
  const given = { ...DEFAULT_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<PredictArrangement>) };
  const { tab, copy } = DEFAULT_ARRANGEMENT;
  const view = {
    ...given,
    tab: TABS.includes(given.tab) ? given.tab : tab,
    copy: COPY_KINDS.includes(given.copy) ? given.copy : copy,
    row: Math.max(0, Math.trunc(given.row)),
  };
  return isDraft(draft) ? { ...view, draft } : { ...view, written: "" };
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { columns, rows, tensors, params, text } = value as Partial<Record<keyof Draft, unknown>>;
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((each) => typeof each === "string");
  const isRecord = (one: unknown) => typeof one === "object" && one !== null && isTexts(Object.values(one));
  if (!isTexts(columns) || !Array.isArray(rows) || !rows.every(isTexts)) return false;
  return isRecord(tensors) && isRecord(params) && (text === undefined || typeof text === "string");
}
