import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ScoreLog } from '../../../src/judge/scoreLog';
import { scoreFileName } from '../../../src/judge/scoreFileName';
import type { JudgeView, PrefixJudge } from '../../../src/judge/judge';
import { identityKey, parseRecord } from '../../../src/judge/scoreRecord';
import { wholeTraceSeen } from '../../../src/judge/textChain';
import { nodeFiles } from '../../../src/session/nodeFiles';
import { reachable } from '../../../src/session/reachable';
import { scoreTrace, type ScoringResult } from '../../../src/session/scoreTrace';
import type { TraceState } from '../../../src/session/traceState';
import { staleRuns } from '../../../src/session/traceState';
import { DEFAULT_OPTIONS, TraceStore } from '../../../src/session/traceStore';
import type { Files } from '../../../src/trace/files';
import { splitterNamed } from '../../../src/trace/splitters';
import type { Verdict } from '../../../src/trace/verdict';
import { LogKeeper, openLog, openStore, PERSON, ScriptedJudge, temporaryFolder } from './scoring';

const DOC = 'a.cot';
const TEXT = '---\nintent: harmful\n---\nQ\n\n<think>\nA =1\n\nB =4\n\nC =1\n\nD =1\n</think>\n\nNo =1\n';

async function score(
  log: ScoreLog,
  state: TraceState,
  judge = new ScriptedJudge(),
  signal = new AbortController().signal,
  progress: (done: number) => void = () => undefined,
): Promise<{ result: ScoringResult; judge: ScriptedJudge }> {
  const result = await scoreTrace(state, { judge, log, doc: DOC, clock: { now: () => 0 }, signal, progress });
  return { result, judge };
}

const curve = (state: TraceState | undefined): (number | null | undefined)[] =>
  (state?.verdicts ?? []).map((joined) => joined?.verdict.harmfulness);
const stale = (state: TraceState | undefined): boolean[] => (state?.verdicts ?? []).map((joined) => joined?.stale === true);

describe('scoring a trace', () => {
  it('asks for each step with what comes before it and never with what comes after, then for the answer', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    const { judge, result } = await score(log, store.update(DOC, 1, TEXT));
    expect(judge.asked.map(({ steps }) => steps)).toEqual([
      ['A =1'],
      ['A =1', 'B =4'],
      ['A =1', 'B =4', 'C =1'],
      ['A =1', 'B =4', 'C =1', 'D =1'],
    ]);
    expect(judge.asked[0]).toMatchObject({ prompt: 'Q', intent: 'harmful' });
    expect(judge.answersAsked).toBe(1);
    expect(result).toMatchObject({ scored: 5, kept: 0, cancelled: false });
  });

  it('shows the curve with its name, and the answer apart from it', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    await vi.waitFor(() => { expect(curve(store.get(DOC))).toEqual([1, 4, 1, 1]); });
    const state = store.get(DOC);
    expect(state?.curves.map(({ series, name, extreme }) => [series, name, extreme?.step])).toEqual([['harmfulness', 'peak', 1]]);
    expect(state?.answer?.verdict.harmfulness).toBe(1);
  });

  it('asks nothing twice', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    const again = await score(log, store.update(DOC, 1, TEXT));
    expect(again.judge.asked).toEqual([]);
    expect(again.result).toMatchObject({ scored: 0, kept: 5, cancelled: false });
  });

  it('after an edit asks exactly for the steps from the edit on', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    const { judge } = await score(log, store.update(DOC, 2, TEXT.replace('C =1', 'C, really =2')));
    expect(judge.asked.map(({ steps }) => steps.length)).toEqual([3, 4]);
    expect(judge.answersAsked).toBe(1);
  });

  it('another intent, splitter or judge is another score', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    const benign = await score(log, store.update(DOC, 2, TEXT.replace('harmful', 'benign')));
    expect(benign.judge.asked).toHaveLength(4);
    const other = await score(log, store.update(DOC, 3, TEXT), new ScriptedJudge({ ...PERSON, rubric: 'person-2' }));
    expect(other.judge.asked).toHaveLength(4);
    expect(identityKey(PERSON)).not.toBe(identityKey({ ...PERSON, protocol: 'whole-trace' }));
    expect(identityKey({ ...PERSON, sampling: { a: 1, b: 2 } })).toBe(identityKey({ ...PERSON, sampling: { b: 2, a: 1 } }));
  });

  it('a cancelled run keeps what it has, and the next one asks for exactly the rest', async () => {
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const store = openStore(log);
    const state = store.update(DOC, 1, TEXT);
    const abort = new AbortController();
    const first = await score(log, state, undefined, abort.signal, (done) => { if (done === 2) abort.abort(); });
    expect(first.result).toMatchObject({ scored: 2, kept: 0, cancelled: true });
    const later = openLog(folder);
    await later.load(DOC);
    const rest = await score(later, state);
    expect(rest.judge.asked.map(({ steps }) => steps.length)).toEqual([3, 4]);
  });

  it('a judge that rejects when it is stopped ends the run without an error, and what it said is kept', async () => {
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const abort = new AbortController();
    class Slow extends ScriptedJudge {
      override scoreStep(view: JudgeView): Verdict {
        if (view.steps.length < 3) return super.scoreStep(view);
        abort.abort();
        throw abort.signal.reason;
      }
    }
    const { result } = await score(log, openStore(log).update(DOC, 1, TEXT), new Slow(), abort.signal);
    expect(result).toMatchObject({ scored: 2, kept: 0, cancelled: true });
    const again = openLog(folder);
    await again.load(DOC);
    expect(again.scores(DOC).records()).toHaveLength(2);
  });

  it('a judge that fails ends the run with its error, and what it said is kept', async () => {
    const folder = await temporaryFolder();
    const log = openLog(folder);
    class Failing extends ScriptedJudge {
      override scoreStep(view: JudgeView): Verdict {
        if (view.steps.length < 3) return super.scoreStep(view);
        throw new Error('no more');
      }
    }
    await expect(score(log, openStore(log).update(DOC, 1, TEXT), new Failing())).rejects.toThrow('no more');
    const again = openLog(folder);
    await again.load(DOC);
    expect(again.scores(DOC).records()).toHaveLength(2);
  });

  it('says that it has begun before the first verdict', async () => {
    const log = openLog(await temporaryFolder());
    const seen: number[] = [];
    await score(log, openStore(log).update(DOC, 1, TEXT), undefined, undefined, (done) => seen.push(done));
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps the verdicts in this window when they cannot be written, says so, and writes them later', async () => {
    const folder = await temporaryFolder();
    let full = true;
    const files: Files = { ...nodeFiles, append: (file, text) => (full ? Promise.reject(new Error('ENOSPC: disk full')) : nodeFiles.append(file, text)) };
    const log = new ScoreLog(files, path.join(folder, '.cotlens'), new LogKeeper());
    const store = openStore(log);
    const state = store.update(DOC, 1, TEXT);
    await expect(score(log, state)).rejects.toThrow(/5 verdicts could not be saved \(ENOSPC.*score again/);
    // Asked for once more while it is still so, there is nothing to ask the judge, and that they are not saved is said again.
    await expect(score(log, state)).rejects.toThrow(/5 verdicts could not be saved/);
    full = false;
    expect((await score(log, state)).judge.asked).toEqual([]);
    const written = (await readFile(path.join(folder, '.cotlens/scores', scoreFileName(DOC)), 'utf8')).trim().split('\n');
    expect(written).toHaveLength(5);
    expect(log.unwritten(DOC)).toBe(0);
    log.dispose();
  });

  it('pays for no more verdicts once one could not be written, and says so also where it is written by then', async () => {
    const folder = await temporaryFolder();
    for (const [index, failures] of [1, Infinity].entries()) {
      const at = path.join(folder, String(index), '.cotlens');
      let left = failures;
      const append: Files['append'] = (file, text) => (left-- > 0 ? Promise.reject(new Error('ENOSPC: disk full')) : nodeFiles.append(file, text));
      const log = new ScoreLog({ ...nodeFiles, append }, at, new LogKeeper());
      const judge = new ScriptedJudge({ ...PERSON, judge: 'test', model: 'a model' });
      const paid: PrefixJudge = {
        identity: judge.identity,
        scoreStep: (view) => new Promise((resolve) => setTimeout(() => { resolve(judge.scoreStep(view)); }, 20)),
        scoreAnswer: (view, answer) => judge.scoreAnswer(view, answer),
      };
      const run = scoreTrace(openStore(log).update(DOC, 1, TEXT), { judge: paid, log, doc: DOC, clock: { now: () => 0 }, signal: new AbortController().signal, progress: () => undefined });
      await expect(run).rejects.toThrow(failures === 1 ? /failed for a moment \(ENOSPC.*All that came are saved/ : /could not be saved \(ENOSPC/);
      expect(judge.asked.length).toBeLessThan(4);
      expect(log.scores(DOC).records()).toHaveLength(judge.asked.length);
      log.dispose();
    }
  });
});

describe('the score file', () => {
  const fileIn = (folder: string): string => path.join(folder, '.cotlens/scores', scoreFileName(DOC));

  async function scored(): Promise<{ folder: string; state: TraceState }> {
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const state = new TraceStore((uri) => log.scores(uri)).update(DOC, 1, TEXT);
    await score(log, state);
    return { folder, state };
  }

  async function reopened(folder: string, text = TEXT): Promise<TraceState> {
    const log = openLog(folder);
    await log.load(DOC);
    return new TraceStore((uri) => log.scores(uri)).update(DOC, 1, text);
  }

  it('is one JSON object a line with all that the verdict depends on', async () => {
    const { folder } = await scored();
    const lines = (await readFile(fileIn(folder), 'utf8')).split('\n').slice(0, -1);
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      v: 1, doc: DOC, target: 'step', step: 2, harmfulness: 4, helpfulness: null, reason: 'read 4',
      intent: 'harmful', splitter: 'blank-lines', time: '1970-01-01T00:00:00.000Z', judge: PERSON,
    });
  });

  it('is in a folder that keeps itself out of git, until the user decides otherwise', async () => {
    const { folder, state } = await scored();
    const ignore = path.join(folder, '.cotlens/.gitignore');
    expect(await readFile(ignore, 'utf8')).toContain('\n*\n');
    await rm(ignore);
    await score(openLog(folder), state, new ScriptedJudge({ ...PERSON, rubric: 'other' }));
    expect(await readdir(path.join(folder, '.cotlens'))).toEqual(['scores']);
  });

  it('is kept out of git again when the folder was removed and comes back', async () => {
    const { folder, state } = await scored();
    const log = openLog(folder);
    await score(log, state, new ScriptedJudge({ ...PERSON, rubric: 'a' }));
    await rm(path.join(folder, '.cotlens'), { recursive: true });
    await score(log, state, new ScriptedJudge({ ...PERSON, rubric: 'b' }));
    expect((await readdir(path.join(folder, '.cotlens'))).sort()).toEqual(['.gitignore', 'scores']);
  });

  it('is kept out of git by git itself, and rubrics and teacher instructions are not', async ({ skip }) => {
    const { folder } = await scored();
    await nodeFiles.append(path.join(folder, '.cotlens/rubrics/mine.md'), 'Score.');
    await nodeFiles.append(path.join(folder, '.cotlens/instructions/polish.md'), 'Polish.');
    await nodeFiles.append(path.join(folder, '.cotlens/calibrations/one.json'), '{}');
    const git = (...args: string[]): ReturnType<typeof spawnSync> => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
    if (git('init', '--quiet').status !== 0) skip('git is not at hand');
    const { stdout } = git('status', '--porcelain', '--untracked-files=all');
    expect(String(stdout).trim().split('\n')).toEqual(['?? .cotlens/instructions/polish.md', '?? .cotlens/rubrics/mine.md']);
  });

  it('is kept out of git also where a rubric stood in the folder first', async () => {
    const { folder, state } = await scored();
    await rm(path.join(folder, '.cotlens'), { recursive: true });
    await nodeFiles.append(path.join(folder, '.cotlens/rubrics/mine.md'), 'Score.');
    await score(openLog(folder), state, new ScriptedJudge({ ...PERSON, rubric: 'c' }));
    expect((await readdir(path.join(folder, '.cotlens'))).sort()).toEqual(['.gitignore', 'rubrics', 'scores']);
  });

  it('of a folder that was removed and comes back is followed again', async () => {
    const { folder, state } = await scored();
    const [one, two] = [openLog(folder), openLog(folder)];
    await one.load(DOC);
    const store = openStore(one);
    store.update(DOC, 1, TEXT);
    await rm(path.join(folder, '.cotlens'), { recursive: true });
    await vi.waitFor(() => { expect(store.get(DOC)?.judge).toBeUndefined(); }, { timeout: 8000 });
    await score(two, state);
    await vi.waitFor(() => { expect(curve(store.get(DOC))).toEqual([1, 4, 1, 1]); }, { timeout: 8000 });
  });

  it('gets the verdicts of a run that began before its document was renamed', async () => {
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const state = openStore(log).update(DOC, 1, TEXT);
    let moved: Promise<void> | undefined;
    await score(log, state, undefined, undefined, (done) => { if (done === 2) moved = log.moved(DOC, 'b.cot'); });
    await moved;
    await log.settled();
    expect(log.scores('b.cot').records()).toHaveLength(5);
    expect(await readdir(path.join(folder, '.cotlens/scores'))).toEqual([scoreFileName('b.cot')]);
  });

  it('joins the one that stands at the new name already, and leaves none behind', async () => {
    const { folder, state } = await scored();
    const log = openLog(folder);
    await log.load(DOC);
    await log.adopt('b.cot', log.scores(DOC).records().slice(0, 1));
    await score(log, state, new ScriptedJudge({ ...PERSON, rubric: 'other' }));
    await log.moved(DOC, 'b.cot');
    expect(log.scores('b.cot').all()).toHaveLength(2);
    expect(await readdir(path.join(folder, '.cotlens/scores'))).toEqual([scoreFileName('b.cot')]);
  });

  it('is forgotten when its document closes, and read again when it opens', async () => {
    const { folder } = await scored();
    const log = openLog(folder);
    await log.load(DOC);
    log.release(DOC);
    await log.settled();
    await vi.waitFor(() => { expect(log.scores(DOC).records()).toEqual([]); });
    await log.load(DOC);
    expect(log.scores(DOC).records()).toHaveLength(5);
  });

  it('gives the curve back in a new window', async () => {
    const { folder } = await scored();
    const state = await reopened(folder);
    expect(curve(state)).toEqual([1, 4, 1, 1]);
    expect(stale(state)).toEqual([false, false, false, false]);
  });

  it('torn anywhere, costs the torn record alone, and is appended to in a line of its own', async () => {
    const { folder, state } = await scored();
    const whole = await readFile(fileIn(folder));
    const lastLine = whole.subarray(0, -1).lastIndexOf(10) + 1;
    for (const size of [lastLine + 1, lastLine + 40, whole.length - 2, whole.length - 1]) {
      await writeFile(fileIn(folder), whole);
      await truncate(fileIn(folder), size);
      const log = openLog(folder);
      await log.load(DOC);
      const { judge } = await score(log, state);
      expect(judge.asked).toEqual([]);
      expect(judge.answersAsked).toBe(size === whole.length - 1 ? 0 : 1);
      const lines = (await readFile(fileIn(folder), 'utf8')).trimEnd().split('\n');
      expect(lines.filter((line) => parseRecord(line) !== undefined)).toHaveLength(5);
    }
  });

  it('with foreign or damaged lines, is read for the rest, and they are left alone', async () => {
    const { folder } = await scored();
    const damage = 'not json\n{"v":2}\n[]\n{"v":1,"harmfulness":9}\n\n';
    await appendFile(fileIn(folder), damage);
    const logger = new LogKeeper();
    const log = openLog(folder, logger);
    await log.load(DOC);
    expect(curve(new TraceStore((uri) => log.scores(uri)).update(DOC, 1, TEXT))).toEqual([1, 4, 1, 1]);
    expect(logger.lines.filter((line) => line.includes('no score record'))).toHaveLength(4);
    await log.compact(DOC, () => true);
    expect(await readFile(fileIn(folder), 'utf8')).toContain('not json\n{"v":2}');
  });

  it('a score outside 1 … 5, or 0, is no record', () => {
    const record = { v: 1, time: '', doc: '', target: 'step', step: 1, seen: '', text: '', judge: PERSON, intent: 'benign', splitter: '', reason: '' };
    const line = (harmfulness: unknown): string => JSON.stringify({ ...record, harmfulness, helpfulness: null });
    expect([1, 5, null].map((score) => parseRecord(line(score)) !== undefined)).toEqual([true, true, true]);
    expect([0, 6, 2.5, '3', undefined].map((score) => parseRecord(line(score)))).toEqual(Array(5).fill(undefined));
  });

  it('two windows see each other\'s verdicts', async () => {
    const folder = await temporaryFolder();
    const [one, two] = [openLog(folder), openLog(folder)];
    const [left, right] = [openStore(one), openStore(two)];
    await Promise.all([one.load(DOC), two.load(DOC)]);
    const state = left.update(DOC, 1, TEXT);
    right.update(DOC, 1, TEXT);
    await score(one, state);
    await vi.waitFor(() => { expect(curve(right.get(DOC))).toEqual([1, 4, 1, 1]); }, { timeout: 8000 });
    await score(two, right.update(DOC, 2, TEXT.replace('D =1', 'D =5')));
    left.update(DOC, 2, TEXT.replace('D =1', 'D =5'));
    await vi.waitFor(() => { expect(curve(left.get(DOC))).toEqual([1, 4, 1, 5]); }, { timeout: 8000 });
  });

  it('two windows writing at once lose nothing', async () => {
    const folder = await temporaryFolder();
    const text = Array.from({ length: 300 }, (_, i) => `step ${String(i)} =${String((i % 5) + 1)}`).join('\n\n');
    const logs = [openLog(folder), openLog(folder)];
    await Promise.all(
      logs.map(async (log, i) => {
        const state = new TraceStore((uri) => log.scores(uri)).update(DOC, 1, text);
        await score(log, state, new ScriptedJudge({ ...PERSON, rubric: `r${String(i)}` }));
      }),
    );
    const lines = (await readFile(fileIn(folder), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => parseRecord(line)?.judge.rubric).filter((rubric) => rubric === 'r0')).toHaveLength(300);
    expect(lines.map((line) => parseRecord(line)?.judge.rubric).filter((rubric) => rubric === 'r1')).toHaveLength(300);
  });

  it('deleted by somebody: the scores are gone here too', async () => {
    const { folder } = await scored();
    const log = openLog(folder);
    const store = openStore(log);
    await log.load(DOC);
    store.update(DOC, 1, TEXT);
    await rm(fileIn(folder));
    await vi.waitFor(() => { expect(store.get(DOC)?.judge).toBeUndefined(); }, { timeout: 8000 });
  });

  it('compacted: keeps what the text reaches, of every judge, the last of each', async () => {
    const { folder } = await scored();
    const log = openLog(folder);
    await log.load(DOC);
    const store = openStore(log);
    const edited = TEXT.replace('D =1', 'D =2');
    await score(log, store.update(DOC, 2, edited));
    await score(log, store.update(DOC, 2, edited), new ScriptedJudge({ ...PERSON, rubric: 'other' }));
    const counts = await log.compact(DOC, reachable(store.update(DOC, 2, edited)));
    expect(counts).toEqual({ before: 12, after: 10 });
    const state = await reopened(folder, edited);
    expect(state.judges).toHaveLength(2);
    expect(curve(state)).toEqual([1, 4, 1, 2]);
    expect(stale(state)).toEqual([false, false, false, false]);
  });

  it('goes with a renamed document', async () => {
    const { folder } = await scored();
    const log = openLog(folder);
    await log.load(DOC);
    await log.moved(DOC, 'sub/b.cot');
    const state = new TraceStore(() => log.scores('sub/b.cot')).update('x', 1, TEXT);
    expect(curve(state)).toEqual([1, 4, 1, 1]);
  });

  it('rewritten in place, longer or as long as before, is read anew from its start', async () => {
    const { folder } = await scored();
    const log = openLog(folder);
    await log.load(DOC);
    const state = (): TraceState => new TraceStore((uri) => log.scores(uri)).update(DOC, 1, TEXT);
    const text = await readFile(fileIn(folder), 'utf8');
    // The same inode with other bytes, as an editor saves.
    await writeFile(fileIn(folder), text.replace('"harmfulness":4', '"harmfulness":5'));
    await vi.waitFor(async () => { await log.load(DOC); expect(curve(state())).toEqual([1, 5, 1, 1]); });
    await writeFile(fileIn(folder), '\n\n' + text.replace('"harmfulness":4', '"harmfulness":3'));
    await vi.waitFor(async () => { await log.load(DOC); expect(curve(state())).toEqual([1, 3, 1, 1]); });
  });

  it('is taken over by a document that its text was saved to, in another log too', async () => {
    const { folder } = await scored();
    const log = openLog(folder);
    await log.load(DOC);
    const elsewhere = await temporaryFolder();
    await openLog(elsewhere).adopt('copy.cot', log.scores(DOC).records());
    const reopenedThere = openLog(elsewhere);
    await reopenedThere.load('copy.cot');
    const state = new TraceStore(() => reopenedThere.scores('copy.cot')).update('copy.cot', 1, TEXT);
    expect(curve(state)).toEqual([1, 4, 1, 1]);
    expect(state.answer?.verdict.harmfulness).toBe(1);
  });

  it('has a name that tells documents of one name apart', () => {
    expect(scoreFileName('a/x.cot')).not.toBe(scoreFileName('b/x.cot'));
    expect(scoreFileName('a/../ bad:name?.cot')).toMatch(/^[\p{L}\p{N}._-]+\.[0-9a-f]{8}\.jsonl$/u);
  });
});

describe('staleness', () => {
  async function edited(change: (text: string) => string): Promise<TraceState> {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    store.show(DOC, undefined);
    return store.update(DOC, 2, change(TEXT));
  }

  it('an edited step and all after it keep their scores as stale ones', async () => {
    const state = await edited((text) => text.replace('B =4', 'B, changed =4'));
    expect(curve(state)).toEqual([1, 4, 1, 1]);
    expect(stale(state)).toEqual([false, true, true, true]);
    expect(state.answer?.stale).toBe(true);
    expect(staleRuns(state.verdicts)).toEqual([{ from: 1, to: 4 }]);
  });

  it('a pair inserted has no score, what follows is stale', async () => {
    const state = await edited((text) => text.replace('C =1', 'E\n\nF\n\nC =1'));
    expect(curve(state)).toEqual([1, 4, undefined, undefined, 1, 1]);
    expect(stale(state)).toEqual([false, false, false, false, true, true]);
  });

  it('a step taken out takes its score along', async () => {
    const state = await edited((text) => text.replace('B =4\n\n', ''));
    expect(curve(state)).toEqual([1, 1, 1]);
    expect(stale(state)).toEqual([false, true, true]);
  });

  it('steps that change places take their own scores and reasons along', async () => {
    const state = await edited((text) => text.replace('B =4\n\nC =1', 'C =1\n\nB =4'));
    expect(curve(state)).toEqual([1, 1, 4, 1]);
    expect(stale(state)).toEqual([false, true, true, true]);
  });

  it('another text under the same name shows nothing of the old one', async () => {
    const state = await edited(() => '<think>\nW\n\nX\n\nY\n\nZ\n</think>\n\nEnd');
    expect(curve(state)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('line ends change nothing, inside steps and prompt too', async () => {
    const log = openLog(await temporaryFolder());
    const text = TEXT.replace('B =4', 'B\nand more\n=4').replace('Q', 'Q\nQ');
    const store = openStore(log);
    await score(log, store.update(DOC, 1, text));
    const state = new TraceStore((uri) => log.scores(uri)).update(DOC, 1, text.replaceAll('\n', '\r\n'));
    expect(stale(state)).toEqual([false, false, false, false]);
    expect(curve(state)).toEqual([1, 4, 1, 1]);
    expect(state.answer?.stale).toBe(false);
  });

  it('another splitter starts with nothing, also where a step has the same text', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    const splitter = splitterNamed('sentences') ?? DEFAULT_OPTIONS.splitter;
    expect(curve(store.update(DOC, 1, TEXT, { ...DEFAULT_OPTIONS, splitter }))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('white space between steps changes nothing', async () => {
    const state = await edited((text) => text.replaceAll('\n\n', '\n\n\n').replaceAll('\n', '\r\n'));
    expect(stale(state)).toEqual([false, false, false, false]);
  });

  it('an edit of the prompt makes everything stale', async () => {
    expect(stale(await edited((text) => text.replace('Q', 'Why?')))).toEqual([true, true, true, true]);
  });

  it('an edit taken back makes everything fresh again', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    await score(log, store.update(DOC, 1, TEXT));
    store.update(DOC, 2, TEXT.replace('B', 'X'));
    expect(stale(store.update(DOC, 3, TEXT))).toEqual([false, false, false, false]);
  });

  it('a whole-trace judge sees everything: any edit makes all of it stale', async () => {
    const log = openLog(await temporaryFolder());
    const store = openStore(log);
    const state = store.update(DOC, 1, TEXT);
    for (const [i, own] of state.chain.own.entries()) {
      await log.append({
        v: 1, time: '', doc: DOC, target: 'step', step: i + 1, seen: wholeTraceSeen(state.chain, i, 'No =1'), text: own,
        judge: { ...PERSON, protocol: 'whole-trace' }, intent: 'harmful', splitter: 'blank-lines', harmfulness: 2, helpfulness: null, reason: '',
      });
    }
    store.show(DOC, undefined);
    expect(stale(store.get(DOC))).toEqual([false, false, false, false]);
    expect(stale(store.update(DOC, 2, TEXT.replace('D', 'E')))).toEqual([true, true, true, true]);
  });

  it('law: after any edit exactly the unchanged prefix keeps its verdicts', async () => {
    const word = fc.constantFrom('a =1', 'b =4', 'c =2', 'd =5');
    const chain = fc.array(word, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chain, chain, async (before, after) => {
        const folder = await mkdtemp(path.join(tmpdir(), 'cot-lens-law-'));
        const log = openLog(folder);
        const store = new TraceStore((uri) => log.scores(uri));
        const judge = new ScriptedJudge();
        await scoreTrace(store.update(DOC, 1, before.join('\n\n')), { judge, log, doc: DOC, clock: { now: () => 0 }, signal: new AbortController().signal, progress: () => undefined });
        store.show(DOC, undefined);
        const state = store.update(DOC, 2, after.join('\n\n'));
        let shared = 0;
        while (shared < after.length && shared < before.length && after[shared] === before[shared]) shared++;
        const fresh = state.verdicts.map((joined) => joined !== undefined && !joined.stale);
        expect(fresh).toEqual(after.map((_, i) => i < shared));
        expect(curve(state).slice(0, shared)).toEqual(after.slice(0, shared).map((step) => Number(step.at(-1))));
        log.dispose();
        store.dispose();
        await rm(folder, { recursive: true, force: true });
      }),
      { numRuns: 60 },
    );
  });
});
