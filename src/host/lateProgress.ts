import * as vscode from 'vscode';

/** A run that lasts longer than this shows a progress notification with a cancel button, in milliseconds. */
const SHOW_AFTER = 1000;

/** A progress notification that appears only if a run takes long. */
export class LateProgress {
  private show: ((value: { message?: string; increment?: number }) => void) | undefined;
  private finish: (() => void) | undefined;
  private readonly timer: NodeJS.Timeout;
  private percent = 0;
  private shown = 0;
  private message = '';

  constructor(title: string, run: AbortController) {
    this.timer = setTimeout(() => {
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        (progress, token) => {
          token.onCancellationRequested(() => {
            run.abort();
          });
          this.show = (value) => {
            progress.report(value);
          };
          this.tell();
          return new Promise<void>((resolve) => {
            this.finish = resolve;
          });
        },
      );
    }, SHOW_AFTER);
  }

  report(done: number, total: number): void {
    const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
    if (percent === this.percent && this.message !== '') return;
    this.percent = percent;
    this.message = `${String(done)} of ${String(total)}`;
    this.tell();
  }

  /** Says what the run waits for, until it goes on. */
  waits(message: string): void {
    this.show?.({ message });
  }

  end(): void {
    clearTimeout(this.timer);
    this.finish?.();
  }

  private tell(): void {
    if (this.show === undefined || this.message === '') return;
    this.show({ message: this.message, increment: this.percent - this.shown });
    this.shown = this.percent;
  }
}
