import { countOf } from '../../trace/countOf';
import { plainLine } from '../../trace/plainLine';
import type { CheckStatus, PreflightCheck } from './preflight';

/** Characters of a line: an editor does not wrap such a document by itself. Ours. */
const WIDTH = 100;

const WORDS: Readonly<Record<CheckStatus, string>> = { error: 'ERROR', warning: 'WARNING', open: 'NOT CHECKED', ok: 'OK' };

/** What was looked at, whole, with the line (0-based) at which each check begins. */
export interface PreflightReport {
  readonly text: string;
  readonly lines: readonly number[];
}

/** All that was looked at before something goes out, in the order given. A list shows only the beginning of each. @param head what it was looked at for, a line each */
export function preflightReport(head: readonly string[], checks: readonly PreflightCheck[]): PreflightReport {
  const times = (status: CheckStatus): number => checks.filter((one) => one.status === status).length;
  const [errors, warnings] = [times('error'), times('warning')];
  const text = [...head.map((line) => plainLine(line)), '', `${errors === 0 ? 'No error' : countOf(errors, 'error')}, ${countOf(warnings, 'warning')}.${errors === 0 ? '' : ' Errors keep it from going out.'}`];
  const lines: number[] = [];
  for (const { about, status, said } of checks) {
    text.push('');
    lines.push(text.length);
    text.push(`${WORDS[status]}  ${plainLine(about)}`, ...wrapped(plainLine(said)).map((line) => `  ${line}`));
  }
  return { text: `${text.join('\n')}\n`, lines };
}

/** Breaks a line between words. A word that is longer stays whole. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
