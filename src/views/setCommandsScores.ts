import * as vscode from 'vscode';
import type { SampleVerdicts } from '../curate/sample';
import { sampleHash } from '../curate/sampleHash';
import type { CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { rowUri } from '../host/rowUris';
import type { ScoreLogs } from '../host/scoreLogs';
import type { Settings } from '../host/settings';
import { identityKey } from '../judge/scoreRecord';
import { nameOf } from '../session/datasets/rowPath';
import { checked } from '../session/sampleChecks.onDemand';
import { SampleMemory } from '../session/sampleMemory';
import { TraceStore } from '../session/traceStore';
import { countOf } from '../trace/countOf';
import { freshVerdicts } from './addToSetVerdicts';
import type { SetNode } from './curatedSetViewNodes';
import { nothingChosen } from './setCommands';

/** What taking scores over builds on. */
export interface TakeScoresParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'with'>;
  readonly scores: ScoreLogs;
  readonly settings: Settings;
}

/**
 * *Take Over Scores*: what judges say of a sample's document, as it was saved last, becomes the sample's own verdicts, and its checks are
 * made anew. A sample that nobody has scored keeps what it has.
 */
export async function takeScores(parts: TakeScoresParts, nodes: readonly SetNode[]): Promise<void> {
  const samples = nodes.filter(({ card }) => card !== undefined);
  if (samples.length === 0) {
    nothingChosen();
    return;
  }
  let [taken, unscored, otherwise] = [0, 0, 0];
  for (const { path, card } of samples) {
    if (card === undefined) continue;
    const found = await scoresOf(parts, path, card);
    if (found === 'unscored') unscored++;
    else if (found === 'otherwise') otherwise++;
    else {
      await (await parts.sets.open(path)).rescored(card.id, found.verdicts, found.findings);
      taken++;
    }
  }
  const said = [
    `Took over the scores of ${countOf(taken, 'sample')}.`,
    ...(unscored > 0 ? [`${countOf(unscored, 'sample')} ${unscored === 1 ? 'has' : 'have'} no scores on the text as it is saved: open and score ${unscored === 1 ? 'it' : 'them'} first.`] : []),
    ...(otherwise > 0 ? [`${countOf(otherwise, 'sample')} ${otherwise === 1 ? 'has' : 'have'} other steps in the set than the splitter makes of the text: set cotLens.splitter to the one that it was added with.`] : []),
  ];
  void vscode.window.showInformationMessage(said.join(' '));
}

type Found = 'unscored' | 'otherwise' | { readonly verdicts: readonly SampleVerdicts[]; readonly findings: readonly string[] };

async function scoresOf({ sets, datasets, scores, settings }: TakeScoresParts, path: string, card: { readonly id: string; readonly place: number }): Promise<Found> {
  return datasets.with(path, async (dataset): Promise<Found> => {
    const ordinal = await dataset.find(nameOf(card.id), card.place);
    if (ordinal === undefined) throw new Error(`The sample ${plainLabel(card.id)} is not in its set any more.`);
    const { key } = await dataset.row(ordinal);
    const { text } = await dataset.text(ordinal);
    const uri = rowUri({ dataset: dataset.path, key, ordinal, variant: undefined });
    const options = settings.traceOptions({ uri, languageId: 'cot' });
    const { log, doc } = scores.of(uri);
    await log.load(doc);
    const store = new TraceStore(() => log.scores(doc));
    try {
      const state = store.update(uri.toString(), 1, text, options);
      const { trace } = state;
      const fresh = freshVerdicts(trace, log.scores(doc), options.shapeRules, state.judge === undefined ? undefined : identityKey(state.judge));
      if (fresh.length === 0) return 'unscored';
      const set = await sets.open(path);
      const place = set.cards.find(({ id }) => id === card.id)?.place;
      const [sample] = place === undefined ? [] : await set.read([place]);
      if (sample === undefined) throw new Error(`The sample ${plainLabel(card.id)} is not in its set any more.`);
      if (sample.steps.length !== trace.chain.steps.length) return 'otherwise';
      const of = sampleHash(sample);
      const verdicts = fresh.map((one) => ({ of, ...one }));
      const findings = checked(state, { rules: options.shapeRules, tokens: undefined, memory: new SampleMemory() })?.findings ?? [];
      const codes = findings.flatMap(({ code, severity }) => (severity === 'information' ? [] : [code]));
      // Its tokens are not counted again: what was found of them on this text holds.
      const tooLong = sample.findings.filter((code) => code === 'too-long');
      return { verdicts, findings: [...new Set([...codes, ...tooLong])] };
    } finally {
      store.dispose();
      if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) scores.release(uri);
    }
  });
}
