/** What the person arranged in the Workflow panel. */
export interface WorkflowArrangement {
  /** Id of the step whose details are shown; empty: none. */
  selected: string;
  /** The panel was opened before: no step is chosen for the person. */
  seen: boolean;
  /** The metric on the steps; empty: each step's own. */
  metric: string;
  /** 0: the graph is fitted into its room. */
  zoom: number;
  /** px from the room's corner to the graph's, while it is not fitted. */
  x: number;
  y: number;
}

export const DEFAULT_ARRANGEMENT: WorkflowArrangement = { selected: "", seen: false, metric: "", zoom: 0, x: 0, y: 0 };

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readWorkflowArrangement(saved: unknown): WorkflowArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(DEFAULT_ARRANGEMENT, key);
    return usual !== undefined && typeof value === typeof usual;
  });
  return { ...DEFAULT_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<WorkflowArrangement>) };
}
