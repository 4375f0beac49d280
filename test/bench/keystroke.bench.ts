import { OfflineJudge } from '../../src/judge/offline/offlineJudge';
import { ScoreShard } from '../../src/judge/scoreShard';
import { textChain } from '../../src/judge/textChain';
import { TraceStore } from '../../src/session/traceStore';
import { parseTrace } from '../../src/trace/parseTrace';
import { scores, steps, traceOf } from './corpus';
import { compare } from './measure';
import type { Row } from './row';

const STEPS = 2000;
const EDITED = 1000;
const URI = 'bench.cot';
/** Versions typed one after the other, then over again. */
const KEYS = 24;

/** What one key in the middle of a long scored trace costs before anything is painted. */
export function rows(): Promise<Row[]> {
  const reasoning = steps({ steps: STEPS });
  const texts = Array.from({ length: KEYS }, (_, key) =>
    traceOf(reasoning.with(EDITED, `${reasoning[EDITED] ?? ''} ${'typed'.repeat(5).slice(0, key)}`)),
  );
  const shard = scored(traceOf(reasoning));
  const store = new TraceStore(() => shard);
  store.update(URI, 0, traceOf(reasoning));
  let version = 0;
  const next = (): string => texts[++version % KEYS] ?? '';
  const split = (): number => next().split('\n\n').reduce((sum, part) => sum + part.length, 0);
  const whole = compare(() => store.update(URI, version, next()).verdicts.length, split);
  const parse = compare(() => parseTrace(next()).parts.length, split);
  const stepTexts = texts.map((text) => parseTrace(text).turns[0].steps.map((step) => step.text));
  let chain = textChain('', stepTexts[0] ?? []);
  const chaining = compare(() => {
    chain = textChain('', stepTexts[++version % KEYS] ?? [], chain);
    return chain.seen.length;
  }, split);
  return Promise.resolve([
    { name: 'a key in 2,000 scored steps / bare split', figure: whole.ratio, unit: 'x' },
    { name: '… in milliseconds', figure: whole.first, unit: 'ms' },
    { name: '… of it parsing', figure: parse.first, unit: 'ms' },
    { name: '… of it hashing what judges see', figure: chaining.first, unit: 'ms' },
  ]);
}

/** A verdict on every step. */
function scored(text: string): ScoreShard {
  const shard = new ScoreShard();
  const { identity } = new OfflineJudge();
  const [turn] = parseTrace(text).turns;
  const { seen, own } = textChain(turn.prompt?.text ?? '', turn.steps.map((step) => step.text));
  const [harmfulness, helpfulness] = [scores(STEPS, 1), scores(STEPS, 2)];
  for (const [i, hash] of seen.entries()) {
    shard.add({
      v: 1,
      time: '2025-01-01T00:00:00.000Z',
      doc: URI,
      target: 'step',
      step: i + 1,
      seen: hash,
      text: own[i] ?? '',
      judge: identity,
      intent: 'harmful',
      splitter: 'blank-lines',
      harmfulness: harmfulness[i] ?? null,
      helpfulness: helpfulness[i] ?? null,
      reason: '',
    });
  }
  return shard;
}
