import * as vscode from 'vscode';
import type { SeamChange } from '../craft/teacher';
import { documentName } from '../host/rowUris';
import type { ReadyTeacher } from '../host/teachers';
import type { TraceState } from '../session/traceState';
import { injectedOf } from '../trace/provenance';
import { withEdits } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { failed, refuse, say, withStop, type LoadedCraftParts } from './craftParts';
import { craftSpot } from './craftSpot';
import { showDraft } from './craftTabs';

/** *Polish the Seam*: the teacher's small changes of the steps beside injected ones, as a draft to accept or to refuse, each of them. */
export async function polishSeam(parts: LoadedCraftParts): Promise<void> {
  const spot = await craftSpot(parts.traces);
  if (spot === undefined) return;
  const { document, state } = spot;
  const steps = injectedRun(state, spot.at.start);
  if (steps.length === 0) {
    await refuse('Put the cursor into an inserted step, or beside one: polishing is for the steps around it.');
    return;
  }
  try {
    const teacher = await parts.teachers.teacher(document.uri);
    if (teacher === undefined) {
      const choose = 'Choose Teacher…';
      if ((await refuse('Polishing takes a teacher, and none is set. By hand: change the steps before and after in the text.', choose)) === choose) {
        await vscode.commands.executeCommand('cotLens.chooseTeacher');
      }
      return;
    }
    await polish(parts, spot, steps, teacher);
  } catch (error) {
    await failed(parts.output, error);
  }
}

async function polish(parts: LoadedCraftParts, { document, state, editor }: NonNullable<Awaited<ReturnType<typeof craftSpot>>>, steps: readonly number[], teacher: ReadyTeacher): Promise<void> {
  const { trace } = state;
  const sending = teacher.estimatePolish(trace, steps);
  if (sending === undefined) {
    await refuse('No step of the base chain stands beside the inserted ones, so there is nothing to polish.');
    return;
  }
  if (!(await parts.consent.askToCraft(teacher, 'polish', sending))) return;
  let stopped = false;
  const polished = await withStop(`${teacher.name} polishes the seam`, async (signal) => {
    signal.addEventListener('abort', () => { stopped = true; });
    return teacher.polish(trace, steps, signal);
  }).catch((error: unknown) => {
    if (stopped) return undefined;
    throw error;
  });
  if (polished === undefined) return;
  for (const note of polished.notes) parts.output.info(`${documentName(document.uri)}: ${note}`);
  const notes = polished.notes.length === 0 ? '' : ` ${polished.notes.join(' ')}`;
  if (polished.changes.length === 0) {
    void vscode.window.showInformationMessage(`The seam reads well as it is, says ${teacher.name}.${notes}`);
    return;
  }
  if (notes !== '') say(notes);
  const draft = parts.drafts.start({
    of: { kind: 'polish', steps },
    trace: state.uri,
    name: documentName(document.uri),
    label: 'Polished seam',
    base: trace.text,
    teacher: teacher.name,
    model: polished.model,
    instructions: polished.instructions,
  });
  parts.drafts.show(draft.id, withChanges(trace, polished.changes));
  parts.drafts.update(draft.id, { stage: 'written', made: { model: polished.model, instructions: polished.instructions, texts: polished.changes.map(({ after }) => after) } });
  const first = trace.chain.steps[polished.changes[0]?.step ?? 0]?.start ?? 0;
  await showDraft(parts.drafts, draft, editor.viewColumn, document.positionAt(first));
  await parts.drafts.shown(draft.id);
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
