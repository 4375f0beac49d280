import * as vscode from 'vscode';
import { isRefusal } from '../craft/recipe';
import { makeSample } from '../curate/makeSample';
import type { CuratedSample } from '../curate/sample';
import { sampleHash } from '../curate/sampleHash';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { rowPlace } from '../host/rowUris';
import type { ScoreLogs } from '../host/scoreLogs';
import { identityKey } from '../judge/scoreRecord';
import type { CuratedSet } from '../session/curated/curatedSet';
import { countOf } from '../trace/countOf';
import { freshVerdicts } from './addToSetVerdicts';
import type { CuratedSetViewParts } from './curatedSetView';
import { openPlace } from './setCommands';
import { chosenSet } from './setCommandsChoose';

type Parts = Pick<CuratedSetViewParts, 'sets' | 'datasets' | 'traces' | 'scores' | 'settings' | 'checks'>;

/** *Add to Curated Set…*: what is in the editor, saved or not, with its provenance, the fresh verdicts of all judges and its own checks' findings. */
export async function addToSet(parts: Parts): Promise<void> {
  const sample = await sampleInFront(parts);
  if (sample === undefined) return;
  const { sets } = parts;
  const path = await chosenSet(sets, 'Add to which curated set', { mayBeNew: true });
  if (path === undefined) return;
  const set = await sets.open(path);
  const other = await sameText(set, sample);
  if (other !== undefined && !(await wantsTwice(parts, set, other))) return;
  const card = await set.add({ ...sample, id: freeId(set, sample.id) });
  await sets.used(path);
  tellAdded(set, card.id);
}

/** The sample in the active editor; `undefined` where there is none, it cannot be one, or the person wants to mend it first: they were told. */
async function sampleInFront({ traces, scores, checks, settings }: Parts): Promise<CuratedSample | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const state = document === undefined ? undefined : traces.state(document);
  if (document === undefined || state === undefined) {
    void vscode.window.showInformationMessage('Open a trace first, or turn the open text into one with “Inspect as Trace”.');
    return undefined;
  }
  if (state.hiddenFrom !== undefined) {
    void vscode.window.showInformationMessage('You are scoring this trace by hand. Leave that first: what was injected must not be shown before.');
    return undefined;
  }
  const { uri, trace } = state;
  const findings = (await checks.check(uri))?.findings.filter(({ severity }) => severity !== 'information') ?? [];
  const from = nameInWorkspace(document.uri, scores);
  const { log, doc } = scores.of(document.uri);
  const first = state.judge === undefined ? undefined : identityKey(state.judge);
  const sample = makeSample(trace, {
    verdicts: freshVerdicts(trace, log.scores(doc), settings.traceOptions(document).shapeRules, first),
    findings: [...new Set(findings.map(({ code }) => code))],
    added: new Date().toISOString(),
    ...(from === undefined ? {} : { from }),
  });
  if (isRefusal(sample)) {
    void vscode.window.showWarningMessage(`This trace cannot be a sample. ${plainLabel(sample.reason, 1000)}`);
    return undefined;
  }
  if (findings.length === 0) return sample;
  const pressed = await vscode.window.showWarningMessage(
    `Its own checks found ${countOf(findings.length, 'problem')} in this sample.`,
    { modal: true, detail: findings.map(({ message }) => `• ${plainLabel(message, 300)}`).join('\n') },
    'Add Anyway',
    'Show Problems',
  );
  if (pressed === 'Show Problems') await vscode.commands.executeCommand('workbench.actions.view.problems');
  return pressed === 'Add Anyway' ? sample : undefined;
}

/** The document's name as scores are filed by it; a document that lies nowhere has none that means something tomorrow. */
function nameInWorkspace(uri: vscode.Uri, scores: ScoreLogs): string | undefined {
  return uri.scheme === 'file' || rowPlace(uri) !== undefined ? scores.of(uri).doc : undefined;
}

/** A sample of the set with exactly this text; only those that may be it are read. */
async function sameText(set: CuratedSet, sample: CuratedSample): Promise<CuratedSample | undefined> {
  const hash = sampleHash(sample);
  const short = hash.slice(0, 8);
  const likely = set.cards.filter(({ intent, recipe, id }) => intent === sample.intent && (recipe === sample.recipe || id.includes(short))).map(({ place }) => place);
  if (likely.length === 0) return undefined;
  return (await set.read(likely)).find((other) => sampleHash(other) === hash);
}

async function wantsTwice({ datasets }: Parts, set: CuratedSet, { id }: CuratedSample): Promise<boolean> {
  const other = set.cards.find((card) => card.id === id);
  const pressed = await vscode.window.showWarningMessage(
    `${plainLabel(set.name)} has a sample of exactly this text already.`,
    { modal: true, detail: `Sample ${String((other?.place ?? 0) + 1)}: ${plainLabel(other?.title ?? id)}. A text that is there twice counts twice in training.` },
    'Open the Other',
    'Add Anyway',
  );
  if (pressed === 'Open the Other') await openPlace({ datasets }, set.path, { id, place: other?.place ?? 0 }, { preview: false });
  return pressed === 'Add Anyway';
}

/** The id, or with a number behind it where a sample has it already. */
function freeId({ cards }: CuratedSet, id: string): string {
  const taken = new Set(cards.map((card) => card.id));
  let free = id;
  for (let number = 2; taken.has(free); number++) free = `${id}.${String(number)}`;
  return free;
}

function tellAdded(set: CuratedSet, id: string): void {
  const said = `Added to ${plainLabel(set.name)} (${countOf(set.cards.length, 'sample')})`;
  vscode.window.showInformationMessage(said, 'Undo').then(
    async (pressed) => {
      if (pressed !== 'Undo') return;
      try {
        await set.remove([id]);
        void vscode.window.setStatusBarMessage(`Taken out of ${plainLabel(set.name)} again (${countOf(set.cards.length, 'sample')}).`, 5000);
      } catch (error) {
        tellFailure(error);
      }
    },
    () => undefined,
  );
}
