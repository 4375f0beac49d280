import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';
import { isScore, type Score } from '../trace/verdict';

/** Who takes the keys 0–5, N, Backspace, Down and Escape while a document is scored by hand. */
export interface HandTarget {
  /** The document; in other editors the keys are VS Code's own. */
  readonly uri: string;
  give(score: Score): Promise<void> | void;
  note(): Promise<void> | void;
  previous(): Promise<void> | void;
  skip(): Promise<void> | void;
  /** @param why shown in the status bar, where it was not the person's own wish */
  leave(why?: string): void;
}

/**
 * The keys of scoring by hand: they count only while `cotLens.scoringByHand` is set, which is while the text of the target's
 * document has the focus. One target at a time; another one ends it.
 */
export class HandKeys implements Disposable {
  private target: HandTarget | undefined;
  private readonly own: vscode.Disposable[];
  private told = false;
  /** Keys pressed in quick succession are taken one after the other. */
  private queue: Promise<void> = Promise.resolve();

  constructor() {
    const command = (name: string, act: (target: HandTarget, argument: unknown) => Promise<void> | void): vscode.Disposable =>
      vscode.commands.registerCommand(`cotLens.hand.${name}`, (argument: unknown) => this.run((target) => act(target, argument)));
    this.own = [
      command('score', (target, argument) => {
        // 0 stands for “cannot be scored”, which is no score of 0 but none at all.
        const score = argument === 0 ? null : argument;
        return isScore(score) ? target.give(score) : undefined;
      }),
      command('note', (target) => target.note()),
      command('previous', (target) => target.previous()),
      command('skip', (target) => target.skip()),
      command('leave', (target) => {
        target.leave();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.tell();
      }),
    ];
  }

  dispose(): void {
    this.target?.leave();
    for (const one of this.own) one.dispose();
  }

  /** Gives the keys to a target; who had them before leaves. */
  take(target: HandTarget): void {
    const before = this.target;
    this.target = target;
    if (before !== target) before?.leave();
    this.tell();
  }

  /** Takes the keys away from a target, if it has them. */
  release(target: HandTarget): void {
    if (this.target !== target) return;
    this.target = undefined;
    this.tell();
  }

  private run(act: (target: HandTarget) => Promise<void> | void): Promise<void> {
    const { target } = this;
    if (target === undefined) return Promise.resolve();
    const done = this.queue.then(() => (this.target === target ? act(target) : undefined));
    this.queue = done.catch(() => undefined);
    return done;
  }

  private tell(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const on = this.target !== undefined && this.target.uri === uri;
    if (on === this.told) return;
    this.told = on;
    void vscode.commands.executeCommand('setContext', 'cotLens.scoringByHand', on);
  }
}
