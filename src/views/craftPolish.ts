import * as vscode from 'vscode';
import type { SeamChange } from '../craft/teacher';
import type { Draft } from '../host/drafts';
import { documentName } from '../host/rowUris';
import type { TraceState } from '../session/traceState';
import { parseTrace } from '../trace/parseTrace';
import { injectedOf } from '../trace/provenance';
import { splitterNamed } from '../trace/splitters';
import { withEdits } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { failed, refuse, say, withStop, type LoadedCraftParts } from './craftParts';
import { craftSpot, type CraftSpot } from './craftSpot';
import { closeDraftTabs, showDraft } from './craftTabs';

/** *Polish the Seam*: the teacher's small changes of the steps beside injected ones, as a draft to accept or to refuse, each of them. */
export async function polishSeam(parts: LoadedCraftParts): Promise<void> {
  const spot = await craftSpot(parts.traces);
  if (spot === undefined) return;
  const steps = injectedRun(spot.state, spot.at.start);
  if (steps.length === 0) {
    await refuse('Put the cursor into an inserted step, or beside one: polishing is for the steps around it.');
    return;
  }
  try {
    await polish(parts, spot, steps, 0);
  } catch (error) {
    await failed(parts.output, error);
  }
}

/** Polishes the seam of a draft once more, on its trace as it is now; the draft gives way when there is another. */
export async function polishAnew(parts: LoadedCraftParts, draft: Draft, of: readonly number[]): Promise<void> {
  const { drafts, traces, output } = parts;
  try {
    const spot = await craftSpot(traces, { uri: draft.trace });
    if (spot === undefined) return;
    const steps = spot.state.trace.text === draft.base ? of : sameRun(spot.state, draft.base, of);
    if (steps.length === 0) {
      await refuse('The inserted steps that this draft was for are not in the trace any more. Keep what you need of it, then discard it.');
      return;
    }
    const anew = await polish(parts, spot, steps, draft.attempt + 1);
    const now = drafts.get(draft.id);
    // What was typed into it since is not lost with it.
    if (anew === undefined || now === undefined || (now.typed && !draft.typed)) return;
    await closeDraftTabs(drafts, now);
    drafts.remove(now.id);
  } catch (error) {
    await failed(output, error);
  }
}

/** The run that now holds the injected step with which the draft's began. */
function sameRun(state: TraceState, base: string, of: readonly number[]): readonly number[] {
  const { trace } = state;
  const text = parseTrace(base, splitterNamed(trace.splitter)).chain.steps[of[0] ?? 0]?.text;
  const found = injectedOf(trace).steps.map(({ step }) => trace.chain.steps[step]).find((step) => step?.text === text);
  return found === undefined ? [] : injectedRun(state, found.start);
}

/** @param attempt how often this seam was polished before @returns the draft that it came to, if any */
async function polish(parts: LoadedCraftParts, { document, state, editor }: CraftSpot, steps: readonly number[], attempt: number): Promise<Draft | undefined> {
  const { trace } = state;
  const teacher = await parts.teachers.teacher(document.uri);
  if (teacher === undefined) {
    const choose = 'Choose Teacher…';
    if ((await refuse('Polishing takes a teacher, and none is set. By hand: change the steps before and after in the text.', choose)) === choose) {
      await vscode.commands.executeCommand('cotLens.chooseTeacher');
    }
    return undefined;
  }
  const sending = teacher.estimatePolish(trace, steps);
  if (sending === undefined) {
    await refuse('No step of the base chain stands beside the inserted ones, so there is nothing to polish.');
    return undefined;
  }
  if (!(await parts.consent.askToCraft(teacher, 'polish', sending))) return undefined;
  let stopped = false;
  const polished = await withStop(`${teacher.name} polishes the seam`, async (signal) => {
    signal.addEventListener('abort', () => { stopped = true; });
    return teacher.polish(trace, steps, signal, attempt);
  }).catch((error: unknown) => {
    if (stopped) return undefined;
    throw error;
  });
  if (polished === undefined) return undefined;
  for (const note of polished.notes) parts.output.info(`${documentName(document.uri)}: ${note}`);
  const notes = polished.notes.length === 0 ? '' : ` ${polished.notes.join(' ')}`;
  if (polished.changes.length === 0) {
    void vscode.window.showInformationMessage(`The seam reads well as it is, says ${teacher.name}.${notes}`);
    return undefined;
  }
  if (notes !== '') say(notes);
  const begun = parts.drafts.start({
    of: { kind: 'polish', steps },
    trace: state.uri,
    name: documentName(document.uri),
    label: 'Polished seam',
    base: trace.text,
    teacher: teacher.name,
    model: polished.model,
    instructions: polished.instructions,
  });
  const draft = parts.drafts.replace({ ...begun, attempt });
  parts.drafts.show(draft.id, withChanges(trace, polished.changes));
  parts.drafts.update(draft.id, { stage: 'written', made: { model: polished.model, instructions: polished.instructions, texts: polished.changes.map(({ after }) => after) } });
  const first = trace.chain.steps[polished.changes[0]?.step ?? 0]?.start ?? 0;
  await showDraft(parts.drafts, draft, editor.viewColumn, document.positionAt(first));
  await parts.drafts.shown(draft.id);
  return draft;
}

/** The injected steps around a place, a run of neighbours: of the step there, else of one beside it. */
export function injectedRun({ trace }: Pick<TraceState, 'trace'>, at: number): readonly number[] {
  const injected = new Set(injectedOf(trace).steps.map(({ step }) => step));
  const here = trace.chain.steps.findLastIndex(({ start }) => start <= at);
  const found = [here, here + 1, here - 1].find((step) => injected.has(step));
  if (found === undefined) return [];
  let [first, last] = [found, found];
  while (injected.has(first - 1)) first--;
  while (injected.has(last + 1)) last++;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function withChanges({ text, chain }: Trace, changes: readonly SeamChange[]): string {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return withEdits(
    text,
    changes.flatMap(({ step, after }) => {
      const span = chain.steps[step];
      return span === undefined ? [] : [{ start: span.start, end: span.end, text: after.replace(/\r\n?|\n/g, eol) }];
    }),
  );
}
