import { VERSION_ORDERS, type VersionOrder } from "../../../protocol/versions.ts";

/** What the person arranged in the Model panel. */
export interface ModelArrangement {
  /** In force. */
  filter: string;
  order: VersionOrder;
  /** Empty: the one that says most. */
  metric: string;
  sizes: Record<string, number>;
  /** Version whose details are shown; empty: the first row. */
  selected: string;
  checked: string[];
  /** Two versions side by side; empty: none. */
  compared: string[];
  differencesOnly: boolean;
  /** Whom the selected version would take the place of: `@champion`, `Production`. */
  target: string;
  /** Px of the table. */
  scroll: { top: number; left: number };
  /** Px of what is below it. */
  detailsTop: number;
  /** The cell that the keyboard is on. */
  focus: { row: number; column: string };
  /** Share of the panel that a table with many rows takes. */
  share: number;
  /** Acts of the history that are listed. */
  acts: number;
  /** Columns of the signature are shown. */
  unfolded: boolean;
}

export const USUAL_SHARE = 0.4;
export const FEW_ACTS = 12;

export const DEFAULT_ARRANGEMENT: ModelArrangement = {
  filter: "",
  order: { by: "version_number", ascending: false },
  metric: "",
  sizes: {},
  selected: "",
  checked: [],
  compared: [],
  differencesOnly: false,
  target: "@champion",
  scroll: { top: 0, left: 0 },
  detailsTop: 0,
  focus: { row: 0, column: "version_number" },
  share: USUAL_SHARE,
  acts: FEW_ACTS,
  unfolded: false,
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readModelArrangement(saved: unknown): ModelArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(DEFAULT_ARRANGEMENT, key);
    return (
      usual !== undefined &&
      value !== null &&
      typeof value === typeof usual &&
      Array.isArray(value) === Array.isArray(usual)
    );
  });
  const view = { ...DEFAULT_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<ModelArrangement>) };
  const texts = (list: unknown[]) => list.filter((one): one is string => typeof one === "string");
  return {
    ...view,
    order: VERSION_ORDERS.includes(view.order.by)
      ? { by: view.order.by, ascending: view.order.ascending === true }
      : DEFAULT_ARRANGEMENT.order,
    checked: texts(view.checked),
    compared: texts(view.compared).slice(0, 2),
    scroll: { top: Number(view.scroll.top) || 0, left: Number(view.scroll.left) || 0 },
    focus: { row: Number(view.focus.row) || 0, column: String(view.focus.column) },
  };
}
