import * as vscode from 'vscode';
import type { GuardVerdict } from '../craft/guard';
import type { ReadyGuard } from '../host/teachers';
import { plainLabel } from '../host/plainLabel';
import type { Trace } from '../trace/trace';
import { failed, withStop, type LoadedCraftParts } from './craftParts';

/** May what a teacher wrote be inserted? */
export type Guarded =
  /** `recorded`: what provenance says of it; `undefined` where nobody checked. */
  | { readonly may: true; readonly recorded: string | undefined }
  /** `quoted`: the words that block it, for a look at them; `again`: another text is wanted. */
  | { readonly may: false; readonly quoted?: string; readonly again?: boolean };

const SHOW = 'Show It';
const ANEW = 'Regenerate';

/** Asks the guard, where one is set, before a teacher's text is inserted: yes blocks it, unsure asks the person. */
export async function guarded({ teachers, consent, output }: LoadedCraftParts, resource: vscode.Uri, texts: readonly string[], trace: Trace): Promise<Guarded> {
  let guard: ReadyGuard | undefined;
  try {
    guard = await teachers.guard(resource);
    if (guard === undefined) return { may: true, recorded: undefined };
    if (!(await consent.askToCraft(guard, 'check', guard.estimate(texts, trace)))) return { may: false };
  } catch (error) {
    await failed(output, error);
    return { may: false };
  }
  const asked = guard;
  for (;;) {
    let stopped = false;
    try {
      const verdict = await withStop(`${asked.name} checks what was written`, (signal) => {
        signal.addEventListener('abort', () => { stopped = true; });
        return asked.check(texts, trace, signal);
      });
      return await decided(verdict);
    } catch (error) {
      if (stopped) return { may: false };
      const [again, unchecked] = ['Try Again', 'Accept Unchecked'];
      const chosen = await failed(output, error, again, unchecked);
      if (chosen === unchecked) return { may: true, recorded: undefined };
      if (chosen !== again) return { may: false };
    }
  }
}

async function decided(verdict: GuardVerdict): Promise<Guarded> {
  const { guard, rubric, span, reason, note } = verdict;
  const recorded = `${verdict.verdict} by ${guard}, rubric ${rubric}`;
  if (verdict.verdict === 'no') return { may: true, recorded };
  const quoted = span === undefined ? '' : ` It means “${plainLabel(span, 200)}”.`;
  const why = `${plainLabel(reason, 300)}${quoted}${note === undefined ? '' : ` ${plainLabel(note, 200)}`}`;
  const name = plainLabel(guard);
  const shows = span === undefined ? [] : [SHOW];
  if (verdict.verdict === 'unsure') {
    const accept = 'Accept All the Same';
    const chosen = await vscode.window.showWarningMessage(`${name} is not sure whether this holds operational detail. Insert it?`, { modal: true, detail: why }, accept, ...shows);
    return chosen === accept ? { may: true, recorded } : { may: false, ...(chosen === SHOW && span !== undefined ? { quoted: span } : {}) };
  }
  const chosen = await vscode.window.showErrorMessage(`CoT Lens: not inserted, because ${name} says that this holds operational detail. ${why} Change the draft, have it written anew, or discard it.`, ...shows, ANEW);
  return { may: false, ...(chosen === SHOW && span !== undefined ? { quoted: span } : {}), ...(chosen === ANEW ? { again: true } : {}) };
}
