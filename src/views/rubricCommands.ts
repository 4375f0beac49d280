import * as vscode from 'vscode';
import type { Judges } from '../host/judges';
import { plainLabel } from '../host/plainLabel';
import { nameOf, type Rubrics } from '../host/rubrics';
import { needsTrust } from '../host/workspaceTrust';
import type { Disposable } from '../trace/event';

/** Documents of this scheme show the built-in rubric; they cannot be edited. */
const SCHEME = 'cotlens-rubric';
/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** The parts that the commands act on. */
export interface RubricCommandParts {
  readonly judges: Judges;
  readonly rubrics: Rubrics;
}

/** *Choose Rubric…* and *Show Rubric*. */
export function registerRubricCommands(parts: RubricCommandParts): Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('cotLens.chooseRubric', () => chooseRubric(parts)),
    vscode.commands.registerCommand('cotLens.showRubric', () => showRubric(parts)),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: () => builtInText(parts) }),
  );
}

interface Row extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

async function chooseRubric(parts: RubricCommandParts): Promise<void> {
  const { rubrics } = parts;
  const resource = vscode.window.activeTextEditor?.document.uri;
  const chosen = chosenNow(rubrics, resource)?.toString();
  const row = (uri: vscode.Uri): Row => ({
    label: checked(plainLabel(nameOf(uri)), uri.toString() === chosen),
    description: plainLabel(vscode.workspace.asRelativePath(uri), 120),
    run: () => use(parts, uri, resource),
  });
  const files = await rubrics.found();
  // One from elsewhere, or that is not there any more, is shown too.
  const elsewhere = chosen === undefined || files.some((uri) => uri.toString() === chosen) ? [] : [vscode.Uri.parse(chosen)];
  const picked = await vscode.window.showQuickPick<Row>(
    [
      { label: checked('Built-in', chosen === undefined), description: 'the stance that a step adds, on two scales', run: () => use(parts, undefined, resource) },
      ...[...files, ...elsewhere].map(row),
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: '$(new-file) New from the Built-in…', description: 'a copy in .cotlens/rubrics to edit', run: () => createRubric(parts, resource) },
      { label: '$(folder-opened) Another File…', run: () => pickFile(parts, resource) },
    ],
    { title: 'What language models score by', placeHolder: 'A rubric’s content is its version: scores by two versions are never one curve' },
  );
  await picked?.run?.();
}

function chosenNow(rubrics: Rubrics, resource: vscode.Uri | undefined): vscode.Uri | undefined {
  try {
    return rubrics.chosen(resource);
  } catch {
    // What cannot be found is said when somebody scores by it; here another is chosen.
    return undefined;
  }
}

async function use({ rubrics }: RubricCommandParts, uri: vscode.Uri | undefined, resource: vscode.Uri | undefined): Promise<void> {
  if (uri !== undefined && !(await trusted())) return;
  await rubrics.choose(uri, resource);
  vscode.window.setStatusBarMessage(`From now on language models score by ${uri === undefined ? 'the built-in rubric' : plainLabel(nameOf(uri))}`, SAY_FOR);
}

async function createRubric(parts: RubricCommandParts, resource: vscode.Uri | undefined): Promise<void> {
  if (!(await trusted())) return;
  const { rubricFor } = await parts.judges.parts();
  const uri = await parts.rubrics.create(`${rubricFor(undefined).text}\n`, resource);
  if (uri === undefined) {
    void vscode.window.showInformationMessage('A rubric of your own is a file in a folder: open the folder of your traces first.');
    return;
  }
  await vscode.window.showTextDocument(uri);
  await use(parts, uri, resource);
}

async function pickFile(parts: RubricCommandParts, resource: vscode.Uri | undefined): Promise<void> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'A rubric', filters: { Text: ['md', 'txt'] } })) ?? [];
  if (uri !== undefined) await use(parts, uri, resource);
}

function trusted(): Promise<boolean> {
  return needsTrust('A rubric is a file that steers a model, and this workspace is not trusted: only the built-in rubric is used here.');
}

async function showRubric(parts: RubricCommandParts): Promise<void> {
  try {
    const user = await parts.rubrics.read(vscode.window.activeTextEditor?.document.uri);
    const { rubricFor } = await parts.judges.parts();
    const { version } = rubricFor(user);
    const uri = user?.uri ?? vscode.Uri.from({ scheme: SCHEME, path: `/${version}.md` });
    await vscode.window.showTextDocument(uri, { preview: true });
    vscode.window.setStatusBarMessage(`This rubric is ${plainLabel(version)}`, SAY_FOR);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (await needsTrust(said)) void vscode.window.showErrorMessage(`CoT Lens: ${plainLabel(said, 1000)}`);
  }
}

/** All that a language model is told besides the trace, with the version that stands in scores. */
async function builtInText({ judges }: RubricCommandParts): Promise<string> {
  const { rubricFor, systemMessage } = await judges.parts();
  const { text, version } = rubricFor(undefined);
  const head = `The built-in rubric, ${version}, in the frame that is fixed: all that a language model is told besides the trace. “Choose Rubric…” makes a copy of the part under “Rubric” to edit; the frame stays as it is.`;
  return `> ${head}\n\n${systemMessage(text)}\n`;
}

function checked(label: string, is: boolean): string {
  return is ? `$(check) ${label}` : label;
}
