import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_SPLITTER } from '../../src/trace/splitters';
import { root } from '../harness/root';
import { steps } from './corpus';
import { compare } from './measure';
import type { Row } from './row';

/** The default splitter beside the least that anybody could do: `split` on the blank lines of the same text. */
export function rows(): Promise<Row[]> {
  const found = [
    row('split 2,000 steps / bare split', steps().join('\n\n'), '\n\n', 2),
    row('… two bytes a character', steps({ typographic: true }).join('\n\n'), '\n\n', 2),
    row('… CRLF', steps({ eol: '\r\n' }).join('\r\n\r\n'), '\r\n\r\n'),
    row('… code fence in every 20th step', steps({ fenceEvery: 20 }).join('\n\n'), '\n\n'),
  ];
  const real = realReasoning();
  if (real !== undefined) found.push(row('… real STAR-1 reasoning', real, '\n\n'));
  return Promise.resolve(found);
}

function row(name: string, text: string, separator: string, bound?: number): Row {
  const { ratio } = compare(
    () => {
      let characters = 0;
      for (const { start, end } of DEFAULT_SPLITTER.split(text, 0, text.length)) characters += end - start;
      return characters;
    },
    () => {
      let characters = 0;
      for (const part of text.split(separator)) characters += part.length;
      return characters;
    },
  );
  return { name, figure: ratio, unit: 'x', ...(bound === undefined ? {} : { bound }) };
}

/** About 1 MB of real reasoning; none where the shared data is absent. */
function realReasoning(): string | undefined {
  const shared = process.env['COT_LENS_SHARED'] ?? path.join(root, '../shared');
  const file = path.join(shared, 'data/UCSC-VLAA__STAR-1/STAR-1.json');
  if (!existsSync(file)) return undefined;
  const rows = JSON.parse(readFileSync(file, 'utf8')) as { response: string }[];
  return rows.map(({ response }) => response).join('\n\n').slice(0, 1_000_000);
}
