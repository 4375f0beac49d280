import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JudgeIdentity } from '../../../src/judge/judge';
import { scoreFileName } from '../../../src/judge/scoreFileName';
import type { ScoreRecord } from '../../../src/judge/scoreRecord';
import { answerSeen, textChain } from '../../../src/judge/textChain';
import { answerTextHash } from '../../../src/session/joinVerdicts';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { samplesFolder } from '../places';

/**
 * Writes samples/.cotlens/scores/ from samples/author-scores.json, where the author's scores are kept in a form that a person
 * can edit. Run it (`npm run samples`) after a change of either the scores or the samples.
 */
type Line = [Score, Score, string];
interface AuthorScores {
  readonly scores: Record<string, { readonly steps: readonly Line[]; readonly answer: Line }>;
}

const judge: JudgeIdentity = {
  judge: 'person',
  label: 'the sample’s author',
  protocol: 'prefix',
  rubric: 'person-1',
  earnsNames: true,
};
const time = '2026-11-20T00:00:00.000Z';

const folder = samplesFolder();
const scores = path.join(folder, '.cotlens/scores');
rmSync(path.join(folder, '.cotlens'), { recursive: true, force: true });
mkdirSync(scores, { recursive: true });
const authors = JSON.parse(readFileSync(path.join(folder, 'author-scores.json'), 'utf8')) as AuthorScores;
for (const [doc, given] of Object.entries(authors.scores)) {
  const trace = parseTrace(readFileSync(path.join(folder, doc), 'utf8'));
  const [turn] = trace.turns;
  if (turn.steps.length !== given.steps.length || turn.answer === undefined) {
    throw new Error(`${doc} has ${String(turn.steps.length)} steps, and ${String(given.steps.length)} scores are given.`);
  }
  const chain = textChain(turn.prompt?.text ?? '', turn.steps.map((step) => step.text));
  const record = (target: ScoreRecord['target'], step: number, seen: string, text: string, [harmfulness, helpfulness, reason]: Line): ScoreRecord => ({
    v: 1, time, doc, target, step, seen, text, judge, intent: trace.intent, splitter: trace.splitter, harmfulness, helpfulness, reason,
  });
  const records = given.steps.map((line, i) => record('step', i + 1, chain.seen[i] ?? '', chain.own[i] ?? '', line));
  records.push(record('answer', chain.seen.length, answerSeen(chain, turn.answer.text), answerTextHash(turn.answer.text), given.answer));
  writeFileSync(path.join(scores, scoreFileName(doc)), records.map((one) => JSON.stringify(one) + '\n').join(''));
  console.log(`${doc}: ${String(records.length)} scores`);
}
