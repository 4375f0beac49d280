import * as vscode from 'vscode';
import { draftPlace, draftText, type DraftPlace } from '../craft/draftText';
import { offerOf } from '../craft/offer';
import { isRefusal, type Recipe, type Target } from '../craft/recipe';
import { recipeNamed } from '../craft/recipes';
import { knownOf } from '../host/crafting';
import type { Draft } from '../host/drafts';
import { plainLabel } from '../host/plainLabel';
import { documentName } from '../host/rowUris';
import type { ReadyTeacher } from '../host/teachers';
import type { Trace } from '../trace/trace';
import { failed, refuse, type LoadedCraftParts } from './craftParts';
import type { CraftSpot } from './craftSpot';
import { closeDraftTabs, showDraft } from './craftTabs';

const BY_HAND = 'Write by Hand';
const AGAIN = 'Try Again';
const SHOW = 'Show What Came';

/** What a person wants instead of a draft. */
type Instead = 'by hand' | undefined;

/** A teacher's text on its way into a draft, beside the trace. */
export class CraftPreview {
  constructor(private readonly parts: LoadedCraftParts) {}

  /** Asks whether text may be sent, opens a draft and has it written. @returns what the person wants instead */
  async begin(spot: CraftSpot, recipe: Recipe, target: Target, teacher: ReadyTeacher): Promise<Instead> {
    const { document, state } = spot;
    const { trace } = state;
    const place = draftPlace(trace, target);
    if (isRefusal(place)) {
      await refuse(place.reason);
      return undefined;
    }
    let instructions: string;
    try {
      instructions = teacher.instructionsFor(recipe, target.slots).version;
      if (!(await this.parts.consent.askToCraft(teacher, 'write', teacher.estimate({ trace, recipe, target })))) return undefined;
    } catch (error) {
      return (await failed(this.parts.output, error, BY_HAND)) === BY_HAND ? 'by hand' : undefined;
    }
    if (document.getText() !== trace.text) {
      await refuse('The trace changed while the question was open, so nothing was sent. Try again.');
      return undefined;
    }
    const draft = this.parts.drafts.start({
      of: { kind: 'insert', recipe: recipe.name, at: spot.at, target },
      trace: state.uri,
      name: documentName(document.uri),
      label: recipe.label,
      base: trace.text,
      teacher: teacher.name,
      model: teacher.destination.model,
      instructions,
    });
    await showDraft(this.parts.drafts, draft, spot.editor.viewColumn, document.positionAt(draftText(trace.text, place, []).inserted.start));
    return this.write(draft, teacher, { trace, recipe, target, place });
  }

  /** Has a draft written anew, on the trace as it is now; asks before what a person typed gives way. */
  async regenerate(draft: Draft): Promise<Instead> {
    const { of } = draft;
    const recipe = of.kind === 'insert' ? recipeNamed(of.recipe) : undefined;
    if (of.kind !== 'insert' || recipe === undefined) return undefined;
    if (draft.typed && !(await this.mayReplace())) return undefined;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(draft.trace));
    const state = this.parts.traces.state(document);
    if (state === undefined) {
      await refuse(`${draft.name} is no trace any more.`);
      return undefined;
    }
    const { trace } = state;
    const target = trace.text === draft.base ? of.target : targetNow(recipe, state, of.target);
    const place = typeof target === 'string' ? { reason: target } : draftPlace(trace, target);
    if (typeof target === 'string' || isRefusal(place)) {
      await refuse(isRefusal(place) ? place.reason : 'Nothing fits there any more.');
      return undefined;
    }
    let teacher: ReadyTeacher | undefined;
    try {
      teacher = await this.parts.teachers.teacher(document.uri);
      if (teacher === undefined) {
        await refuse('No teacher is set any more. Choose one with “Choose Teacher…”, or write the draft by hand.');
        return undefined;
      }
      if (!(await this.parts.consent.askToCraft(teacher, 'write', teacher.estimate({ trace, recipe, target, attempt: draft.attempt + 1 })))) return undefined;
      this.parts.writers.stop(draft.id);
      await this.parts.drafts.settle(draft);
      // Since it was asked for it may have been discarded, or typed into: neither is undone unasked.
      const now = this.parts.drafts.get(draft.id);
      if (now === undefined || (now.typed && !draft.typed && !(await this.mayReplace()))) return undefined;
      const { made: _made, ...rest } = draft;
      const anew = this.parts.drafts.replace({
        ...rest,
        of: { ...of, target },
        base: trace.text,
        teacher: teacher.name,
        model: teacher.destination.model,
        instructions: teacher.instructionsFor(recipe, target.slots).version,
        stage: 'writing',
        attempt: draft.attempt + 1,
        typed: false,
      });
      this.parts.drafts.show(anew.id, trace.text);
      await showDraft(this.parts.drafts, anew);
      return await this.write(anew, teacher, { trace, recipe, target, place });
    } catch (error) {
      await failed(this.parts.output, error);
      return undefined;
    }
  }

  /** Ends the writing, closes the preview and forgets the draft. Asks where a person has typed into it. */
  async discard(draft: Draft): Promise<void> {
    if (draft.typed) {
      const sure = await vscode.window.showWarningMessage('Discard this draft, with what you typed into it?', { modal: true }, 'Discard');
      if (sure !== 'Discard') return;
    }
    this.parts.writers.stop(draft.id);
    await closeDraftTabs(this.parts.drafts, draft);
    this.parts.drafts.remove(draft.id);
  }

  private async write(draft: Draft, teacher: ReadyTeacher, { place, ...request }: { trace: Trace; recipe: Recipe; target: Target; place: DraftPlace }): Promise<Instead> {
    const end = await this.parts.writers.write(draft, teacher, { ...request, attempt: draft.attempt }, place);
    if (end.kind !== 'failed') return undefined;
    this.parts.output.error(`${draft.name}: ${draft.teacher}: ${end.message}`);
    const buttons = [AGAIN, BY_HAND, ...(end.came === '' ? [] : [SHOW])];
    for (;;) {
      const chosen = await vscode.window.showErrorMessage(`CoT Lens: ${plainLabel(end.message, 1000)}`, ...buttons);
      const now = this.parts.drafts.get(draft.id);
      if (chosen === SHOW) {
        await vscode.window.showTextDocument(this.parts.drafts.came(draft, end.came), { preview: false });
        // What came is read beside the other ways out.
        continue;
      }
      if (chosen === AGAIN && now !== undefined) return this.regenerate(now);
      if (chosen !== BY_HAND) return undefined;
      if (now !== undefined) await this.discard(now);
      return this.parts.drafts.get(draft.id) === undefined ? 'by hand' : undefined;
    }
  }

  /** Asks before what a person typed into a draft gives way to another. */
  async mayReplace(): Promise<boolean> {
    const act = 'Write Anew';
    return (await vscode.window.showWarningMessage('Write this draft anew? What you typed into it gives way.', { modal: true }, act)) === act;
  }
}

/** Where the recipe works now that the trace has changed: at the same boundary or step; else why it does not. */
function targetNow(recipe: Recipe, state: CraftSpot['state'], { from, to }: Target): Target | string {
  const { steps } = state.trace.chain;
  const before = steps[from - 1];
  const offset = to > from ? steps[from]?.start : (before?.end ?? steps[from]?.start);
  if (offset === undefined) return 'The trace has fewer steps now, so the place of this draft is gone. Keep what you need of it, discard it, and craft at another place.';
  const offer = offerOf(recipe, state.trace, { start: offset, end: offset }, knownOf(state));
  return 'refused' in offer ? offer.refused : offer.target;
}
