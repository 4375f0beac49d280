import * as vscode from 'vscode';
import { curveChart } from '../curve/curveChart';
import { ALL_SERIES, type Series } from '../curve/series';
import type { OpenTraces } from '../host/openTraces';
import { injectedInWords } from '../session/injectedInWords';
import { stepAt } from '../session/stepAt';
import type { JoinedVerdict, TraceState } from '../session/traceState';
import { curveInWords, judgeNameIn } from '../session/traceSummary';
import { injectedOf, type InjectedStep } from '../trace/provenance';
import { chartColors } from './chartColors';
import { textInMarkdown } from './textInMarkdown';

/** Exact scores, change, reason and a small chart of the step under the pointer; of the answer its endpoint. */
export class StepHover implements vscode.HoverProvider {
  constructor(private readonly traces: OpenTraces) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const state = this.traces.state(document);
    if (state === undefined) return undefined;
    const offset = document.offsetAt(position);
    const { answer } = state.turn;
    if (answer !== undefined && offset >= answer.start && offset <= answer.end) {
      if (state.answer === undefined) return undefined;
      return new vscode.Hover(describe(state, state.answer, undefined), rangeOf(document, answer));
    }
    const step = stepAt(state, offset);
    if (step === undefined || offset > step.end) return undefined;
    const injected = injectedIn(state).find((one) => one.step === step.index);
    if (state.judge === undefined && injected === undefined) return undefined;
    const joined = state.verdicts[step.index];
    return new vscode.Hover(describe(state, joined, step.index, injected), rangeOf(document, step));
  }
}

function rangeOf(document: vscode.TextDocument, span: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** Everything from outside (the reason, the judge's name) goes in as text; the Markdown around it is ours alone. */
function describe(state: TraceState, joined: JoinedVerdict | undefined, step: number | undefined, injected?: InjectedStep): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, false);
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  const { steps } = state.turn;
  markdown.appendMarkdown(step === undefined ? '**Answer** (endpoint)' : `**Step ${String(step + 1)} of ${String(steps.length)}**`);
  if (joined === undefined) {
    markdown.appendMarkdown(' · not scored yet\n\n');
  } else {
    for (const series of ALL_SERIES) markdown.appendMarkdown(` · ${score(state, joined, step, series)}`);
    markdown.appendMarkdown('\n\n');
    if (joined.stale) {
      markdown.appendMarkdown('*Stale: the text up to here has changed since. Score again to ask for what changed.*\n\n');
    }
    if (joined.verdict.reason !== '') {
      markdown.appendMarkdown(`${textInMarkdown(joined.verdict.reason)}\n\n`);
    }
  }
  if (injected !== undefined) markdown.appendMarkdown(`${textInMarkdown(injectedInWords(injected))}\n\n`);
  if (state.judge === undefined) return markdown;
  if (step !== undefined) markdown.appendMarkdown(`${chart(state, step)}\n\n`);
  for (const curve of state.curves) markdown.appendMarkdown(`${textInMarkdown(curveInWords(curve))}\n\n`);
  const day = joined === undefined ? '' : `, ${joined.time.slice(0, 10)}`;
  markdown.appendMarkdown(textInMarkdown(`by ${judgeNameIn(state, state.judge)}, rubric ${state.judge.rubric}${day}`));
  return markdown;
}

/** What was injected; nothing while somebody scores by hand, who must not know. */
function injectedIn({ trace, hiddenFrom }: TraceState): readonly InjectedStep[] {
  return hiddenFrom === undefined ? injectedOf(trace).steps : [];
}

function score(state: TraceState, joined: JoinedVerdict, step: number | undefined, series: Series): string {
  const value = joined.verdict[series];
  if (value === null) return `${series} –`;
  const before = step === undefined ? null : previousScore(state, step, series);
  return `${series} **${String(value)}**${before === null ? '' : ` (${change(value - before.score)} from step ${String(before.step + 1)})`}`;
}

function previousScore(state: TraceState, step: number, series: Series): { step: number; score: number } | null {
  for (let i = step - 1; i >= 0; i--) {
    const score = state.verdicts[i]?.verdict[series] ?? null;
    if (score !== null) return { step: i, score };
  }
  return null;
}

function change(by: number): string {
  return by === 0 ? '±0' : by > 0 ? `+${String(by)}` : `−${String(-by)}`;
}

function chart(state: TraceState, step: number): string {
  const svg = curveChart({ curves: state.curves, step, colors: chartColors(vscode.window.activeColorTheme.kind) });
  const scores = state.curves.map((curve) => `${curve.series} by step: ${curve.scores.slice(0, 60).map((s) => s ?? '-').join(' ')}`);
  return `![${scores.join('; ')}](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}
