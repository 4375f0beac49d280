import type { ExportOptions, TrainingFormat } from '../curate/formats/trainingFormat';
import type { TemplateCheck } from '../curate/templateCheck';
import { countOf } from '../trace/countOf';
import type { ExportedFile, SetToExport } from './exportSet';

/** The counts on one line: `412 rows of 420 samples, 8 left out`. */
export function exportInBrief({ rows, leftOut, notChecked, check }: ExportedFile, set: SetToExport): string {
  const parts = [`${countOf(rows, 'row')} of ${countOf(set.samples.length, 'sample')}`];
  if (leftOut.length > 0) parts.push(`${numberOf(leftOut.length)} left out`);
  if (notChecked.length > 0) parts.push(`${countOf(notChecked.length, 'answer')} not checked`);
  if (check !== undefined && check.problems.length > 0) parts.push('the template check FAILED');
  return `${parts.join(', ')}.`;
}

/** All that is to be known of a training file before it is saved; what is left out has a line each. */
export function exportReport(exported: ExportedFile, set: SetToExport, format: TrainingFormat, options: ExportOptions): string {
  const { leftOut, check, checked, tokens } = exported;
  const lines = [
    `Training file of ${set.name} (SHA-256 ${set.sha256})`,
    '',
    `${format.label}: ${format.use}`,
    exportInBrief(exported, set),
    `Canary: ${options.canary}`,
    ...ruleLines(exported, format, options),
    ...tokenLines(tokens),
    '',
    ...(check === undefined ? ['Chat template: not checked.'] : [...allChecked(checked), ...checkLines(check)]),
    '',
    leftOut.length === 0 ? 'Nothing is left out.' : `Left out (${numberOf(leftOut.length)}):`,
    ...leftOut.map(({ id, reason }) => `  ${oneLine(id)}: ${oneLine(reason)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** How many of the samples came through the template. */
function allChecked(checked: ExportedFile['checked']): string[] {
  if (checked === undefined) return [];
  const { samples, failed } = checked;
  return [failed.length === 0 ? `Chat template: checked on ${countOf(samples, 'sample')}; the first one is shown here.` : `${failedInWords({ samples, failed })} The first of them is shown here.`];
}

/** Of which samples a template's rendering is wrong. */
export function failedInWords({ samples, failed }: NonNullable<ExportedFile['checked']>): string {
  return `The chat template renders ${numberOf(failed.length)} of ${countOf(samples, 'sample')} wrongly${listed(failed)}.`;
}

/** What the dual-use rule says of it. Prompts have no answer that could be checked. */
function ruleLines({ ablations, notChecked }: ExportedFile, { textUse }: TrainingFormat, { ablation }: ExportOptions): string[] {
  const recorded = `Recorded as an ablation; ${countOf(ablations.length, 'sample')} that ${ablations.length === 1 ? 'departs' : 'depart'} from the dual-use rule ${ablations.length === 1 ? 'is' : 'are'} in it${listed(ablations)}.`;
  if (textUse === 'prompt') return ablation ? [recorded] : ['Prompts only: no loss falls on what the samples hold.'];
  return [
    ablation ? recorded : 'No ablation: each sample has a correction, where it has an error, and a final answer.',
    notChecked.length === 0 ? 'The final answers were checked by named judges.' : `Not checked: no named judge has scored the final answer of ${countOf(notChecked.length, 'sample')}${listed(notChecked)}.`,
  ];
}

/** A template's check, and what it rendered. */
export function checkLines({ what, rendered, problems, asMessage }: TemplateCheck): string[] {
  return [
    problems.length === 0 ? `Chat template: ${what} is rendered as it should be.` : `Chat template: FAILED on ${what}.`,
    ...problems.map(({ message }) => `  ${oneLine(message)}`),
    ...(asMessage.length === 0 ? [] : ['As a raw prompt it is right; sent as a message it would not be:', ...asMessage.map(({ message }) => `  ${oneLine(message)}`)]),
    '',
    'What was rendered:',
    rendered,
  ];
}

function tokenLines(tokens: ExportedFile['tokens']): string[] {
  if (tokens === undefined) return [];
  if (typeof tokens === 'string') return [`Tokens are not counted: ${oneLine(tokens)}`];
  const { maxLength, trained, cutRows } = tokens;
  const cut = cutRows === 0 ? `No row is longer than ${numberOf(maxLength)}` : `${countOf(cutRows, 'row')} longer than ${numberOf(maxLength)} (max_length) ${cutRows === 1 ? 'loses its' : 'lose their'} end`;
  return [`Trained on, in each epoch: ${numberOf(trained)} of ${numberOf(tokens.tokens)} tokens (exact for assistant_only_loss). ${cut}.`];
}

const MOST_LISTED = 10;

function listed(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const more = ids.length > MOST_LISTED ? `, and ${numberOf(ids.length - MOST_LISTED)} more` : '';
  return ` (${ids.slice(0, MOST_LISTED).map(oneLine).join(', ')}${more})`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function numberOf(count: number): string {
  return count.toLocaleString('en-US');
}
