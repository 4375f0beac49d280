import { hash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TokenCount, TokensOfSample } from '../craft/checks/sampleCheck';
import { CHARACTERS_PER_TOKEN } from '../judge/model/window';
import type { TokensOf } from '../session/sampleChecks';
import { EventSource, type Disposable } from '../trace/event';
import { tokenLimit } from './tokenLimit';
import type { TokenThread } from './tokenCounts.onDemand';

/** Milliseconds after which a tokenizer is given up, reading it included. Ours. */
const PATIENCE = 30_000;
/** So many counts are kept. Ours. */
const KEPT = 500;

type Counted = TokensOfSample['counted'];

/**
 * How many tokens a sample's text has, by the tokenizer of the model that is to be trained (`cotLens.training.tokenizer`), counted in a
 * thread of its own; without one an estimate that says so. Where the chosen tokenizer cannot count, nothing is counted, and why is said.
 */
export class TokenCounts implements TokensOf, Disposable {
  private readonly counts = new Map<string, Counted>();
  private readonly counting = new Map<string, Set<string>>();
  private readonly counted: EventSource<string | undefined>;
  private readonly listening: vscode.Disposable;
  private thread: Promise<TokenThread> | undefined;
  private disposed = false;

  constructor(private readonly failed: (error: unknown) => void) {
    this.counted = new EventSource(failed);
    this.listening = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('cotLens.training')) this.forget();
    });
  }

  get onDidCount(): (listener: (uri: string | undefined) => void) => Disposable {
    return this.counted.event;
  }

  of(uri: string, text: string): TokensOfSample | undefined {
    const scope = vscode.Uri.parse(uri);
    const limit = tokenLimit(scope);
    const place = placeOf(vscode.workspace.getConfiguration('cotLens.training', scope).get('tokenizer', ''), uri);
    if (place === undefined) return { limit, counted: estimate(text) };
    if (typeof place === 'object') return { limit, counted: place };
    const key = `${place} ${hash('sha256', text, 'hex')}`;
    const known = this.counts.get(key);
    if (known !== undefined) return { limit, counted: known };
    const waiting = this.counting.get(key);
    if (waiting !== undefined) waiting.add(uri);
    else this.count(key, place, uri, text);
    return undefined;
  }

  dispose(): void {
    this.disposed = true;
    this.listening.dispose();
    this.endThread();
    this.counted.dispose();
  }

  private count(key: string, place: string, uri: string, text: string): void {
    const waiting = new Set([uri]);
    this.counting.set(key, waiting);
    this.thread ??= import('./tokenCounts.onDemand').then(({ startTokenThread }) => startTokenThread(PATIENCE));
    this.thread
      .then((thread) => thread.count(place, text))
      .then((count) => {
        // The settings changed meanwhile, and all is asked for anew.
        if (this.disposed || this.counting.get(key) !== waiting) return;
        this.counting.delete(key);
        this.keep(key, 'failed' in count ? count : { tokens: count.tokens, by: count.name, estimated: false });
        for (const one of waiting) this.counted.fire(one);
      })
      .catch(this.failed);
  }

  private keep(key: string, count: Counted): void {
    this.counts.set(key, count);
    const [oldest] = this.counts.keys();
    if (this.counts.size > KEPT && oldest !== undefined) this.counts.delete(oldest);
  }

  /** The thread goes too: with it the tokenizer that it keeps, whose file may have changed. */
  private forget(): void {
    this.counts.clear();
    this.counting.clear();
    this.endThread();
    this.counted.fire(undefined);
  }

  private endThread(): void {
    this.thread?.then((thread) => {
      thread.dispose();
    }, this.failed);
    this.thread = undefined;
  }
}

function estimate(text: string): TokenCount {
  return { tokens: Math.ceil(text.length / CHARACTERS_PER_TOKEN), by: `${String(CHARACTERS_PER_TOKEN)} characters a token`, estimated: true };
}

/** Where the chosen tokenizer is; `undefined` where none is chosen. It is a file of the workspace, so it is read where that is trusted. */
function placeOf(setting: unknown, uri: string): string | { readonly failed: string } | undefined {
  if (typeof setting !== 'string' || setting.trim() === '') return undefined;
  if (!vscode.workspace.isTrusted) return { failed: 'The workspace is not trusted, so the tokenizer that cotLens.training.tokenizer names is not read.' };
  const place = setting.trim();
  if (path.isAbsolute(place)) return place;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri)) ?? vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) return { failed: `cotLens.training.tokenizer names “${place}”, and no folder is open that this could be in. Give the whole path.` };
  return path.join(folder.uri.fsPath, place);
}
