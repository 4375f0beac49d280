import * as vscode from 'vscode';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import type { EditableDataset, FormatChoice } from '../session/datasets/dataset';
import { columnsOf } from '../session/datasets/formatChoices';
import type { Disposable } from '../trace/event';
import { INTENTS } from '../trace/intent';
import type { JsonObject } from '../trace/rows/fieldRef';
import type { ColumnMapping } from '../trace/rows/rowFormat';
import { activeRow, chosenDataset } from './activeRow';
import { askIntents } from './intentValues';

type Field = Exclude<keyof ColumnMapping, 'intents'>;

const FIELDS: readonly { readonly field: Field; readonly label: string; readonly what: string }[] = [
  { field: 'prompt', label: 'Prompt', what: 'what the model was asked' },
  { field: 'reasoning', label: 'Reasoning', what: 'where it stands in a field of its own' },
  { field: 'answer', label: 'Answer', what: 'the response; it may hold the reasoning in think tags' },
  { field: 'id', label: 'Id', what: 'shown in the front matter' },
  { field: 'intent', label: 'Intent', what: 'a field that holds an intent or a label, or one intent for all rows' },
  { field: 'model', label: 'Model', what: 'who wrote the reasoning' },
  { field: 'source', label: 'Source', what: 'where the prompt comes from' },
];

/** *Choose Format…*: how the rows of a dataset are read, where their content does not say it, or says it wrongly. */
export function registerFormatCommands(datasets: DatasetFiles): Disposable {
  // From the Traces view it speaks of the dataset listed there, whatever the active tab shows.
  return vscode.commands.registerCommand('cotLens.chooseFormat', async (uri?: unknown) => {
    try {
      const path = uri instanceof vscode.Uri && uri.scheme === 'file' ? uri.fsPath : await chosenDataset('Choose a format');
      if (path !== undefined) await datasets.with(path, async (dataset) => chooseFormat(dataset, await datasets.formats()));
    } catch (error) {
      tellFailure(error);
    }
  });
}

async function chooseFormat(dataset: EditableDataset, formats: readonly string[]): Promise<void> {
  const now = await dataset.choice();
  const detected = dataset.formats;
  const mark = (is: boolean, label: string): string => (is ? `$(check) ${label}` : label);
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly run: () => Promise<FormatChoice | 'content' | undefined> }>(
    [
      {
        label: mark(now === undefined, 'By content'),
        description: now !== undefined ? 'row by row' : detected.length === 0 ? 'no row is of a known format' : `read as ${detected.map((name) => plainLabel(name)).join(', ')}`,
        run: () => Promise.resolve('content'),
      },
      ...formats.map((format) => ({
        label: mark(now?.format === format, format),
        description: detected.includes(format) ? 'as its rows are read now' : '',
        run: () => Promise.resolve({ format }),
      })),
      {
        label: mark(now?.mapping !== undefined, 'Map columns…'),
        description: 'say which fields mean what',
        run: () => mapColumns(dataset, now),
      },
    ],
    { title: `How rows of ${plainLabel(vscode.workspace.asRelativePath(dataset.path))} are read`, placeHolder: 'Remembered for this dataset in .cotlens/formats.json' },
  );
  const choice = await picked?.run();
  if (choice !== undefined) await dataset.choose(choice === 'content' ? undefined : choice);
}

/** Shows what each field is mapped to, with the row's own value, until the person is done. */
async function mapColumns(dataset: EditableDataset, now: FormatChoice | undefined): Promise<FormatChoice | undefined> {
  const active = activeRow();
  const ordinal = active?.place.dataset === dataset.path ? ((await dataset.find(active.place.key, active.place.ordinal)) ?? 0) : 0;
  const row = dataset.count === 0 ? undefined : await dataset.value(ordinal);
  if (row === undefined) throw new Error(`Row ${String(ordinal + 1)} cannot be read, so its fields cannot be shown. Open another row and try again.`);
  const mapping: { -readonly [name in keyof ColumnMapping]: ColumnMapping[name] } = { ...now?.mapping };
  for (;;) {
    const picked = await vscode.window.showQuickPick(
      [
        ...FIELDS.map(({ field, label, what }) => ({
          field,
          label: `${label}: ${plainLabel(mapping[field] ?? '–')}`,
          description: preview(row, mapping[field]) ?? what,
        })),
        { field: undefined, label: '$(check) Use these', description: `with the values of row ${String(ordinal + 1)} beside them` },
      ],
      { title: 'Which fields of a row mean what', placeHolder: 'Pick one to change it', ignoreFocusOut: true },
    );
    if (picked === undefined) return undefined;
    if (picked.field === undefined) return Object.keys(mapping).length === 0 ? undefined : { mapping: { ...mapping } };
    const column = await askColumn(row, picked.field);
    if (column === '') Reflect.deleteProperty(mapping, picked.field);
    else if (column !== undefined) {
      const asBefore = mapping[picked.field] === column;
      mapping[picked.field] = column;
      if (picked.field === 'intent' && !column.startsWith('=')) {
        const intents = await askIntents(dataset, column, asBefore ? (mapping.intents ?? {}) : {});
        if (Object.keys(intents).length > 0) {
          mapping.intents = intents;
          continue;
        }
      }
    }
    // What values of a column mean goes with the column.
    if (picked.field === 'intent' && column !== undefined) delete mapping.intents;
  }
}

/** The way to a field; empty: none. */
async function askColumn(row: JsonObject, field: Field): Promise<string | undefined> {
  const items = columnsOf(row).map(({ path, value }) => ({ path, label: plainLabel(path), description: short(value) }));
  const all = field === 'intent' ? INTENTS.map((intent) => ({ path: `=${intent}`, label: `All rows: ${intent}`, description: 'whatever their fields say' })) : [];
  const picked = await vscode.window.showQuickPick([...items, ...all, { path: '', label: 'None', description: 'left to the format' }], {
    title: `Which field is the ${field}`,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked?.path;
}

function preview(row: JsonObject, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (path.startsWith('=')) return 'of all rows';
  const found = columnsOf(row).find((column) => column.path === path);
  return found === undefined ? 'not in this row' : short(found.value);
}

function short(value: string): string {
  return plainLabel(value.replace(/\s+/g, ' '), 100);
}
