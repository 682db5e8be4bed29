import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../support/environment.ts";
import { freePort } from "../../support/ports.ts";
import { installedExtensions } from "./extensions.ts";
import { machine } from "./machine.ts";

export interface CodeServer {
  /** Such as `http://127.0.0.1:4321`. */
  url: string;
  /** Holds everything it writes. */
  home: string;
  /** Its user data folder: settings, logs, global storage. */
  userData: string;
  /** Where the fixture extension says how it is reached. */
  fixtureFile: string;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface CodeServerOptions {
  /** A folder for everything it writes; it must be empty. */
  home: string;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  /** Default true: workspace trust is not asked for. */
  trusted?: boolean;
  /** Absent = a free one. */
  port?: number;
}

/** The settings that PLATFORM.md found tests to need. */
const SETTINGS = {
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.defaultProfile.linux": "bash",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.reduceMotion": "on",
  "workbench.tips.enabled": false,
  "window.commandCenter": false,
  "editor.minimap.enabled": false,
  "editor.hover.delay": 100,
  "remote.autoForwardPorts": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "files.simpleDialog.enable": true,
};

/** A code-server with the extension installed, fresh user data and nothing of the person's own environment for MLflow. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { home } = options;
  const userData = join(home, "data");
  mkdirSync(join(userData, "User"), { recursive: true });
  writeFileSync(join(userData, "User/settings.json"), JSON.stringify({ ...SETTINGS, ...options.settings }, null, 2));
  const config = join(home, "code-server.yaml");
  writeFileSync(config, "");
  const fixtureFile = join(home, "fixture.json");
  const { entry, node } = machine();
  const extensions = await installedExtensions();
  const port = options.port ?? (await freePort());
  const args = [
    entry,
    ...["--config", config, "--user-data-dir", userData, "--extensions-dir", extensions],
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    ...(options.trusted === false ? [] : ["--disable-workspace-trust"]),
  ];
  const child = spawn(node, args, {
    env: { ...cleanEnvironment(), ...options.env, FLOWDECK_FIXTURE: fixtureFile },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await until(
    "code-server answers",
    async () => {
      if (child.exitCode !== null) throw new Error(`code-server ended with code ${child.exitCode}:\n${output}`);
      return isHealthy(url);
    },
    60_000,
  );
  return { url, home, userData, fixtureFile, output: () => output, stop: () => stop(child) };
}

/** The test's environment without what would lead an MLflow client or a nested VS Code astray. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(MLFLOW_|VSCODE_|NODE_TEST|NODE_OPTIONS|FLOWDECK_)/.test(name),
  );
  return Object.fromEntries(kept);
}

async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  const late = setTimeout(() => process.kill(-pid, "SIGKILL"), 5_000);
  process.kill(-pid, "SIGTERM");
  await ended;
  clearTimeout(late);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}
