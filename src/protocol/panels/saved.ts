/** What a panel keeps with `setState`: its subject (so that the host can restore it) and what the person arranged. */
export interface SavedPanel<Subject, View> {
  format: 1;
  subject: Subject;
  view: View;
}
