// MLproject files over the language server protocol; `--stdio` for other editors, ipc for Flowdeck.
import type { InitializeParams, InitializeResult, Position, Registration } from "vscode-languageserver/node";
import {
  CodeLensRefreshRequest,
  CompletionTriggerKind,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  LSPErrorCodes,
  ProposedFeatures,
  RegistrationRequest,
  ResponseError,
} from "vscode-languageserver/node";
import type {
  CreateProjectParams,
  LastRunResult,
  ParameterChoicesParams,
  PastRun,
  RegisteredModelResult,
} from "../protocol/language.ts";
import {
  BACKEND_CONFIG_FILES,
  CREATE_PROJECT_REQUEST,
  LAST_RUNS_REQUEST,
  MAY_RUN_NOTIFICATION,
  PARAMETER_CHOICES_REQUEST,
  REGISTERED_MODELS_REQUEST,
  RUNS_CHANGED_NOTIFICATION,
} from "../protocol/language.ts";
import { definitionLocations, referenceLocations } from "./acrossFiles.ts";
import { AfterEdits } from "./afterEdits.ts";
import { ClientFacts } from "./clientFacts.ts";
import { foldersOf, serveEditing, serveWorkspaceSymbols } from "./editing.ts";
import { freeWhenIdle } from "./idleMemory.ts";
import { projectChoices } from "./projectChoices.ts";
import type { OpenProject, OpenSideFile } from "./projectDocuments.ts";
import { ProjectDocuments } from "./projectDocuments.ts";
import { newProject } from "./newProject.ts";
import { offersFor } from "./offers.ts";
import { PythonFeatures } from "./pythonFeatures.ts";
import { PythonScripts } from "./pythonScripts.ts";
import { askedInProject, renameEdits, renameRange } from "./renaming.ts";
import { codeActions } from "./service/codeAction.ts";
import { codeLenses } from "./service/codeLens.ts";
import { complete } from "./service/completion.ts";
import { completeSide, hoverSide } from "./service/files/sideFeatures.ts";
import { sideActions, validateSide } from "./service/files/sideProblems.ts";
import { hover } from "./service/hover.ts";
import { inlayHints } from "./service/inlayHints.ts";
import { links } from "./service/links.ts";
import { highlights } from "./service/references.ts";
import type { Severities } from "./service/severities.ts";
import { SEVERITY_SECTION, readPushed, readSeverities } from "./service/severities.ts";
import { signature } from "./service/signature.ts";
import { symbols } from "./service/symbols.ts";
import { validate } from "./service/validation.ts";
import { WorkflowFeatures } from "./workflowFeatures.ts";

/** Files whose coming and going changes what is wrong with a project. */
const WATCHED = `**/{*.yaml,*.yml,*.py,*.sh,*.R,*.txt,MLproject,${BACKEND_CONFIG_FILES}}`;

const connection = createConnection(ProposedFeatures.all);
const python = new PythonScripts({
  async loaded() {
    await publishAll();
    await refreshLenses();
  },
  failed: (error) => connection.console.warn(`Scripts cannot be read: ${String(error)}`),
});
const documents = new ProjectDocuments(python);
const pythonFeatures = new PythonFeatures(
  python,
  (file) => documents.openText(file),
  (uri) => documents.texts.get(uri),
);
const workflows = new WorkflowFeatures(
  (file) => documents.openText(file),
  (uri) => documents.texts.get(uri),
);
const client = {
  folders: new Array<string>(),
  registrations: new Array<Registration>(),
  lens: false,
  mayRun: false,
  snippets: false,
  refreshesLenses: false,
  watchesFiles: false,
  configures: false,
  tellsChanges: false,
  makesFiles: false,
};
let severities: Severities = {};
const lastRuns = new ClientFacts<LastRunResult>({
  ask: (uri, entry_points) => connection.sendRequest(LAST_RUNS_REQUEST, { uri, entry_points }),
  refresh: refreshLenses,
  failed: (error) => connection.console.warn(`The last runs are not known: ${String(error)}`),
});
const registeredModels = new ClientFacts<RegisteredModelResult>({
  ask: (uri, names) => connection.sendRequest(REGISTERED_MODELS_REQUEST, { uri, names }),
  refresh: refreshLenses,
  failed: (error) => connection.console.warn(`Registered models are not known: ${String(error)}`),
});

connection.onInitialize((params): InitializeResult => {
  readClient(params);
  const { capabilities, registrations } = offersFor(params.capabilities, client.lens);
  client.registrations = registrations;
  return { serverInfo: { name: "Flowdeck MLproject" }, capabilities };
});

connection.onInitialized(async () => {
  const { registrations } = client;
  if (registrations.length > 0) await connection.sendRequest(RegistrationRequest.type, { registrations });
  if (client.watchesFiles) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: WATCHED }] });
  }
  if (client.tellsChanges) await connection.client.register(DidChangeConfigurationNotification.type);
  if (client.configures)
    await takeSeverities(readSeverities(await connection.workspace.getConfiguration(SEVERITY_SECTION)));
});

connection.onDidChangeWatchedFiles(publishAll);

connection.onDidChangeConfiguration(async ({ settings }) => {
  const asked: unknown = client.configures ? await connection.workspace.getConfiguration(SEVERITY_SECTION) : undefined;
  await takeSeverities(client.configures ? readSeverities(asked) : readPushed(settings));
});

connection.onRequest(
  CREATE_PROJECT_REQUEST,
  async (params: CreateProjectParams) =>
    (await newProject(params, (file) => documents.openText(file), python)) ??
    new ResponseError(LSPErrorCodes.RequestFailed, "An MLproject is made for a Python file on this machine."),
);

connection.onRequest(PARAMETER_CHOICES_REQUEST, (params: ParameterChoicesParams) =>
  projectChoices(params, (file) => documents.openText(file), python),
);

connection.onNotification(RUNS_CHANGED_NOTIFICATION, async () => {
  lastRuns.expire();
  registeredModels.expire();
  await refreshLenses();
});

connection.onNotification(MAY_RUN_NOTIFICATION, async () => {
  client.mayRun = true;
  await refreshLenses();
});

const checked = freeWhenIdle();
const checks = new AfterEdits(check, (error) => connection.console.warn(`A file was not checked: ${String(error)}`));
documents.texts.onDidChangeContent(({ document: { uri } }) => checks.request(uri));

documents.texts.onDidClose(async ({ document }) => {
  await connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  // What counts of it is what is on disk again.
  await Promise.all(documents.all().map(publish));
});

connection.onCompletion(({ textDocument, position, context }) => {
  const side = documents.side(textDocument.uri);
  if (side !== undefined) return completeSide(side.document, side.offsetAt(position), side.workspace);
  const project = documents.get(textDocument.uri);
  if (project === undefined)
    return workflows.complete(textDocument.uri, position) ?? pythonFeatures.complete(textDocument.uri, position) ?? [];
  const explicit = context?.triggerKind !== CompletionTriggerKind.TriggerCharacter;
  const { document, workspace } = project;
  const offset = project.offsetAt(position);
  const { snippets } = client;
  return complete({ document, offset, explicit, workspace, pastRuns: pastRunsOf(project), snippets });
});

connection.onHover(({ textDocument, position }) => {
  const side = documents.side(textDocument.uri);
  if (side !== undefined) return hoverSide(side.document, side.offsetAt(position));
  const project = documents.get(textDocument.uri);
  if (project === undefined) {
    return workflows.hover(textDocument.uri, position) ?? pythonFeatures.hover(textDocument.uri, position) ?? null;
  }
  const { document, workspace, uri } = project;
  const past = { uri, mayRun: client.mayRun, runs: pastRunsOf(project), now: Date.now() };
  return hover(document, project.offsetAt(position), workspace, past);
});

connection.onSignatureHelp(({ textDocument, position }) => {
  const project = documents.get(textDocument.uri);
  if (project?.workspace === undefined) return null;
  return signature(project.document, project.offsetAt(position), project.workspace);
});

connection.onDefinition(({ textDocument, position }) => {
  const project = documents.get(textDocument.uri);
  if (project === undefined)
    return (
      workflows.definitions(textDocument.uri, position) ?? pythonFeatures.definitions(textDocument.uri, position) ?? []
    );
  return definitionLocations(project, project.offsetAt(position));
});

connection.onReferences(async ({ textDocument, position, context }) => {
  const inWorkflow = workflows.references(textDocument.uri, position, context.includeDeclaration);
  if (inWorkflow !== undefined) return inWorkflow;
  const project = documents.get(textDocument.uri);
  await python.ready();
  if (project === undefined)
    return pythonFeatures.references(textDocument.uri, position, context.includeDeclaration) ?? [];
  return referenceLocations(project, project.offsetAt(position), context.includeDeclaration);
});

connection.onDocumentHighlight(({ textDocument, position }) => {
  const project = documents.get(textDocument.uri);
  if (project === undefined) return workflows.highlights(textDocument.uri, position) ?? [];
  return highlights(project.document, project.offsetAt(position));
});

connection.onPrepareRename(async ({ textDocument, position }) => {
  const inWorkflow = workflows.prepareRename(textDocument.uri, position);
  return inWorkflow === undefined ? renameRange(await askedAt(textDocument.uri, position)) : inWorkflow;
});

connection.onRenameRequest(async ({ textDocument: { uri }, position, newName }) => {
  const inWorkflow = workflows.rename(uri, position, newName);
  if (typeof inWorkflow === "string") throw new ResponseError(LSPErrorCodes.RequestFailed, inWorkflow);
  if (inWorkflow !== undefined) return { changes: { [uri]: inWorkflow } };
  const changes = renameEdits(await askedAt(uri, position), newName, uri);
  return changes === null ? null : { changes };
});

connection.onDocumentSymbol(({ textDocument }) => {
  const project = documents.get(textDocument.uri);
  return project === undefined ? (workflows.symbols(textDocument.uri) ?? []) : symbols(project.document);
});

connection.onDocumentLinks(({ textDocument }) => {
  const project = documents.get(textDocument.uri);
  return project?.workspace === undefined ? [] : links(project.document, project.workspace);
});

connection.onCodeAction(({ textDocument, range, context: { only } }) => {
  const side = documents.side(textDocument.uri);
  if (side !== undefined) {
    const { document, uri, workspace: folder } = side;
    return sideActions({ document, uri, range: side.offsetsOf(range), folder, severities });
  }
  const project = documents.get(textDocument.uri);
  if (project === undefined) {
    const { uri } = textDocument;
    return workflows.actions(uri, range, severities) ?? pythonFeatures.actions(uri, range, severities) ?? [];
  }
  const { document, workspace, uri } = project;
  const { makesFiles } = client;
  return codeActions({ document, uri, range: project.offsetsOf(range), workspace, severities, only, makesFiles });
});

connection.onCodeLens(({ textDocument: { uri } }) => {
  const project = documents.get(uri);
  const now = Date.now();
  if (project === undefined) return client.lens ? pythonFeatures.lenses(uri, registeredModels, now) : [];
  const { document } = project;
  const names = document.entryPoints.map((entryPoint) => entryPoint.name);
  lastRuns.update(uri, names, now);
  const lastRun = (entry_point: string) => lastRuns.known(uri, entry_point);
  return codeLenses({ document, uri, mayRun: client.mayRun, lastRun, now });
});

connection.languages.inlayHint.on(({ textDocument, range }) => {
  const project = documents.get(textDocument.uri);
  return project === undefined ? [] : inlayHints(project.document, project.offsetsOf(range));
});

serveEditing(connection, documents);
serveWorkspaceSymbols(connection, documents, () => client.folders);

documents.listen(connection);
connection.listen();

async function askedAt(uri: string, position: Position) {
  const project = documents.get(uri);
  await python.ready();
  return project === undefined
    ? pythonFeatures.askedRename(uri, position)
    : askedInProject(project, project.offsetAt(position));
}

/** The latest runs of an entry point, as the client told them. */
function pastRunsOf({ uri }: OpenProject): (entry_point: string) => readonly PastRun[] {
  return (entry_point) => lastRuns.known(uri, entry_point)?.latest ?? [];
}

function readClient(params: InitializeParams): void {
  const { capabilities, initializationOptions } = params;
  client.folders = foldersOf(params);
  const options: unknown = initializationOptions;
  if (typeof options === "object" && options !== null) {
    client.lens = "lens" in options && options.lens === true;
    client.mayRun = "mayRun" in options && options.mayRun === true;
  }
  client.snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
  client.refreshesLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
  client.watchesFiles = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  const operations = capabilities.workspace?.workspaceEdit?.resourceOperations ?? [];
  client.makesFiles = operations.includes("create") && operations.includes("rename");
  client.configures = capabilities.workspace?.configuration === true;
  client.tellsChanges = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
}

/** Tells the problems of a file that was edited, and of those that depend on it. */
async function check(uri: string): Promise<void> {
  checked();
  const project = documents.get(uri);
  if (project !== undefined) {
    await publish(project);
    // Runs in Python files, and steps of workflows, are checked against it.
    await Promise.all(documents.texts.keys().map(publishOther));
    return;
  }
  const side = documents.side(uri);
  if (side === undefined) await publishOther(uri);
  else await publishSide(side);
  // A project tells of its environment file and its scripts, too.
  await Promise.all(documents.all().map(publish));
}

async function publish({ uri, document, workspace }: OpenProject): Promise<void> {
  await connection.sendDiagnostics({ uri, diagnostics: validate(document, workspace, severities) });
}

async function publishSide({ uri, document, workspace }: OpenSideFile): Promise<void> {
  await connection.sendDiagnostics({ uri, diagnostics: validateSide(document, workspace, severities) });
}

/** Of Python files and workflows; nothing for another file. */
async function publishOther(uri: string): Promise<void> {
  const diagnostics = workflows.diagnostics(uri, severities) ?? pythonFeatures.diagnostics(uri, severities);
  if (diagnostics !== undefined) await connection.sendDiagnostics({ uri, diagnostics });
}

async function publishAll(): Promise<void> {
  const sides = documents.allSides().map(publishSide);
  await Promise.all([...documents.all().map(publish), ...sides, ...documents.texts.keys().map(publishOther)]);
}

async function takeSeverities(taken: Severities): Promise<void> {
  severities = taken;
  await publishAll();
}

async function refreshLenses(): Promise<void> {
  if (client.refreshesLenses) await connection.sendRequest(CodeLensRefreshRequest.type);
}
