import type { Problem } from './problem';

/**
 * Notes characters that cannot be what was written: U+FFFD, which decoders put for bytes that are not UTF-8,
 * and halves of surrogate pairs, which cannot be saved as UTF-8. One problem each, at the first place, with the count.
 */
export function brokenCharacters(text: string, problems: Problem[]): void {
  const first = text.indexOf('\uFFFD');
  if (first !== -1) {
    let count = 0;
    for (let i = first; i !== -1; i = text.indexOf('\uFFFD', i + 1)) count++;
    problems.push({
      code: 'not-utf8',
      severity: 'warning',
      message: `${String(count)} replacement character${count === 1 ? '' : 's'} (U+FFFD): bytes here are not UTF-8 and were lost on reading. Reopen the file with its own encoding before you save it or score it.`,
      start: first,
      end: first + 1,
    });
  }
  const half = text.isWellFormed() ? -1 : text.search(/\p{Surrogate}/u);
  if (half !== -1) {
    problems.push({
      code: 'broken-character',
      severity: 'warning',
      message: 'Half of a character (a lone surrogate) stands here. It cannot be saved as UTF-8: delete or replace it.',
      start: half,
      end: half + 1,
    });
  }
}
