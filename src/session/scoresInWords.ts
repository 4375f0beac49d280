import { ALL_SERIES } from '../curve/series';
import type { JoinedVerdict } from './traceState';

/** `harmfulness 4, helpfulness 2 (stale)`; empty where neither has a score. */
export function scoresInWords({ verdict, stale }: JoinedVerdict): string {
  const said = ALL_SERIES.flatMap((series) => {
    const score = verdict[series];
    return score === null ? [] : [`${series} ${String(score)}`];
  });
  return said.join(', ') + (stale && said.length > 0 ? ' (stale)' : '');
}
