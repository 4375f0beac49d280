import * as vscode from 'vscode';
import type { Draft, Drafts } from '../host/drafts';
import { plainLabel } from '../host/plainLabel';
import type { Teachers } from '../host/teachers';
import type { Disposable } from '../trace/event';
import { countOf } from '../trace/countOf';
import { activeDraft } from './craftTabs';

/** Milliseconds between two counts of the words that came. */
const COUNT_EVERY = 400;

/** Tells menus and keys whether a draft is in front and being written, and says in the status bar how far it is and who wrote it. */
export class CraftStatus implements Disposable {
  private readonly item = vscode.window.createStatusBarItem('cotLens.draft', vscode.StatusBarAlignment.Left, 50);
  private readonly listening: Disposable[];
  private readonly told = new Map<string, boolean>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly drafts: Drafts,
    private readonly teachers: Pick<Teachers, 'nameOf' | 'onDidChange'>,
  ) {
    const update = (): void => {
      this.update();
    };
    this.item.name = 'CoT Lens: Draft';
    this.listening = [drafts.onDidChange(update), teachers.onDidChange(update), vscode.window.tabGroups.onDidChangeTabs(update), vscode.window.tabGroups.onDidChangeTabGroups(update)];
    this.update();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const one of this.listening) one.dispose();
    this.item.dispose();
    for (const key of this.told.keys()) void vscode.commands.executeCommand('setContext', key, false);
  }

  private update(): void {
    clearTimeout(this.timer);
    const draft = activeDraft(this.drafts);
    this.tell('cotLens.draft', draft !== undefined);
    this.tell('cotLens.draftWriting', draft?.stage === 'writing');
    this.tell('cotLens.draftIsPolish', draft?.of.kind === 'polish');
    if (draft === undefined) {
      this.item.hide();
      return;
    }
    this.show(draft);
    this.item.show();
    if (draft.stage === 'writing') this.timer = setTimeout(() => { this.update(); }, COUNT_EVERY);
  }

  private show(draft: Draft): void {
    const teacher = plainLabel(draft.teacher, 40);
    const guard = this.teachers.nameOf('guard');
    const checked = guard === undefined ? 'guard: not checked' : `${plainLabel(guard, 40)} checks before Accept`;
    const [text, tooltip] = {
      writing: [`$(sync~spin) ${teacher} writes · ${this.words(draft)} · stop`, 'Stop; what came so far stays in the draft. Typing into it stops too.'],
      written: [`$(edit) ${plainLabel(draft.label)} by ${plainLabel(draft.made?.model ?? draft.model, 40)}${draft.typed ? ', changed by you' : ''} · ${checked}`, 'Accept inserts it into the trace as one change'],
      stopped: [`$(edit) ${plainLabel(draft.label)}: ${draft.typed ? 'yours to finish' : 'stopped before its end'} · ${checked}`, 'Finish the text, then accept it; or have it written anew'],
      failed: [`$(warning) ${plainLabel(draft.label)}: ${draft.typed ? 'yours to finish' : 'what came cannot be used'}`, 'Have it written anew, finish it yourself, or discard it'],
    }[draft.stage];
    this.item.text = text ?? '';
    this.item.tooltip = tooltip;
    this.item.command = draft.stage === 'writing' ? 'cotLens.draft.stop' : 'cotLens.draft.accept';
  }

  /** How many words more the draft has than the trace had. */
  private words(draft: Draft): string {
    const count = (text: string): number => text.match(/\S+/g)?.length ?? 0;
    return countOf(Math.max(0, count(this.drafts.text(draft)) - count(draft.base)), 'word');
  }

  private tell(key: string, value: boolean): void {
    if (this.told.get(key) === value) return;
    this.told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
