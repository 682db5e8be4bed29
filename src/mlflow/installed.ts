/** An interpreter that has mlflow. */
export interface MlflowPython {
  /** Of the interpreter. */
  path: string;
  /** Of mlflow, such as `3.6.0`. */
  release: string;
}
