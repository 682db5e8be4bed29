import { MlflowError } from "../mlflow/errors.ts";
import { shownAddress } from "./git.ts";

/** Why git did not get a repository: it is not on this machine, the host does not answer, it wants other credentials, there is none. */
export type GitProblemKind = "missing" | "network" | "credentials" | "absent";

/** git did not get a repository, for a reason that can be told. */
export class GitProblem extends MlflowError {
  readonly kind: GitProblemKind;

  constructor(kind: GitProblemKind, message: string) {
    super("INVALID_STATE", message);
    this.kind = kind;
  }
}

const CREDENTIALS =
  /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied|Host key verification failed|HTTP Basic: Access denied|The requested URL returned error: 40[13]|no suitable response|Invalid username or (?:password|token)/i;
const CERTIFICATE = /certificate/i;
const NETWORK =
  /Could not resolve|Failed to connect|Connection (?:refused|timed out|reset|closed)|Network is unreachable|No route to host|Operation timed out|SSL|Empty reply|The requested URL returned error: 5\d\d|Temporary failure in name resolution/i;
const ABSENT =
  /repository .*not found|does not appear to be a git repository|The requested URL returned error: 404|not found: did you run|Repository not found|no such file|does not exist/i;

/** What git (2.39 to 2.51, in English) said, as one sentence with what helps; undefined when it says something else. */
export function gitProblem(uri: string, said: string): GitProblem | undefined {
  const name = shownAddress(uri);
  const host = hostOf(uri);
  if (CERTIFICATE.test(said)) {
    const help = "tell git of the authority that made it (http.sslCAInfo)";
    return new GitProblem("network", `git does not trust the certificate of ${host}; ${help}.`);
  }
  // git adds advice about access rights to whatever ssh said, so that this is looked for first.
  if (NETWORK.test(said)) {
    return new GitProblem("network", `${host} does not answer git; check the address and the network, then try again.`);
  }
  if (CREDENTIALS.test(said)) {
    return new GitProblem("credentials", `${host} does not let git read ${name} with the credentials that it has.`);
  }
  if (ABSENT.test(said)) {
    return new GitProblem("absent", `There is no repository ${name}, or you may not read it; check the address.`);
  }
  return undefined;
}

function hostOf(uri: string): string {
  const [, host] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?([^/:]+(?::\d+(?=\/|$))?)/i.exec(uri) ?? [];
  return host ?? uri;
}
