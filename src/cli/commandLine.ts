const USAGE = `Usage: flowdeck <command> [options]

  server    serve an MLflow store over HTTP
  run       run an entry point of an MLflow project
  workflow  run the steps of a workflow file
  sweep     run an entry point with several values
  check     tell what is wrong with MLproject files
  db        upgrade the schema of a database

flowdeck <command> --help tells a command's options; flowdeck --version the version.`;

/** Starts what the first word says, and loads no more than that; gives the exit code. */
export async function runCommandLine([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case "server": {
      const { runServer } = await import("../server/server.ts");
      return runServer(args);
    }
    case "run": {
      const { runCommand } = await import("./run.ts");
      return runCommand(args);
    }
    case "workflow": {
      const { workflowCommand } = await import("./groups.ts");
      return workflowCommand(args);
    }
    case "sweep": {
      const { sweepCommand } = await import("./groups.ts");
      return sweepCommand(args);
    }
    case "check": {
      const { checkCommand } = await import("./check.ts");
      return checkCommand(args);
    }
    case "db": {
      const { databaseCommand } = await import("./database.ts");
      return databaseCommand(args);
    }
    case "--version": {
      const { describeVersion } = await import("../server/version.ts");
      console.log(`flowdeck ${describeVersion()}`);
      return 0;
    }
    case undefined:
    case "--help":
    case "-h":
    case "help":
      console.log(USAGE);
      return 0;
    default:
      console.error(`There is no command '${command}': flowdeck --help lists the commands.`);
      return 2;
  }
}
