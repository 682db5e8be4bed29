/** The discovery file of a tracking server (JSON, mode 0600): how a new host or runner finds the running one. */
export interface ServerDiscovery {
  /** Format of this file. */
  format: 1;
  pid: number;
  port: number;
  /** Bearer token that every request must carry. */
  token: string;
  /** Store the server serves, such as `sqlite:////home/me/wine/mlflow.db`. */
  backend_store_uri: string;
  /** Flowdeck's version; a newer window replaces an older server. */
  version: string;
  /** ms since the epoch. */
  started_at: number;
}
