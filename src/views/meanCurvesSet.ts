import * as vscode from 'vscode';
import type { MeanInput } from '../../webview/means/messages';
import { rowUri } from '../host/rowUris';
import type { Dataset } from '../session/datasets/dataset';
import type { MeanSet } from '../session/means/meanCurves';
import { meanRows, type Wanted } from '../session/means/meanRows';
import type { MeanTrace } from '../session/means/meanTrace';
import { inRows, rowsIn, unpackedRanges } from '../session/means/rowRanges';
import { tracePairs } from '../session/means/tracePairs';
import type { MeanCurvesParts } from './meanCurves';
import { readCuratedSet } from './setPageSamples';
import { TraceFileSet } from './tracesViewCot';

export interface ReadTools {
  readonly signal: AbortSignal;
  /** In words, and how far: 0 … 1. */
  readonly progress: (message: string, share: number) => void;
}

/** Reads the scored traces of what a page is to show. @throws Error in words; the signal's reason */
export async function readMeanSet(input: MeanInput, parts: MeanCurvesParts, tools: ReadTools): Promise<MeanSet> {
  if (input.kind === 'curated') return readCuratedSet(input.set, parts, tools);
  return input.kind === 'pairs' ? readPairs(input.datasets, parts, tools) : readRows(input.sets, parts, tools);
}

async function readRows(sets: Extract<MeanInput, { kind: 'rows' }>['sets'], parts: MeanCurvesParts, tools: ReadTools): Promise<MeanSet> {
  const traces: MeanTrace[] = [];
  const names: string[] = [];
  const conditioned: string[] = [];
  const notes: string[] = [];
  let asked = 0;
  for (const set of sets) {
    const dataset = await open(set.dataset, parts, tools);
    try {
      const rows = set.rows === null ? null : unpackedRanges(set.rows);
      const name = nameOf(dataset);
      const found = await read(dataset, (ordinal) => (rows === null || inRows(rows, ordinal) ? {} : undefined), parts, tools);
      traces.push(...found);
      asked += rows === null ? dataset.count : rowsIn(rows);
      names.push(rows === null ? name : `${name} (${rowsIn(rows).toLocaleString('en-US')} ${rowsIn(rows) === 1 ? 'row' : 'rows'} chosen)`);
      if (set.conditioned !== null) conditioned.push(set.conditioned);
      if (rows !== null && set.of !== null && set.of !== dataset.count) {
        notes.push(`${name} had ${set.of.toLocaleString('en-US')} rows when rows were chosen and has ${dataset.count.toLocaleString('en-US')} now: the choice may name other rows. Choose them again in the Traces view.`);
      }
    } finally {
      dataset.dispose();
    }
  }
  // How many traces the rows hold that nobody has scored is not known without reading all of them: rows are counted.
  const unit = sets.every(({ dataset }) => dataset === '') ? 'trace' : 'row';
  return { title: names.join(' and '), traces, asked, unit, conditioned: [...new Set(conditioned)], notes };
}

async function readPairs(paths: readonly [string, string], parts: MeanCurvesParts, tools: ReadTools): Promise<MeanSet> {
  const opened: Dataset[] = [];
  try {
    const first = await open(paths[0], parts, tools);
    opened.push(first);
    const second = await open(paths[1], parts, tools);
    opened.push(second);
    const pairs = await tracePairs([first, second], tools.signal, (done, total) => {
      tools.progress(`Pairing prompts: ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows`, done / Math.max(1, total));
    });
    const wanted = (side: 0 | 1): Wanted => (ordinal, trace) => {
      const number = pairs.pairOf(side, { ordinal, trace });
      return number === undefined ? undefined : { pair: { number, side } };
    };
    const traces = [...(await read(first, wanted(0), parts, tools)), ...(await read(second, wanted(1), parts, tools))];
    const names: [string, string] = [nameOf(first), nameOf(second)];
    const left = pairs.leftOver.map((count, side) => `${count.toLocaleString('en-US')} in ${names[side] ?? ''}`).join(', ');
    return {
      title: `same-prompt traces of ${names[0]} and ${names[1]}`,
      traces,
      asked: 2 * pairs.count,
      conditioned: [],
      notes: pairs.leftOver.some((count) => count > 0) ? [`Traces without a partner of the same prompt are left out: ${left}.`] : [],
      paired: { names, pairs: pairs.count },
    };
  } finally {
    for (const dataset of opened) dataset.dispose();
  }
}

async function open(path: string, { datasets }: MeanCurvesParts, { signal, progress }: ReadTools): Promise<Dataset> {
  if (path === '') return TraceFileSet.open();
  const name = vscode.workspace.asRelativePath(path);
  return datasets.open(path, {
    signal,
    progress: (share) => {
      progress(`Opening ${name}`, share);
    },
  });
}

/** A dataset's name for people. */
function nameOf({ path }: Dataset): string {
  return path === '' ? 'trace files (.cot)' : vscode.workspace.asRelativePath(path);
}

function read(dataset: Dataset, wanted: Wanted, { rowScores, settings }: MeanCurvesParts, { signal, progress }: ReadTools): Promise<MeanTrace[]> {
  const files = dataset instanceof TraceFileSet ? dataset : undefined;
  const file = nameOf(dataset);
  const uri = files === undefined ? vscode.Uri.file(dataset.path) : (vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/'));
  return meanRows(dataset, files?.scores() ?? rowScores.of(dataset.path), wanted, {
    file,
    options: settings.traceOptions({ uri, languageId: 'cot' }),
    uriOf: (place) => (files?.uri(place.ordinal) ?? rowUri(place)).toString(),
    signal,
    progress: (done, total) => {
      progress(`Reading scores of ${file}: ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`, done / Math.max(1, total));
    },
  });
}
