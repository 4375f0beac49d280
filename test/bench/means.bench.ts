import { meanCurves } from '../../src/session/means/meanCurves';
import type { Score } from '../../src/trace/verdict';
import { seeded } from '../seeded';
import { scored, setOf } from '../unit/session/means/meanTraces';
import type { Row } from './row';

const TRACES = 1000;
const STEPS = 20;
const BINS = 10;

/** Mean curves with their bands, by as many draws as the page makes. */
export async function rows(): Promise<Row[]> {
  const random = seeded(4);
  const score = (): Score => (1 + Math.floor(random() * 5)) as Score;
  const set = setOf(Array.from({ length: TRACES }, () => scored(Array.from({ length: STEPS }, score))));
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const begun = performance.now();
  await meanCurves(set, { judge: null, alignment: { kind: 'position', bins: BINS }, by: 'none' }, { signal: new AbortController().signal, calibrationOf: () => undefined });
  const took = performance.now() - begun;
  clearInterval(beat);
  return [
    { name: `mean curves of ${TRACES.toLocaleString('en')} traces, both series`, figure: took, unit: 'ms' },
    { name: '… the longest that other work waited', figure: longest, unit: 'ms', bound: 100 },
  ];
}
