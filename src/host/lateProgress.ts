import * as vscode from 'vscode';

/** A run that lasts longer than this shows a progress notification with a cancel button, in milliseconds. */
const SHOW_AFTER = 1000;

/** A progress notification that appears only if a run takes long; it has a cancel button where there is something to abort. */
export class LateProgress {
  private show: ((value: { message?: string; increment?: number }) => void) | undefined;
  private finish: (() => void) | undefined;
  private ended = false;
  private readonly timer: NodeJS.Timeout;
  private percent = 0;
  private shown = 0;
  private count = '';
  private wait = '';
  private waiting: NodeJS.Timeout | undefined;

  constructor(title: string, run: AbortController | undefined) {
    this.timer = setTimeout(() => {
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: run !== undefined },
        (progress, token) => {
          token.onCancellationRequested(() => {
            run?.abort();
          });
          this.show = (value) => {
            progress.report(value);
          };
          this.tell();
          // VS Code takes a moment to come back to us, and the run may be over by then.
          return this.ended ? Promise.resolve() : new Promise<void>((resolve) => (this.finish = resolve));
        },
      );
    }, SHOW_AFTER);
  }

  report(done: number, total: number): void {
    const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
    if (percent === this.percent && this.count !== '') return;
    this.percent = percent;
    this.count = `${String(done)} of ${String(total)}`;
    this.tell();
  }

  /** Says what some of the run waits for, for so long; the rest may go on meanwhile. */
  waits(message: string, milliseconds: number): void {
    clearTimeout(this.waiting);
    this.wait = message;
    this.waiting = setTimeout(() => {
      this.wait = '';
      this.tell();
    }, milliseconds);
    this.tell();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    clearTimeout(this.waiting);
    this.finish?.();
  }

  private tell(): void {
    const message = [this.count, this.wait].filter((part) => part !== '').join(' · ');
    if (this.show === undefined || message === '') return;
    this.show({ message, increment: this.percent - this.shown });
    this.shown = this.percent;
  }
}
