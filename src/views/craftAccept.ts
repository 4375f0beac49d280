import * as vscode from 'vscode';
import { craftEdit } from '../craft/craftEdit';
import { draftPlace, readDraft } from '../craft/draftText';
import { polishedDraft } from '../craft/polishedDraft';
import { isRefusal, type Target } from '../craft/recipe';
import type { Draft } from '../host/drafts';
import { plainLabel } from '../host/plainLabel';
import { parseTrace } from '../trace/parseTrace';
import type { Making } from '../trace/provenance';
import { splitterNamed } from '../trace/splitters';
import { withEdits, type TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { guarded } from './craftGuard';
import { refuse, say, type LoadedCraftParts } from './craftParts';
import { closeDraftTabs, showDraft, showMoved } from './craftTabs';

const ANEW = 'Regenerate on the Text as It Is Now';
const DIFFERENCE = 'Show Difference';
const COPY = 'Keep as a Copy';

/** What a person wants instead of what they asked for. */
type Instead = 'regenerate' | undefined;

interface Ready {
  readonly edits: readonly TextEdit[];
  /** What the guard is asked about. */
  readonly texts: readonly string[];
  /** Where the cursor is to stand, in the text after. */
  readonly cursor: number;
  readonly done: string;
}

/** *Accept*: what stands in a draft becomes part of its trace, as one change, if the trace is still the one that it was made for. */
export class CraftAccept {
  constructor(private readonly parts: LoadedCraftParts) {}

  /** Says itself why not, where it does not come to that; the draft is then kept. */
  async accept(draft: Draft): Promise<Instead> {
    const { drafts, writers, traces } = this.parts;
    if (writers.isWriting(draft.id)) {
      await refuse(`${draft.teacher} is still writing. Wait for the end, or stop it and finish the text yourself.`);
      return undefined;
    }
    // Of the last key VS Code may not have told yet.
    await drafts.shown(draft.id);
    if (draft.made === undefined && drafts.get(draft.id)?.typed !== true) return this.unfinished(draft);
    const document = await this.open(draft);
    if (document === undefined) return this.gone(draft);
    const state = traces.state(document);
    if (state?.trace.text !== draft.base) return this.moved(draft);
    const { trace } = state;
    const passed = await this.passed(draft, trace);
    if (passed === undefined || passed === 'regenerate') return passed;
    if (document.getText() !== draft.base) return this.moved(draft);
    await this.insert(draft, document, passed);
    return undefined;
  }

  /** What is put into the trace that the draft was made for, once the person and the guard let it; says itself why not. */
  private async passed(draft: Draft, trace: Trace): Promise<Ready | Instead> {
    const { drafts } = this.parts;
    // Of what was read out of the draft nothing may change while questions are open.
    const text = drafts.text(draft);
    const first = this.ready(draft, trace, text, undefined);
    if (isRefusal(first)) {
      await refuse(first.reason);
      return undefined;
    }
    if (!(await this.insideAlone(draft, trace, text))) return undefined;
    const guard = await guarded(this.parts, vscode.Uri.parse(draft.trace), first.texts, trace);
    if (!guard.may) {
      if (guard.quoted !== undefined) await this.reveal(draft, guard.quoted);
      return guard.again === true ? 'regenerate' : undefined;
    }
    const ready = this.ready(draft, trace, text, guard.recorded);
    if (isRefusal(ready)) {
      await refuse(ready.reason);
      return undefined;
    }
    if (drafts.text(draft) !== text) {
      await refuse('The draft was changed while it was being accepted, so nothing was inserted. Accept it again.');
      return undefined;
    }
    return ready;
  }

  private ready(draft: Draft, trace: Trace, text: string, guard: string | undefined): Ready | { readonly reason: string } {
    const { of } = draft;
    const checked = guard === undefined ? 'guard: not checked' : `guard: ${guard}`;
    if (of.kind === 'polish') {
      const polished = polishedDraft(trace, of.steps, text, guard?.startsWith('no ') === true);
      return isRefusal(polished) ? polished : { ...polished, done: `The seam is polished · ${checked}` };
    }
    const place = draftPlace(trace, of.target);
    if (isRefusal(place)) return place;
    const read = readDraft(trace, of.target, place, text);
    if (isRefusal(read)) return read;
    const craft = craftEdit(trace, of.target, read.texts, makingOf(draft, of.recipe, read.texts, guard));
    if (isRefusal(craft)) return craft;
    return { edits: craft.edits, texts: read.texts, cursor: craft.slots[0]?.start ?? 0, done: `${draft.label}: ${placeInWords(of.target, read.texts.length)} · ${checked}` };
  }

  /** Only the steps that were asked for are taken out of a draft; says so where more was changed. */
  private async insideAlone(draft: Draft, trace: Trace, text: string): Promise<boolean> {
    if (draft.of.kind !== 'insert') return true;
    const place = draftPlace(trace, draft.of.target);
    const read = isRefusal(place) ? place : readDraft(trace, draft.of.target, place, text);
    if (isRefusal(read) || read.changedLine === undefined) return true;
    const act = 'Accept the New Steps Alone';
    const detail = 'Only the new steps are taken out of a draft. To keep the other change, make it in the trace itself after this.';
    return (await vscode.window.showWarningMessage(`The draft differs from the trace on line ${String(read.changedLine)} too, which is not part of what is inserted.`, { modal: true, detail }, act)) === act;
  }

  private async insert(draft: Draft, document: vscode.TextDocument, { edits, cursor, done }: Ready): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits) edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    const after = withEdits(draft.base, edits);
    if (!(await vscode.workspace.applyEdit(edit))) {
      await refuse('VS Code did not take the change: the document may be read-only, or changed just now. The draft is kept; try again.');
      return;
    }
    const viewColumn = await closeDraftTabs(this.parts.drafts, draft);
    const editor = await vscode.window.showTextDocument(document, { preview: false, ...(viewColumn === undefined ? {} : { viewColumn }) });
    this.parts.drafts.remove(draft.id);
    // A formatter or another extension may have changed the text already.
    if (document.getText() === after) {
      const at = document.positionAt(cursor);
      editor.selection = new vscode.Selection(at, at);
      editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
    say(done);
  }

  private async unfinished(draft: Draft): Promise<Instead> {
    const [anew, what] = ['Regenerate', draft.stage === 'failed' ? 'What came cannot be used as it is' : 'The writing was stopped before its end'];
    return (await refuse(`${what}. Finish the text in the draft, or have it written anew.`, anew)) === anew ? 'regenerate' : undefined;
  }

  private async open(draft: Draft): Promise<vscode.TextDocument | undefined> {
    try {
      return await vscode.workspace.openTextDocument(vscode.Uri.parse(draft.trace));
    } catch (error) {
      this.parts.output.error(`${draft.name}: ${String(error)}`);
      return undefined;
    }
  }

  /** Where there is no trace any more that a new text could be written for. */
  private async gone(draft: Draft): Promise<Instead> {
    const chosen = await refuse(`${draft.name} cannot be opened any more, so nothing was inserted. The draft is kept.`, COPY);
    if (chosen === COPY) await this.copy(draft);
    return undefined;
  }

  private async moved(draft: Draft): Promise<Instead> {
    const anew = draft.of.kind === 'insert' ? [ANEW] : [];
    const chosen = await refuse(`${draft.name} has changed since this draft was begun, so it was not inserted. The draft is kept.`, DIFFERENCE, ...anew, COPY);
    if (chosen === DIFFERENCE) await showMoved(this.parts.drafts, draft);
    else if (chosen === COPY) return this.copy(draft);
    return chosen === ANEW ? 'regenerate' : undefined;
  }

  /** An unsaved document of its own: the trace as it was with what the draft puts in, checked and recorded as in the trace itself. */
  private async copy(draft: Draft): Promise<Instead> {
    const splitter = vscode.workspace.getConfiguration('cotLens', vscode.Uri.parse(draft.trace)).get('splitter', '');
    const passed = await this.passed(draft, parseTrace(draft.base, splitterNamed(splitter)));
    if (passed === undefined || passed === 'regenerate') {
      say('Nothing was copied. The draft is kept.');
      return passed;
    }
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'cot', content: withEdits(draft.base, passed.edits) }), { preview: false });
    say(`Copied: ${passed.done}`);
    return undefined;
  }

  private async reveal(draft: Draft, quoted: string): Promise<void> {
    await showDraft(this.parts.drafts, draft);
    const uri = this.parts.drafts.uri(draft).toString();
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    const at = editor?.document.getText().indexOf(quoted) ?? -1;
    if (editor === undefined || at < 0) {
      say(`These words are not in the draft: ${plainLabel(quoted)}`);
      return;
    }
    const { document } = editor;
    editor.selection = new vscode.Selection(document.positionAt(at), document.positionAt(at + quoted.length));
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  }
}

function makingOf({ made, model, instructions }: Draft, recipe: string, texts: readonly string[], guard: string | undefined): Making {
  const same = (a: string, b: string | undefined): boolean => a.replace(/\r\n?/g, '\n').trim() === b?.replace(/\r\n?/g, '\n').trim();
  const edited = made === undefined || texts.length !== made.texts.length || texts.some((text, i) => !same(text, made.texts[i]));
  return {
    recipe,
    by: made?.model ?? model,
    edited,
    instructions: made?.instructions ?? instructions,
    at: new Date().toISOString(),
    ...(guard === undefined ? {} : { guard }),
  };
}

function placeInWords({ from, to }: Target, count: number): string {
  const what = count === 1 ? '1 step' : `${String(count)} steps`;
  if (to > from) return `step ${String(from + 1)}${to - from > 1 ? ` to ${String(to)}` : ''} replaced`;
  return from === 0 ? `${what} inserted before step 1` : `${what} inserted after step ${String(from)}`;
}
