import { jobScaling, type Job } from './measure';
import type { Row } from './row';

/** Ten times the input may take this many times as long; what is quadratic takes 100 times as long. */
const BOUND = 12;

/** The row of a job that must take time linear in its input. @param make and `size`: see `jobScaling` */
export async function scalingRow(name: string, make: (size: number) => Job, size: number): Promise<Row> {
  return { name, figure: await jobScaling(make, size), unit: 'x', bound: BOUND };
}
