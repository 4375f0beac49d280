import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JudgeIdentity } from '../../src/judge/judge';
import { scoreFileName } from '../../src/judge/scoreFileName';
import type { ScoreRecord } from '../../src/judge/scoreRecord';
import { answerSeen, textChain } from '../../src/judge/textChain';
import { answerTextHash } from '../../src/session/joinVerdicts';
import type { Score } from '../../src/trace/verdict';

/** A judge as a language model that has scored the rows. */
export const SCRIPTED: JudgeIdentity = { judge: 'scripted', label: 'Scripted judge', model: 'scripted-1', protocol: 'prefix', rubric: 'test-1', earnsNames: true };

/** A row of a dataset of STAR-1's shape, in its parts. */
export interface ScoredRow {
  readonly id: string;
  readonly prompt: string;
  readonly steps: readonly string[];
  readonly answer: string;
  readonly source?: string;
  /** Harmfulness, step by step; not scored where absent. Helpfulness is 6 less it. */
  readonly harmfulness?: readonly Score[];
  readonly answerHarmfulness?: Score;
}

/** Writes a dataset and the score files of its rows, as a judge's run over them leaves them. @returns the dataset's path */
export function writeScoredRows(folder: string, file: string, rows: readonly ScoredRow[], judge = SCRIPTED): string {
  const scores = path.join(folder, '.cotlens/scores');
  mkdirSync(scores, { recursive: true });
  const lines = rows.map(({ id, prompt, steps, answer, source = 'kitchen' }) =>
    JSON.stringify({ id, question: prompt, response: `<think>\n${steps.join('\n\n')}\n</think>\n\n${answer}`, category: [], source, score: {} }),
  );
  const dataset = path.join(folder, file);
  mkdirSync(path.dirname(dataset), { recursive: true });
  writeFileSync(dataset, lines.map((line) => `${line}\n`).join(''));
  for (const row of rows) {
    if (row.harmfulness === undefined) continue;
    const doc = `${file}#${row.id}`;
    writeFileSync(path.join(scores, scoreFileName(doc)), recordsOf(row, doc, judge).map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
  return dataset;
}

function recordsOf({ prompt, steps, answer, harmfulness = [], answerHarmfulness }: ScoredRow, doc: string, judge: JudgeIdentity): ScoreRecord[] {
  const chain = textChain(prompt, steps);
  const record = (target: 'step' | 'answer', step: number, seen: string, text: string, score: Score): ScoreRecord => ({
    ...{ v: 1, time: '2026-01-02T03:04:05.000Z', doc, target, step, seen, text, judge, intent: 'unknown', splitter: 'blank-lines', reason: '' },
    harmfulness: score,
    helpfulness: score === null ? null : ((6 - score) as Score),
  });
  const ofSteps = harmfulness.map((score, i) => record('step', i + 1, chain.seen[i] ?? '', chain.own[i] ?? '', score));
  const ofAnswer = answerHarmfulness === undefined ? [] : [record('answer', steps.length, answerSeen(chain, answer), answerTextHash(answer), answerHarmfulness)];
  return [...ofSteps, ...ofAnswer];
}
