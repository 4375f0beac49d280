import { meanCurves } from '../../src/session/means/meanCurves';
import type { Score } from '../../src/trace/verdict';
import { seeded } from '../seeded';
import { scored, setOf } from '../unit/session/means/meanTraces';
import { longestWait } from './measure';
import type { Row } from './row';

const TRACES = 1000;
const STEPS = 20;
const BINS = 10;

/** Mean curves with their bands, by as many draws as the page makes. */
export async function rows(): Promise<Row[]> {
  const random = seeded(4);
  const score = (): Score => (1 + Math.floor(random() * 5)) as Score;
  const set = setOf(Array.from({ length: TRACES }, () => scored(Array.from({ length: STEPS }, score))));
  const begun = performance.now();
  const choice = { judge: null, alignment: { kind: 'position', bins: BINS }, by: 'none' } as const;
  const tools = { signal: new AbortController().signal, calibrationOf: () => undefined };
  const { longest } = await longestWait(() => meanCurves(set, choice, tools), () => performance.now());
  const took = performance.now() - begun;
  return [
    { name: `mean curves of ${TRACES.toLocaleString('en')} traces, both series`, figure: took, unit: 'ms' },
    { name: '… the longest that other work waited', figure: longest, unit: 'ms', bound: 100 },
  ];
}
