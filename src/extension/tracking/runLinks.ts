// The lines by which MLflow's client names a run or an experiment. No vscode: tested as a table.

/** A link in a line of text, and what it names. */
export interface RunLink {
  /** UTF-16 units into the line. */
  start: number;
  length: number;
  url: string;
  /** Port of an address on this machine; absent for another. */
  port?: number;
  experiment_id: string;
  /** Absent: the link names the experiment. */
  run_id?: string;
}

const LINK = /https?:\/\/[^\s/"']+(?:\/[^\s#"']*)?\/?#\/experiments\/(\d+)(?:\/runs\/([0-9a-zA-Z_-]{1,64}))?/g;

/** Every link to a run or experiment, as mlflow 3.17 prints it: `View run <name> at: <address>/#/experiments/1/runs/<id>`. */
export function runLinks(line: string): RunLink[] {
  return [...line.matchAll(LINK)].map((match) => {
    const [url, experiment_id = "", run_id] = match;
    const port = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)/.exec(url)?.[1];
    return {
      start: match.index,
      length: url.length,
      url,
      experiment_id,
      ...(port === undefined ? {} : { port: Number(port) }),
      ...(run_id === undefined ? {} : { run_id }),
    };
  });
}
