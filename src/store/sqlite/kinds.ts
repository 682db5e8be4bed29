// SQLite keeps a value of any kind in any column. What another program stored as a text, a fraction or bytes where MLflow has an integer
// is read as SQLite makes an integer of it: of its first digits, 0 where there are none.

/** For a SELECT list: a column of integers, under its own name. */
export function integer(column: string): string {
  return `CAST(${column} AS INTEGER) AS ${nameOf(column)}`;
}

/** For a SELECT list: a column of floats, under its own name. */
export function real(column: string): string {
  return `CAST(${column} AS REAL) AS ${nameOf(column)}`;
}

function nameOf(column: string): string {
  return column.slice(column.indexOf(".") + 1);
}
