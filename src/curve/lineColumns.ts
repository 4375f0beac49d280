import type { LineIndex } from '../trace/lineIndex';

/** No UTF-16 unit takes more columns than this: what a tab takes at a tab stop, with VS Code's default tab size. */
export const MOST_COLUMNS = 4;
const TAB = 9;

/**
 * The columns that a line takes, without its line end, in the editor's counting: East Asian wide characters and everything
 * outside the basic plane (emoji, rarer ideographs) take two, a tab goes on to the next multiple of four. Where fonts differ
 * this counts too many rather than too few. A line takes at least as many columns as it has UTF-16 units.
 */
export function lineColumns(text: string, lines: LineIndex, line: number): number {
  const end = lines.startOf(line + 1);
  let columns = 0;
  for (let i = lines.startOf(line); i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || unit === 13) continue;
    // The two units of a pair take one column each.
    if (unit === TAB) columns += MOST_COLUMNS - (columns % MOST_COLUMNS);
    else columns += isWide(unit) ? 2 : 1;
  }
  return columns;
}

const EMOJI = /\p{Emoji_Presentation}/u;

/** East Asian wide characters of the basic plane, in blocks no narrower than the editor's, and its emoji drawn in colour. */
function isWide(unit: number): boolean {
  if (unit < 0x1100) return false;
  return (
    unit <= 0x115f || // Hangul Jamo
    (unit >= 0x2e80 && unit <= 0xd7ff) || // CJK radicals to Hangul syllables
    (unit >= 0xf900 && unit <= 0xfaff) || // CJK compatibility ideographs
    (unit >= 0xfe30 && unit <= 0xfe6f) || // CJK compatibility forms
    (unit >= 0xff00 && unit <= 0xff60) || // fullwidth forms
    (unit >= 0xffe0 && unit <= 0xffe6) ||
    (unit >= 0x2300 && unit <= 0x2bff && EMOJI.test(String.fromCharCode(unit)))
  );
}
