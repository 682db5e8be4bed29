import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { temporaryFolder, until, whenOver } from "./environment.ts";
import { freePort } from "./ports.ts";

// A way to repositories of this machine over ssh: the real sshd, on this machine only, with keys of its own; where there is none, a program
// that stands for ssh and runs what the server would be asked to run.

export interface SshServer {
  /** Begins an address; the path of a repository follows. */
  url: string;
  /** The same host as `host:path`. */
  short: string;
  /** Files that change what ssh knows: the hosts, and the keys that are let in. */
  knownHosts: string;
  authorizedKeys: string;
  /** For git: which ssh is used, and how. */
  env: { GIT_SSH_COMMAND: string };
}

/** The sshd of this machine; undefined when there is none, or FLOWDECK_SSHD is `none`. */
export function findSshd(): string | undefined {
  const named = process.env["FLOWDECK_SSHD"];
  if (named === "none") return undefined;
  return [named, "/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"].find(
    (file) => file !== undefined && existsSync(file),
  );
}

export async function startSshServer(sshd: string): Promise<SshServer> {
  const folder = temporaryFolder("flowdeck-ssh-");
  const at = (name: string) => join(folder, name);
  for (const name of ["host", "user"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name), "-C", name]);
  const port = await freePort();
  const { username, uid } = userInfo();
  // As root it wants a folder, which a system that starts it makes.
  if (uid === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const server = `Port ${port}
ListenAddress 127.0.0.1
HostKey ${at("host")}
AuthorizedKeysFile ${at("authorized")}
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
AllowUsers ${username}
`;
  await writeFile(at("server.conf"), server);
  await writeFile(at("authorized"), await readFile(at("user.pub"), "utf8"));
  const [kind, key] = (await readFile(at("host.pub"), "utf8")).split(" ");
  await writeFile(at("known"), `[127.0.0.1]:${port} ${kind} ${key}\n`);
  const client = `Host short
  HostName 127.0.0.1
  Port ${port}
  HostKeyAlias [127.0.0.1]:${port}
Host *
  User ${username}
  IdentityFile ${at("user")}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${at("known")}
  GlobalKnownHostsFile /dev/null
`;
  await writeFile(at("client.conf"), client);
  await chmod(at("user"), 0o600);
  const child = spawn(sshd, ["-D", "-e", "-f", at("server.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  whenOver(() => child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  await until("sshd to listen", () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    return said.includes("Server listening");
  });
  return {
    url: `ssh://127.0.0.1:${port}`,
    short: "short:",
    knownHosts: at("known"),
    authorizedKeys: at("authorized"),
    env: { GIT_SSH_COMMAND: `ssh -F ${at("client.conf")}` },
  };
}

/** A program in place of ssh: it runs what it is asked to run there on this machine. Hosts and keys do not exist for it. */
export async function standInSsh(): Promise<SshServer> {
  const folder = temporaryFolder("flowdeck-ssh-");
  const file = join(folder, "ssh");
  await writeFile(file, '#!/bin/bash\ncase "$1" in -G) exit 1 ;; esac\nexec bash -c "${@: -1}"\n', { mode: 0o755 });
  return {
    url: "ssh://stand-in",
    short: "stand-in:",
    knownHosts: "",
    authorizedKeys: "",
    env: { GIT_SSH_COMMAND: file },
  };
}
