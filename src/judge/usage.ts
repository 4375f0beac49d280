import type { TokenUsage } from '../model/chat';

/** Sums usage; `undefined` where no part has any. Cached tokens are known only where all parts tell them. */
export function sumUsage(parts: readonly (TokenUsage | undefined)[]): TokenUsage | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0) return undefined;
  const sum = (of: (usage: TokenUsage) => number): number => known.reduce((total, usage) => total + of(usage), 0);
  const tellsCached = known.every(({ cached }) => cached !== undefined);
  return {
    input: sum(({ input }) => input),
    ...(tellsCached ? { cached: sum(({ cached }) => cached ?? 0) } : {}),
    output: sum(({ output }) => output),
  };
}
