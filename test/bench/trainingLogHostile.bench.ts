import { failureInWords } from '../../src/train/logs/knownCauses';
import { LONGEST_LINE, MetricLines } from '../../src/train/logs/metricLines';
import type { Row } from './row';
import { scalingRow } from './scalingRow';

/** Characters of the smaller line: one ten times as long is still read. */
const LINE = Math.floor(LONGEST_LINE / 11);

/** What stands before, over and over in, and behind a line of a log, which is others’ text. */
const LINES: Readonly<Record<string, readonly [before: string, piece: string, after: string]>> = {
  'digits': ['step:1 - a:', '1', 'x'],
  'digits alone': ['', '1', 'x'],
  'actors': ['(', ' pid=', 'x'],
  'colours': ['', '\u001b[3', 'x'],
  'links': ['', '\u001b]8', 'x'],
  'many actors': ['step:1 - a:1', ' [repeated 1x across cluster]', '\u2028'],
  'names': ["{'", 'a', ''],
  'pairs': ['{', "'a': '1', ", 'x'],
  'white space': ["{'a':", ' ', 'x'],
  'errors': ['', 'Error: ', 'x'],
  'quotes': ['', "Permission denied: 'We couldn't connect to '", 'x'],
};

/** What a log can do to those who read it: a line ten times as long takes about ten times as long. */
export async function rows(): Promise<Row[]> {
  const found: Row[] = [];
  for (const [name, [before, piece, after]] of Object.entries(LINES)) {
    const line = (size: number): string => before + piece.repeat(size / piece.length) + after;
    found.push(
      await scalingRow(`numbers in a log 10x: ${name}`, (size) => {
        const text = `${line(size)}\n`;
        return () => Promise.resolve(new MetricLines().read(text).length);
      }, LINE),
      await scalingRow(`why a run failed 10x: ${name}`, (size) => {
        const text = line(size);
        return () => Promise.resolve(failureInWords(text).line?.length ?? 0);
      }, LINE),
    );
  }
  return found;
}
