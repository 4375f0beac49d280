import * as vscode from 'vscode';
import { nameOf, type InstructionFiles } from '../host/instructions';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import type { Teachers } from '../host/teachers';
import { needsTrust } from '../host/workspaceTrust';
import type { Disposable } from '../trace/event';

/** Documents of this scheme show what a teacher is told, or a guard; they cannot be edited. */
const SCHEME = 'cotlens-instructions';
/** The guard's own, which no file replaces. */
const GUARD = 'guard';
/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** The parts that the commands act on. */
export interface InstructionCommandParts {
  readonly teachers: Teachers;
  readonly files: InstructionFiles;
}

/** *Show Teacher Instructions…* and *Copy Teacher Instructions into the Workspace…*. */
export function registerInstructionCommands(parts: InstructionCommandParts): Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('cotLens.showTeacherInstructions', (name?: unknown) => show(parts, name)),
    vscode.commands.registerCommand('cotLens.copyTeacherInstructions', (name?: unknown) => copy(parts, name)),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: (uri) => shownText(parts, nameOf(uri)) }),
  );
}

interface Row extends vscode.QuickPickItem {
  readonly name: string;
}

/** @param wanted a name, where another part of the extension asks for it; from the palette the person says */
async function show(parts: InstructionCommandParts, wanted: unknown): Promise<void> {
  const name = typeof wanted === 'string' ? wanted : (await ask(parts, 'What a teacher is told', true))?.name;
  if (name === undefined) return;
  const own = vscode.workspace.isTrusted ? await ownFile(parts, name) : undefined;
  try {
    await vscode.window.showTextDocument(own ?? vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` }), { preview: true });
    if (own !== undefined) vscode.window.setStatusBarMessage('These are the workspace’s own; the fixed frame stands around them', SAY_FOR);
  } catch (error) {
    tellFailure(error);
  }
}

async function copy(parts: InstructionCommandParts, wanted: unknown): Promise<void> {
  if (!(await needsTrust('Instructions are files that steer a model, and this workspace is not trusted: only the built-in ones are used here.'))) return;
  const name = typeof wanted === 'string' ? wanted : (await ask(parts, 'Which instructions are to be the workspace’s own', false))?.name;
  if (name === undefined) return;
  const text = (await parts.teachers.parts()).BUILT_IN.find((one) => one.name === name)?.text;
  if (text === undefined) return;
  const written = await parts.files.create(name, `${text}\n`, resource());
  if (written === undefined) {
    void vscode.window.showInformationMessage('Instructions of your own are files in a folder: open the folder of your traces first.');
    return;
  }
  await vscode.window.showTextDocument(written.uri);
  const where = plainLabel(vscode.workspace.asRelativePath(written.uri));
  vscode.window.setStatusBarMessage(written.isNew ? `From now on teachers are told what ${where} says; delete it to go back` : `${where} is there already and was not changed`, SAY_FOR);
}

async function ask(parts: InstructionCommandParts, title: string, withGuard: boolean): Promise<Row | undefined> {
  const { BUILT_IN } = await parts.teachers.parts();
  const files = await parts.files.found(resource());
  const own = new Map(files.map((uri) => [nameOf(uri), uri]));
  const trusted = vscode.workspace.isTrusted;
  const rows = BUILT_IN.map(({ name, about }): Row => {
    const uri = own.get(name);
    const file = uri === undefined ? 'built-in' : `${plainLabel(vscode.workspace.asRelativePath(uri), 120)}${trusted ? '' : ', not used: this workspace is not trusted'}`;
    return { name, label: name, description: about, detail: file };
  });
  const strange = [...own].filter(([name]) => BUILT_IN.every((one) => one.name !== name));
  const others = withGuard
    ? [
        { name: GUARD, label: GUARD, description: 'what a guard goes by', detail: 'built-in, and not to be replaced' },
        ...strange.map(([name]): Row => ({ name, label: `$(warning) ${plainLabel(name)}`, description: 'no recipe of ours has this name: used only by a recipe that has' })),
      ]
    : [];
  return vscode.window.showQuickPick([...rows, ...others], { title, placeHolder: 'Their content is their version, which stands in each sample’s provenance', matchOnDescription: true });
}

async function ownFile({ files }: InstructionCommandParts, name: string): Promise<vscode.Uri | undefined> {
  return (await files.found(resource())).find((uri) => nameOf(uri) === name);
}

function resource(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri;
}

/** All that a teacher is told besides the trace, with the version that stands in provenance. */
async function shownText({ teachers }: InstructionCommandParts, name: string): Promise<string> {
  const { GUARD_SYSTEM, guardRubricVersion, shownInstructions } = await teachers.parts();
  if (name === GUARD) return `> What a guard goes by, ${guardRubricVersion()}: all that it is told besides the texts. No file of a workspace replaces it.\n\n${GUARD_SYSTEM}\n`;
  const shown = shownInstructions(name);
  if (shown === undefined) return `> There are no built-in instructions of this name.\n`;
  const head = `The built-in instructions, ${shown.versions.join(' or ')} (by the intent), in the frame that is fixed. The papers publish none, so the words are ours. “Copy Teacher Instructions into the Workspace…” makes a copy of the part under “Instructions” to edit; the frame stays as it is.`;
  return `> ${shown.versions.length > 1 ? head : head.replace(' (by the intent)', '')}\n\n${shown.system}\n`;
}
