import * as vscode from 'vscode';
import type { Place } from '../curve/curvesModel';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';
import type { JudgeIdentity } from '../judge/judge';
import { identityKey } from '../judge/scoreRecord';
import { exchangeText } from '../session/exchangeText';
import { seenAt, type ExchangesOf } from '../session/exchangesOf';
import { stepAt } from '../session/stepAt';
import type { TraceState } from '../session/traceState';
import { judgeNameIn } from '../session/traceSummary';
import type { Disposable } from '../trace/event';
import { isIntent, type Intent } from '../trace/intent';

const SCHEME = 'cotlens-exchange';

/** Names one exchange, in the query of its document's URI. */
interface Address {
  readonly uri: string;
  readonly seen: string;
  readonly judge: string;
  readonly intent: Intent;
  readonly heading: string;
}

/** *What was sent*: a judge's exact request and reply for a step, as a read-only document. */
export class ExchangeDocuments implements Disposable, vscode.TextDocumentContentProvider {
  private readonly registration: vscode.Disposable;

  constructor(private readonly exchangesOf: ExchangesOf) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const address = addressOf(query);
    if (address === undefined) return 'This address names no exchange with a judge.\n';
    const found = await this.exchangesOf(address.uri, address.seen, address.judge, address.intent);
    return found === undefined ? `${address.heading}\n\nNothing is kept of it any more.\n` : exchangeText(found, address.heading);
  }

  /** Opens what was sent to a judge for a place of a trace; says why where there is nothing to open. */
  async show(state: TraceState, place: Place, judge: JudgeIdentity): Promise<void> {
    const where = place === 'answer' ? 'the answer' : `step ${String(place + 1)}`;
    const seen = seenAt(state, place, judge);
    const key = identityKey(judge);
    const { intent } = state.trace;
    if (seen === undefined || (await this.exchangesOf(state.uri, seen, key, intent)) === undefined) {
      void vscode.window.showInformationMessage(plainLabel(nothingKept(where, judge), 1000));
      return;
    }
    const doc = state.uri.split('/').at(-1) ?? '';
    const heading = `What ${judgeNameIn(state, judge)} was sent for ${where} of ${decodeURIComponent(doc)}, and what came back`;
    const address: Address = { uri: state.uri, seen, judge: key, intent, heading };
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${where.replace(' ', '-')} sent to ${judge.label.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').slice(0, 60)}.txt`,
      query: JSON.stringify(address),
    });
    // In the trace's own group, so that a page that asked stays in view.
    const beside = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === state.uri)?.viewColumn;
    await vscode.window.showTextDocument(uri, { preview: true, ...(beside === undefined ? {} : { viewColumn: beside }) });
  }

  /** The same for the step, or the answer, at the cursor, and the judge whose scores are shown. */
  async showAtCursor(traces: OpenTraces, document: vscode.TextDocument, editor: vscode.TextEditor): Promise<void> {
    const state = traces.state(document);
    if (state?.judge === undefined) {
      void vscode.window.showInformationMessage('Nobody has scored this trace yet, so nothing was sent.');
      return;
    }
    const offset = document.offsetAt(editor.selection.active);
    const { answer } = state.turn;
    const place = answer !== undefined && offset >= answer.start ? 'answer' : stepAt(state, offset)?.index;
    if (place === undefined) {
      void vscode.window.showInformationMessage('Put the cursor into a step, or into the answer, to see what was sent for it.');
      return;
    }
    await this.show(state, place, state.judge);
  }

  dispose(): void {
    this.registration.dispose();
  }
}

/** Why there is nothing to show of a place. */
export function nothingKept(where: string, judge: JudgeIdentity): string {
  if (judge.judge === 'offline') return `The offline heuristic sends nothing anywhere, for ${where} neither.`;
  if (judge.judge === 'person') return `A person scored ${where}: nothing was sent.`;
  return `Nothing is kept of what ${judge.label} was sent for ${where} as it stands now: it was scored on another text, or elsewhere. Score it again to keep its request and reply.`;
}

function addressOf(query: string): Address | undefined {
  try {
    const value = JSON.parse(query) as Partial<Address> | null;
    const ok = [value?.uri, value?.seen, value?.judge, value?.heading].every((part) => typeof part === 'string') && isIntent(value?.intent);
    return ok ? (value as Address) : undefined;
  } catch {
    return undefined;
  }
}
