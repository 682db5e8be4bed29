import type { AnswerTable } from "../../mlflow/signature/answer.ts";
import type { Signature } from "../../mlflow/signature/types.ts";
import type { RequestForm } from "../../mlflow/signature/requests.ts";
import type { ScoringServer, ServingProblem } from "../serving.ts";

/** What a Predict panel opens with. */
export interface PredictSubject {
  /** Of the server to ask; absent: the first that is ready. */
  id?: string;
  /** ms since the epoch: when it was asked for. What the person chooses in the panel afterwards stays chosen. */
  since?: number;
}

/** What the model behind a server takes. */
export interface AskedModel {
  /** Key of what is kept for it, over servers and restarts. */
  key: string;
  /** Absent: none was logged, or its files cannot be read. */
  signature?: Signature;
  /** The input example as a request, in JSON. */
  example?: string;
  /** Why the signature is not known; one sentence. */
  problem?: string;
}

export interface SendQuery {
  /** Ids of one server or two; asked one after the other, so that neither slows the other down. */
  to: string[];
  body: string;
  contentType: "application/json" | "text/csv";
  form: RequestForm | "body";
  rows: number;
}

/** A way out: a button beside what went wrong. */
export type AnswerRemedy = NonNullable<ServingProblem["next"]> | { title: string; action: "predictFile" | "sendAgain" };

export interface ServerAnswer {
  id: string;
  /** Of the server when it answered. */
  title: string;
  /** ms since the epoch. */
  at: number;
  /** From the request's first byte to the answer's last. */
  ms: number;
  status?: number;
  table?: AnswerTable;
  /** As it came, cut where it is long. */
  raw: string;
  /** Length of the whole in characters, where it was cut. */
  cutFrom?: number;
  problem?: { text: string; next?: AnswerRemedy; column?: string };
}

/** A request that was sent, kept for the model. */
export interface SentRequest {
  at: number;
  form: SendQuery["form"];
  body: string;
  rows: number;
  /** Of the servers that were asked. */
  answers: { title: string; ms: number; failed: boolean }[];
}

/** What the page may ask. */
export interface PredictHost {
  servers(query: Record<string, never>): Promise<readonly ScoringServer[]>;
  /** `beside`: it is the second of two, after which the panel is not named. */
  model(query: { id: string; beside?: boolean }): Promise<AskedModel>;
  send(query: SendQuery): Promise<ServerAnswer[]>;
  /** Gives up on what was sent. */
  stop(query: Record<string, never>): Promise<void>;
  history(query: { id: string }): Promise<SentRequest[]>;
  forget(query: { id: string }): Promise<void>;
  /** Asks for a file and reads it; undefined when none was chosen. */
  readFile(query: Record<string, never>): Promise<{ name: string; text: string } | undefined>;
  /** The whole of the last answer of a server, in an editor. */
  openRaw(query: { id: string }): Promise<void>;
  predictFile(query: { id: string }): Promise<void>;
  /** Asks which model to serve. */
  serve(query: Record<string, never>): Promise<void>;
  restart(query: { id: string }): Promise<void>;
  showLog(query: { id: string }): Promise<void>;
  copy(query: { text: string }): Promise<void>;
}

/** What the page may be told. */
export interface PredictView {
  /** What is told of the servers is asked for again. */
  serversChanged(hint: Record<string, never>): Promise<void>;
}
