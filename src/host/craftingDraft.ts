import * as vscode from 'vscode';
import { draftText, type DraftPlace } from '../craft/draftText';
import { isTeacherFault, type WriteRequest } from '../craft/teacher';
import type { Disposable } from '../trace/event';
import type { Draft, Drafts } from './drafts';
import type { ReadyTeacher } from './teachers';

/** Milliseconds between two showings of what came so far: fast enough to look alive. Ours. */
const SHOW_EVERY = 80;
/** So long after a person has put the cursor into a draft nothing more is shown, so that the first key goes where they put it. Ours. */
const HOLD = 2000;

/** How a teacher's writing ended. */
export type WritingEnd =
  | { readonly kind: 'written' }
  /** By the person: the command, or a key pressed in the draft. */
  | { readonly kind: 'stopped'; readonly typed: boolean }
  /** In words for the researcher, and all that the teacher said, where it said anything. */
  | { readonly kind: 'failed'; readonly message: string; readonly came: string };

/** Lets teachers write into drafts, one at a time in each. */
export class DraftWriters implements Disposable {
  private readonly running = new Map<string, AbortController>();
  private readonly heldUntil = new Map<string, number>();
  private readonly listening: Disposable[];

  constructor(private readonly drafts: Drafts) {
    this.listening = [
      // What a person types is not to be mixed with what still comes.
      drafts.onDidType(({ id }) => {
        this.stop(id);
      }),
      // A document that is read anew moves the cursor.
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        const id = kind === undefined || kind === vscode.TextEditorSelectionChangeKind.Command ? undefined : drafts.of(textEditor.document.uri)?.id;
        if (id !== undefined && this.running.has(id)) this.heldUntil.set(id, Date.now() + HOLD);
      }),
    ];
  }

  dispose(): void {
    for (const one of this.listening) one.dispose();
    for (const run of this.running.values()) run.abort();
  }

  isWriting(id: string): boolean {
    return this.running.has(id);
  }

  stop(id: string): void {
    this.running.get(id)?.abort();
  }

  /** Writes into a draft until the teacher has ended or is stopped; what came stays in it. Never throws. */
  async write(draft: Draft, teacher: ReadyTeacher, request: WriteRequest, place: DraftPlace): Promise<WritingEnd> {
    const { id, base } = draft;
    const run = new AbortController();
    this.stop(id);
    this.running.set(id, run);
    let latest: readonly string[] = [];
    let timer: NodeJS.Timeout | undefined;
    /** Notes how this run is going, unless the draft is another run's by now. */
    const note = (more: Partial<Pick<Draft, 'stage' | 'made'>>): Draft | undefined =>
      this.running.get(id) === run && this.drafts.get(id)?.attempt === draft.attempt ? this.drafts.update(id, more) : undefined;
    const stopped = async (): Promise<WritingEnd> => {
      await this.drafts.shown(id);
      return { kind: 'stopped', typed: note({ stage: 'stopped' })?.typed === true };
    };
    const show = (): void => {
      timer = undefined;
      if (run.signal.aborted) return;
      if (this.held(id) > 0) timer = setTimeout(show, this.held(id));
      else this.drafts.show(id, draftText(base, place, latest).text);
    };
    try {
      const written = await teacher.write(request, run.signal, (texts) => {
        latest = texts;
        timer ??= setTimeout(show, SHOW_EVERY);
      });
      if (run.signal.aborted) return await stopped();
      latest = written.texts;
      while (this.held(id) > 0 && !isAborted(run.signal)) await new Promise((resolve) => setTimeout(resolve, SHOW_EVERY));
      if (isAborted(run.signal)) return await stopped();
      show();
      await this.drafts.shown(id);
      note({ stage: 'written', made: { model: written.model, instructions: written.instructions, texts: written.texts } });
      return { kind: 'written' };
    } catch (error) {
      if (run.signal.aborted) return await stopped();
      note({ stage: 'failed' });
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error), came: isTeacherFault(error) ? error.text : latest.join('\n\n') };
    } finally {
      clearTimeout(timer);
      if (this.running.get(id) === run) {
        this.running.delete(id);
        this.heldUntil.delete(id);
      }
    }
  }

  /** Milliseconds for which nothing is to be shown yet. */
  private held(id: string): number {
    return Math.max(0, (this.heldUntil.get(id) ?? 0) - Date.now());
  }
}

/** Asked again after a wait: the compiler would keep the first answer. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
