import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { EditableDataset } from '../session/datasets/dataset';
import { columnsOf } from '../session/datasets/formatChoices';
import { countOf } from '../trace/countOf';
import { statedIntent } from '../trace/formats/intentLabels';
import { INTENTS, isIntent, type Intent } from '../trace/intent';

/** How many rows are looked at for values, and how many values are asked about at most, each of at most so many characters; ours. */
const ROWS = 200;
const VALUES = 12;
const LONGEST = 200;

type Intents = Readonly<Record<string, Intent>>;

/** What a column holds in the first rows. */
interface Found {
  /** Values that no intent or known label explains, the most frequent first, with how many rows hold them. */
  readonly values: readonly (readonly [value: string, rows: number])[];
  /** Rows with no value there. */
  readonly empty: number;
  readonly rows: number;
}

/**
 * Asks what the values of a column mean that are no intents by name or by a known label, and says of how many rows the intent stays
 * unknown. Left with Escape, the values that are left keep what they were said to mean.
 */
export async function askIntents(dataset: EditableDataset, column: string, before: Intents): Promise<Intents> {
  const found = await valuesOf(dataset, column);
  const said = new Map(Object.entries(before).filter(([value]) => found.values.some(([one]) => one === value)));
  const asked = found.values.filter(([value]) => value.length <= LONGEST).slice(0, VALUES);
  for (const [i, [value, rows]] of asked.entries()) {
    const picked = await vscode.window.showQuickPick(
      [
        ...INTENTS.filter((intent) => intent !== 'unknown').map((intent) => ({ intent, label: said.get(value) === intent ? `$(check) ${intent}` : intent, description: '' })),
        { intent: undefined, label: 'Skip', description: 'the intent of these rows stays unknown' },
      ],
      {
        title: `What “${quoted(value)}” in ${plainLabel(column)} means (${String(i + 1)} of ${String(asked.length)})`,
        placeHolder: `Held by ${String(rows)} of the first ${countOf(found.rows, 'row')}`,
        ignoreFocusOut: true,
      },
    );
    if (picked === undefined) break;
    if (picked.intent === undefined) said.delete(value);
    else said.set(value, picked.intent);
  }
  sayUnexplained(column, found, said);
  return Object.fromEntries(said);
}

async function valuesOf(dataset: EditableDataset, column: string): Promise<Found> {
  const last = Math.min(ROWS, dataset.count);
  const counts = new Map<string, number>();
  let [empty, rows] = [0, 0];
  const options = { location: vscode.ProgressLocation.Notification, title: `Reading the values of ${plainLabel(column)}`, cancellable: true };
  await vscode.window.withProgress(options, async (_, token) => {
    for (; rows < last && !token.isCancellationRequested; rows++) {
      const row = (await dataset.value(rows)) ?? {};
      const value = columnsOf(row).find(({ path }) => path === column)?.value ?? '';
      if (value === '') empty++;
      else if (!isIntent(value) && statedIntent({ [column]: value }) === 'unknown') counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  });
  return { values: [...counts].sort(([, a], [, b]) => b - a), empty, rows };
}

function sayUnexplained(column: string, { values, empty, rows }: Found, said: ReadonlyMap<string, Intent>): void {
  const open = values.filter(([value]) => !said.has(value));
  const unknown = open.reduce((sum, [, count]) => sum + count, empty);
  if (unknown === 0) return;
  const named = open.slice(0, 3).map(([value]) => `“${quoted(value)}”`);
  const why = [
    ...(open.length === 0 ? [] : [`${countOf(open.length, 'value')} of ${plainLabel(column)} ${open.length === 1 ? 'is' : 'are'} not explained (${named.join(', ')}${open.length > named.length ? ', …' : ''})`]),
    ...(empty === 0 ? [] : [`${countOf(empty, 'row')} ${empty === 1 ? 'has' : 'have'} none`]),
  ];
  void vscode.window.showInformationMessage(`Of the first ${countOf(rows, 'row')}, the intent of ${String(unknown)} stays unknown: ${why.join('; ')}.`);
}

function quoted(value: string): string {
  return plainLabel(value.replace(/\s+/g, ' '), 60);
}
