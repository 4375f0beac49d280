/**
 * Asks for samples, in order, as many at a time as `most`. Once one has failed no further is begun: none of them could count.
 * @returns how each that was begun ended
 */
export async function eachSample(
  places: readonly number[],
  most: number,
  ask: (place: number) => Promise<void>,
): Promise<readonly PromiseSettledResult<void>[]> {
  const outcomes: PromiseSettledResult<void>[] = [];
  let next = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    for (let place = places[next++]; place !== undefined && !failed; place = places[next++]) {
      const [outcome] = await Promise.allSettled([ask(place)]);
      failed ||= outcome.status === 'rejected';
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, places.length) }, work));
  return outcomes;
}

/**
 * How many steps, or traces, keep the chat's places full. More would only wait, and be asked for still when the endpoint has
 * failed; one more than fill them, so that none is idle while the last sample of another is under way.
 */
export function inWorkAtOnce(concurrency: number, samples: number): number {
  return concurrency === 1 || samples === 1 ? concurrency : Math.ceil(concurrency / samples) + 1;
}

/** 0 … count − 1. */
export function places(count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => place);
}
