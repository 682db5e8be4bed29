import { MlflowError } from "../mlflow/errors.ts";
import type { EnvManager } from "./request.ts";

/** This machine lacks a program that the environment needs. */
export class UnmetNeed extends MlflowError {
  /** The environment manager that would work here; absent where none is known to. */
  readonly instead: EnvManager | undefined;

  constructor(message: string, instead: EnvManager | undefined) {
    super("INVALID_STATE", message);
    this.instead = instead;
  }
}
