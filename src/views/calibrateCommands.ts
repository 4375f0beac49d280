import { randomInt, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { CalibrationFolders, KeptCalibration } from '../host/calibrationFolders';
import type { HandKeys } from '../host/handKeys';
import type { JudgeAtHandOf } from '../host/judgesAtHand';
import type { MarksSteps } from '../host/markedStep';
import { personIdentity } from '../host/person';
import { plainLabel } from '../host/plainLabel';
import type { ReadyJudge } from '../host/readyJudge';
import type { FoundTrace, ScoredDocuments } from '../host/scoredDocuments';
import type { SendConsent } from '../host/sendConsent';
import { ALL_SERIES, type Series } from '../curve/series';
import type { JudgeIdentity } from '../judge/judge';
import { sumEstimates } from '../judge/model/estimate';
import { identityKey } from '../judge/scoreRecord';
import { chainText, stepsOf } from '../judge/textChain';
import { askAgain, type AgainStep } from '../session/askAgain';
import { answered, CALIBRATION_STEPS, type Calibration } from '../session/calibration';
import { calibrationLine, calibrationReport } from '../session/calibrationText';
import { planInWords, type SendingPlan } from '../session/sendingInWords';
import { judgesIn, ownSeries, stepSeen } from '../session/scoredTrace';
import { judgeName } from '../session/traceSummary';
import { systemClock } from '../trace/clock';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { Trace } from '../trace/trace';
import { CalibrationDocuments } from './calibrationDocuments';
import { CalibrationSession } from './calibrationSession';

/** What calibrating builds on. */
export interface CalibrateParts {
  readonly scored: ScoredDocuments;
  readonly calibrations: CalibrationFolders;
  readonly keys: HandKeys;
  readonly marks: MarksSteps;
  readonly judgeAtHand: JudgeAtHandOf;
  readonly consent: Pick<SendConsent, 'ask'>;
  readonly output: Logger;
}

/** A step that can be drawn. */
interface DrawnStep {
  readonly trace: string;
  readonly seen: string;
  readonly score: 1 | 2 | 3 | 4 | 5;
  readonly step: number;
}

/** A judge's scores in one folder, of which steps can be drawn. */
interface Pool {
  readonly folder: vscode.WorkspaceFolder;
  readonly identity: JudgeIdentity;
  readonly traces: number;
  readonly candidates: Readonly<Record<Series, readonly DrawnStep[]>>;
}

/** *Calibrate Judge…*: a person scores steps that a judge has scored, and sees how far the two agree. *Show Calibration…* */
export class CalibrateCommands implements Disposable {
  private readonly documents = new CalibrationDocuments();
  private readonly own: vscode.Disposable[];

  constructor(private readonly parts: CalibrateParts) {
    this.own = [
      vscode.commands.registerCommand('cotLens.calibrateJudge', () => this.calibrate()),
      vscode.commands.registerCommand('cotLens.showCalibration', () => this.showOne()),
    ];
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.documents.dispose();
  }

  private async calibrate(): Promise<void> {
    if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
      void vscode.window.showInformationMessage('A calibration is kept in the workspace. Open the folder of your traces first.');
      return;
    }
    const begun = await this.goOn();
    if (begun === 'cancelled') return;
    const kept = begun ?? (await this.begin());
    if (kept === undefined) return;
    if (kept.finish) await this.conclude(kept);
    else await this.score(kept);
  }

  /** Offers what was begun and left. @returns `undefined` where a new one is wanted */
  private async goOn(): Promise<(KeptCalibration & { readonly finish: boolean }) | undefined | 'cancelled'> {
    const you = identityKey(personIdentity());
    const open = (await this.parts.calibrations.all()).filter(
      ({ calibration }) => calibration.finished === undefined && identityKey(calibration.person) === you,
    );
    if (open.length === 0) return undefined;
    const items = open.flatMap((kept) => {
      const { judge, items: drawn, started, series } = kept.calibration;
      const done = answered(kept.calibration);
      const name = plainLabel(judgeName(judge), 100);
      const description = `${String(done)} of ${String(drawn.length)}, ${series}, begun ${started.slice(0, 10)}`;
      const go = { label: `$(debug-continue) Go on with ${name}`, description, kept: { ...kept, finish: false } };
      return done === 0 ? [go] : [go, { label: `$(check) Finish ${name} with what is scored`, description, kept: { ...kept, finish: true } }];
    });
    const anew = { label: '$(add) Calibrate anew…', description: '', kept: undefined };
    const picked = await vscode.window.showQuickPick([...items, anew], { title: 'Calibrate a judge' });
    return picked === undefined ? 'cancelled' : picked.kept;
  }

  private async begin(): Promise<(KeptCalibration & { readonly finish: boolean }) | undefined> {
    const found = await this.parts.scored.find();
    if (found === undefined) return undefined;
    const person = personIdentity();
    const pools = poolsIn(found).filter(({ identity }) => identityKey(identity) !== identityKey(person));
    if (pools.length === 0) {
      void vscode.window.showInformationMessage('No judge has scored a trace of this workspace yet. Score some traces first, with the judge that you want to calibrate.');
      return undefined;
    }
    const several = new Set(pools.map(({ folder }) => folder)).size > 1;
    const pool = await vscode.window.showQuickPick(
      pools.map((one) => ({
        ...one,
        label: plainLabel(judgeName(one.identity, this.parts.calibrations.noteOf(identityKey(one.identity))), 120),
        description: countOf(one.traces, 'trace') + (several ? ` in ${plainLabel(one.folder.name)}` : ''),
        detail: plainLabel([one.identity.model, `rubric ${one.identity.rubric}`].filter((part) => part !== undefined).join(', '), 120),
      })),
      { title: 'Calibrate which judge against you?', placeHolder: `You score up to ${String(CALIBRATION_STEPS)} of its steps, without seeing its scores` },
    );
    if (pool === undefined) return undefined;
    const series = await pickSeries(pool);
    if (series === undefined) return undefined;

    const { drawSteps } = await import('../session/trust.onDemand');
    const seed = randomInt(2 ** 31);
    const drawn = drawSteps(pool.candidates[series], CALIBRATION_STEPS, seed);
    const now = new Date(systemClock.now()).toISOString();
    const name = pool.identity.label.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 40);
    const calibration: Calibration = {
      v: 1,
      id: `${now.slice(0, 10)}-${name}-${randomUUID().slice(0, 8)}`,
      started: now,
      judge: pool.identity,
      person,
      series,
      seed,
      items: drawn.map(({ trace, step, seen, score }) => ({ doc: trace, step: step + 1, seen, judge: score })),
    };
    await this.parts.calibrations.of(pool.folder).save(calibration);
    return { folder: pool.folder, calibration, finish: false };
  }

  private async score({ folder, calibration }: KeptCalibration): Promise<void> {
    const { keys, marks, scored, calibrations } = this.parts;
    const { documents } = this;
    const session = new CalibrationSession(calibration, { keys, marks, scored, documents, folder, calibrations: calibrations.of(folder) });
    const end = await session.run();
    if (end.complete) await this.conclude({ folder, calibration: end.calibration });
    else {
      const done = `${String(answered(end.calibration))} of ${String(end.calibration.items.length)} scored`;
      vscode.window.setStatusBarMessage(`${done}; “Calibrate Judge…” goes on with it`, 10_000);
    }
  }

  /** Asks the judge once more if the person wishes, then works out the result, keeps and shows it. */
  private async conclude({ folder, calibration }: KeptCalibration): Promise<void> {
    const retested = await this.retest(folder, calibration);
    const { calibrationResult } = await import('../session/trust.onDemand');
    const finished: Calibration = {
      ...retested,
      finished: new Date(systemClock.now()).toISOString(),
      result: calibrationResult(retested.items, { seed: retested.seed + 1 }),
    };
    try {
      await this.parts.calibrations.of(folder).save(finished);
    } catch (error) {
      void vscode.window.showErrorMessage(
        plainLabel(`The result could not be saved (${String(error)}). Your scores are kept: free the folder .cotlens/calibrations and run “Calibrate Judge…” to finish.`, 300),
      );
    }
    const details = 'Show Details';
    void vscode.window.showInformationMessage(plainLabel(calibrationLine(finished), 200), details).then((picked) => {
      if (picked === details) void this.showReport(finished);
    });
  }

  private async showOne(): Promise<void> {
    const kept = (await this.parts.calibrations.all()).filter(({ calibration }) => calibration.finished !== undefined);
    if (kept.length === 0) {
      void vscode.window.showInformationMessage('No judge of this workspace is calibrated yet. “Calibrate Judge…” does it.');
      return;
    }
    const picked = await vscode.window.showQuickPick(
      kept.map(({ calibration }) => ({
        calibration,
        label: plainLabel(calibrationLine(calibration), 160),
        description: (calibration.finished ?? '').slice(0, 10),
      })),
      { title: 'Show which calibration?' },
    );
    if (picked !== undefined) await this.showReport(picked.calibration);
  }

  private async showReport(calibration: Calibration): Promise<void> {
    const name = calibration.judge.label.replace(/[\\/]+/g, '-');
    await this.documents.show(this.documents.uriOf(calibration.id, `Calibration of ${name}.txt`), calibrationReport(calibration));
  }

  /** The calibration with the judge's second scores, as many as it gave; without, where it is not at hand or not to be asked. */
  private async retest(folder: vscode.WorkspaceFolder, calibration: Calibration): Promise<Calibration> {
    const atHand = await this.parts.judgeAtHand(calibration.judge, folder.uri);
    if (atHand === undefined) return calibration;
    const wanted: { place: number; again: AgainStep }[] = [];
    const read = new Map<string, Trace | undefined>();
    for (const [place, item] of calibration.items.entries()) {
      if (typeof item.person !== 'number') continue;
      if (!read.has(item.doc)) read.set(item.doc, await this.parts.scored.readIn(folder, item.doc));
      const trace = read.get(item.doc);
      const step = trace === undefined ? -1 : stepSeen(trace, item.seen);
      if (trace !== undefined && step !== -1) wanted.push({ place, again: { trace, step } });
    }
    if (wanted.length === 0 || !(await this.mayAskAgain(atHand.ready, wanted.map(({ again }) => again)))) return calibration;

    const items = [...calibration.items];
    const run = new AbortController();
    const again = async (said: () => void): Promise<void> => {
      const take = (at: number, retest: Calibration['items'][number]['judge']): void => {
        const { place } = wanted[at] ?? { place: -1 };
        const item = items[place];
        if (item !== undefined) items[place] = { ...item, retest };
        said();
      };
      try {
        await askAgain(wanted.map((one) => one.again), atHand.judge, calibration.series, take, run.signal);
      } catch (error) {
        if (run.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        this.parts.output.error(`Test-retest of ${calibration.judge.label}: ${message}`);
        void vscode.window.showErrorMessage(plainLabel(`${message} The test-retest has what came before; your scores are kept.`, 1000));
      }
    };
    if (atHand.ready === undefined) await again(() => undefined);
    else {
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Asking ${plainLabel(calibration.judge.label)} once more`, cancellable: true },
        (progress, token) => {
          token.onCancellationRequested(() => {
            run.abort();
          });
          let done = 0;
          return again(() => {
            progress.report({ message: `${String(++done)} of ${String(wanted.length)}`, increment: 100 / wanted.length });
          });
        },
      );
    }
    return { ...calibration, items };
  }

  /** Says what asking would send and cost. What stays on this machine and costs nothing need not be asked. */
  private async mayAskAgain(ready: ReadyJudge | undefined, steps: readonly AgainStep[]): Promise<boolean> {
    if (ready === undefined) return true;
    const plan = planOf(ready, steps);
    const ask = 'Ask Once More';
    const question = `Ask ${plainLabel(ready.name)} about the ${countOf(steps.length, 'step')} once more, to see how often it says the same?`;
    const detail = `${planInWords(plan, ready.price)} Your calibration is complete without it.`;
    if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, ask)) !== ask) return false;
    return this.parts.consent.ask(ready, plan);
  }
}

/** What asking about these steps sends, estimated. */
function planOf(ready: ReadyJudge, steps: readonly AgainStep[]): SendingPlan {
  const traces = new Set(steps.map(({ trace }) => trace));
  const sendings = [...traces].map((trace) => {
    const { chain: turn } = trace;
    const wanted = steps.flatMap((one) => (one.trace === trace ? [one.step] : [])).sort((a, b) => a - b);
    const view = { prompt: turn.prompt?.text, intent: trace.intent, ...stepsOf(chainText(turn)), answer: turn.answer?.text };
    return ready.sending({ ...view, wanted, wantsAnswer: false });
  });
  return { traces: traces.size, steps: steps.length, answers: 0, ...sumEstimates(sendings) };
}

/** Whoever has scores in a folder, with the steps that can be drawn: of each trace those of its own series. */
function poolsIn(found: readonly FoundTrace[]): Pool[] {
  const folders = new Set(found.flatMap(({ folder }) => (folder?.uri.scheme === 'file' ? [folder] : [])));
  return [...folders].flatMap((folder) => {
    const inside = found.filter((trace) => trace.folder === folder);
    return judgesIn(inside).map(({ key, identity, traces }): Pool => {
      const candidates: Record<Series, DrawnStep[]> = { harmfulness: [], helpfulness: [] };
      for (const trace of inside) {
        const judged = trace.judges.find((one) => one.key === key);
        for (const series of judged === undefined ? [] : ownSeries(trace)) {
          for (const [step, score] of (judged?.scores[series] ?? []).entries()) {
            if (score !== null) candidates[series].push({ trace: trace.path, seen: trace.seen[step] ?? '', score, step });
          }
        }
      }
      return { folder, identity, traces, candidates };
    });
  }).filter(({ candidates }) => ALL_SERIES.some((series) => candidates[series].length > 0));
}

/** The series to calibrate; asked where steps of both can be drawn: a figure over two scales would say nothing of either. */
async function pickSeries({ candidates }: Pool): Promise<Series | undefined> {
  const possible = ALL_SERIES.filter((series) => candidates[series].length > 0);
  if (possible.length < 2) return possible[0];
  const picked = await vscode.window.showQuickPick(
    possible.map((series) => ({ series, label: series, description: `${countOf(candidates[series].length, 'scored step')} to draw from` })),
    { title: 'Calibrate which series?' },
  );
  return picked?.series;
}
