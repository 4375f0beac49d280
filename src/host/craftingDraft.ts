import { draftText, type DraftPlace } from '../craft/draftText';
import { isTeacherFault, type WriteRequest } from '../craft/teacher';
import type { Disposable } from '../trace/event';
import type { Draft, Drafts } from './drafts';
import type { ReadyTeacher } from './teachers';

/** Milliseconds between two showings of what came so far: fast enough to look alive. Ours. */
const SHOW_EVERY = 80;

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
  private readonly listening: Disposable;

  constructor(private readonly drafts: Drafts) {
    // What a person types is not to be mixed with what still comes.
    this.listening = drafts.onDidType(({ id }) => {
      this.stop(id);
    });
  }

  dispose(): void {
    this.listening.dispose();
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
    const show = (): void => {
      timer = undefined;
      if (!run.signal.aborted) this.drafts.show(id, draftText(base, place, latest).text);
    };
    try {
      const written = await teacher.write(request, run.signal, (texts) => {
        latest = texts;
        timer ??= setTimeout(show, SHOW_EVERY);
      });
      if (run.signal.aborted) return this.stopped(id);
      latest = written.texts;
      show();
      await this.drafts.shown(id);
      this.drafts.update(id, { stage: 'written', made: { model: written.model, instructions: written.instructions, texts: written.texts } });
      return { kind: 'written' };
    } catch (error) {
      if (run.signal.aborted) return this.stopped(id);
      this.drafts.update(id, { stage: 'failed' });
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error), came: isTeacherFault(error) ? error.text : latest.join('\n\n') };
    } finally {
      clearTimeout(timer);
      if (this.running.get(id) === run) this.running.delete(id);
    }
  }

  private stopped(id: string): WritingEnd {
    const draft = this.drafts.update(id, { stage: 'stopped' });
    return { kind: 'stopped', typed: draft?.typed === true };
  }
}
