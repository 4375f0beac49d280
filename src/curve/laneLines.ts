import type { LineIndex } from '../trace/lineIndex';
import { MOST_COLUMNS } from './lineColumns';

/** Where a step stands in the document, in 0-based lines. */
export interface StepLines {
  readonly firstLine: number;
  readonly lastLine: number;
}

/** The lines that a lane is drawn on. */
export interface LaneLines {
  readonly steps: readonly StepLines[];
  /** For each step but the last: the line on which the curve bends to the next step's score. */
  readonly bends: readonly number[];
}

/** The columns that a line takes. */
export type ColumnsOf = (line: number) => number;

/**
 * Finds the bend lines, or says why no continuous lane can be drawn.
 * VS Code paints a whole-line decoration on every wrapped row of its line, so a bend must stand on a line of one row:
 * the first such line between the two steps (nearly always the blank line), else the next step's first line.
 * @param wrapColumn columns after which a line wraps
 * @param columns measures a line; without it a character, and each of a line end, counts as a column
 */
export function laneLines(
  steps: readonly StepLines[],
  lines: LineIndex,
  wrapColumn: number,
  columns: ColumnsOf = (line) => unitsOf(lines, line),
): LaneLines | { readonly obstacle: string } {
  const bends: number[] = [];
  for (let i = 0; i + 1 < steps.length; i++) {
    const step = steps[i] as StepLines;
    const next = steps[i + 1] as StepLines;
    if (next.firstLine <= step.lastLine) return { obstacle: `steps ${String(i + 1)} and ${String(i + 2)} share a line` };
    let bend = step.lastLine + 1;
    while (bend <= next.firstLine && !isOneRow(lines, bend, wrapColumn, columns)) bend++;
    if (bend > next.firstLine) {
      return { obstacle: `no short line lies between steps ${String(i + 1)} and ${String(i + 2)} for the curve to bend on` };
    }
    bends.push(bend);
  }
  return { steps, bends };
}

/** Does the line stand on one row? Measured only where its length does not tell: nearly every line asked for is blank. */
export function isOneRow(lines: LineIndex, line: number, wrapColumn: number, columns: ColumnsOf): boolean {
  const units = unitsOf(lines, line);
  if (units * MOST_COLUMNS <= wrapColumn) return true;
  // A line end has up to two units and takes no column; a line of a megabyte is not walked through.
  if (units - 2 > wrapColumn) return false;
  return columns(line) <= wrapColumn;
}

/** UTF-16 units, the line end's included. */
function unitsOf(lines: LineIndex, line: number): number {
  return lines.startOf(line + 1) - lines.startOf(line);
}
