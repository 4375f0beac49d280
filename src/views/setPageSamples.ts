import * as vscode from 'vscode';
import { mixInWords, mixOf } from '../curate/mixOf';
import { recipeNames } from '../curate/recipeNames';
import type { MixModel } from '../curve/meanCurvesModel';
import { mixTarget } from '../host/curatedSets';
import { rowUri } from '../host/rowUris';
import { nameOf } from '../session/datasets/rowPath';
import type { MeanSet } from '../session/means/meanCurves';
import { meanSample } from '../session/means/meanSample';
import type { MeanTrace } from '../session/means/meanTrace';
import type { MeanCurvesParts } from './meanCurves';
import type { ReadTools } from './meanCurvesSet';

/** Milliseconds of work before other work may run. */
const SLICE = 20;

/**
 * The samples of a curated set as its page shows them: with the verdicts that they came with. Lets other work run in between.
 * @throws Error in words where the set cannot be read; the signal's reason
 */
export async function readCuratedSet(path: string, { sets, settings }: Pick<MeanCurvesParts, 'sets' | 'settings'>, { signal, progress }: ReadTools): Promise<MeanSet> {
  const set = await sets.open(path);
  progress(`Reading ${set.name}`, 0);
  const samples = await set.read(undefined, signal);
  const file = vscode.workspace.asRelativePath(path);
  const { shapeRules } = settings.traceOptions({ uri: vscode.Uri.file(path), languageId: 'cot' });
  const counts = new Map<string, number>();
  const traces: MeanTrace[] = [];
  let begun = performance.now();
  for (const [place, sample] of samples.entries()) {
    signal.throwIfAborted();
    if (performance.now() - begun > SLICE) {
      progress(`Reading ${set.name}: ${place.toLocaleString('en-US')} of ${samples.length.toLocaleString('en-US')}`, place / samples.length);
      await new Promise<void>((resume) => setImmediate(resume));
      begun = performance.now();
    }
    counts.set(sample.recipe, (counts.get(sample.recipe) ?? 0) + 1);
    const uri = rowUri({ dataset: path, key: nameOf(sample.id), ordinal: place, variant: undefined }).toString();
    traces.push(meanSample({ uri, doc: `${file} sample ${String(place + 1)} (${sample.id})`, file }, sample, recipeNames(sample.recipe).label, shapeRules));
  }
  const broken = set.broken.length;
  return {
    title: set.name,
    traces: traces.filter(({ judges }) => judges.length > 0),
    asked: samples.length,
    unit: 'sample',
    conditioned: ['samples are put into a set by people who see their curves'],
    notes: [
      'The verdicts are those that each sample was added with. These means show what the set holds, not how a model reasons.',
      ...(broken === 0 ? [] : [`${broken.toLocaleString('en-US')} broken ${broken === 1 ? 'line' : 'lines'} left out: see Problems in the Curated Set view.`]),
    ],
    mix: mixModel(counts, path),
  };
}

function mixModel(counts: ReadonlyMap<string, number>, path: string): MixModel {
  const parts = mixOf(counts, mixTarget(path));
  const target = parts.reduce((sum, part) => sum + part.target, 0);
  return {
    parts: parts.map((part) => ({ name: recipeNames(part.recipe).label, samples: part.samples, target: target === 0 ? 0 : part.target / target })),
    words: mixInWords(parts, (recipe) => recipeNames(recipe).short),
  };
}
