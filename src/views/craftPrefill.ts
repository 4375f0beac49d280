import * as vscode from 'vscode';
import { counterAlignment, prefillOf, PREFILL_WORDS, type PrefillCut } from '../craft/prefill';
import { isRefusal, type Known } from '../craft/recipe';
import { knownOf } from '../host/crafting';
import { plainLabel } from '../host/plainLabel';
import type { TraceState } from '../session/traceState';
import { countOf } from '../trace/countOf';
import { parseTrace } from '../trace/parseTrace';
import { splitterNamed } from '../trace/splitters';
import { refuse, type LoadedCraftParts } from './craftParts';
import { craftSpot } from './craftSpot';

/** *Prefill Flawed Reasoning up to Here…*: a document of its own whose reasoning begins as this trace's does, and is open (RECAP). */
export async function prefillHere({ traces }: LoadedCraftParts): Promise<void> {
  const spot = await craftSpot(traces);
  if (spot === undefined) return;
  const { document, state, at } = spot;
  // Whether there is anything to cut is said before anything is asked.
  const all = prefillOf(state.trace, { kind: 'words', words: Number.MAX_SAFE_INTEGER });
  if (isRefusal(all)) {
    const setIntent = 'Set Intent…';
    const buttons = state.trace.intent === 'unknown' ? [setIntent] : [];
    if ((await refuse(all.reason, ...buttons)) === setIntent) await vscode.commands.executeCommand('cotLens.setIntent');
    return;
  }
  const cut = await askCut(state, at.end, all.words);
  if (cut === undefined) return;
  const made = prefillOf(state.trace, cut);
  if (isRefusal(made)) {
    await refuse(made.reason);
    return;
  }
  const aligned = await askAlignment(state, made.text);
  if (aligned === undefined) return;
  const from = await askSource(state);
  if (from === undefined) return;
  if (document.getText() !== state.trace.text) {
    await refuse('The trace changed while this was being asked, so nothing was made of it. Try again.');
    return;
  }
  const prefill = prefillOf(state.trace, cut, { at: new Date().toISOString(), counterAligned: aligned, ...(from === '' ? {} : { from }) });
  if (isRefusal(prefill)) {
    await refuse(prefill.reason);
    return;
  }
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'cot', content: prefill.text }), { preview: false });
  if (prefill.whole && cut.kind === 'words' && prefill.words < cut.words) {
    void vscode.window.showInformationMessage(`The whole chain was taken: it has ${countOf(prefill.words, 'word')}, fewer than ${String(cut.words)}.`);
  }
}

async function askCut({ trace }: TraceState, cursor: number, most: number): Promise<PrefillCut | undefined> {
  const here = prefillOf(trace, { kind: 'offset', offset: cursor });
  const toHere = isRefusal(here)
    ? { label: '$(circle-slash) Up to the cursor', description: here.reason, cut: undefined }
    : { label: '$(arrow-right) Up to the cursor', description: here.whole ? `the whole chain, ${countOf(here.words, 'word')}` : countOf(here.words, 'word'), cut: { kind: 'offset', offset: cursor } as const };
  const byWords = { label: '$(list-ordered) After so many words…', description: `of ${countOf(most, 'word')}; RECAP takes ${String(PREFILL_WORDS)}`, cut: undefined };
  const picked = await vscode.window.showQuickPick(isRefusal(here) ? [byWords, toHere] : [toHere, byWords], { title: 'How much of this reasoning is the prefill?' });
  if (picked === undefined) return undefined;
  if (picked === toHere && isRefusal(here)) {
    await refuse(here.reason);
    return undefined;
  }
  if (picked !== byWords) return toHere.cut;
  const typed = await vscode.window.showInputBox({
    title: 'Words of the prefill',
    prompt: `RECAP counts length in words: 500 by default, 100 to 700 were studied. This chain has ${String(most)}; a shorter chain than asked for is taken whole.`,
    value: String(PREFILL_WORDS),
    validateInput: (value) => (/^\s*[1-9]\d{0,6}\s*$/.test(value) ? undefined : 'A whole number of words, 1 or more.'),
  });
  return typed === undefined || !/^\s*[1-9]\d{0,6}\s*$/.test(typed) ? undefined : { kind: 'words', words: Number(typed) };
}

/** How the prefill is known to be counter-aligned; `undefined` where it is not, or nobody declares it. */
async function askAlignment(state: TraceState, text: string): Promise<string | undefined> {
  const { kind, reason, recorded } = counterAlignment(state.trace.intent, knownOfPrefill(state, text), state.judge);
  if (kind === 'counter') return recorded ?? 'judged';
  if (kind === 'aligned') {
    await refuse(reason);
    return undefined;
  }
  const [declare, score] = ['Declare It Counter-Aligned', 'Score Steps'];
  const what = state.trace.intent === 'benign' ? 'over-cautious' : 'unsafe';
  const detail = `${plainLabel(reason, 600)} A prefill for a prompt whose intent is ${state.trace.intent} must be ${what}. What you declare is recorded with it.`;
  const chosen = await vscode.window.showWarningMessage(`Is this reasoning ${what}?`, { modal: true, detail }, declare, score);
  if (chosen === score) await vscode.commands.executeCommand('cotLens.score');
  return chosen === declare ? 'declared' : undefined;
}

/** The scores of those steps that the prefill holds whole: one that was cut is another text than was scored. */
function knownOfPrefill(state: TraceState, text: string): Known {
  const { steps } = parseTrace(text, splitterNamed(state.trace.splitter)).chain;
  const known = knownOf(state);
  const of = (scores: readonly (number | null)[]): (number | null)[] => steps.map((step, i) => (step.text === state.turn.steps[i]?.text ? (scores[i] ?? null) : null));
  return { harmfulness: of(known.harmfulness), helpfulness: of(known.helpfulness) };
}

/** Whose reasoning it is; empty where that is not known, `undefined` where the person left. */
async function askSource({ trace }: TraceState): Promise<string | undefined> {
  if (trace.frontMatter.model !== undefined) return trace.frontMatter.model;
  return vscode.window.showInputBox({
    title: 'Whose reasoning is this?',
    prompt: 'The model that wrote it, recorded with the prefill: RECAP takes flawed reasoning from a weakly aligned model. Leave it empty where that is not known.',
  });
}
