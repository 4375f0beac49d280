import type { LineIndex } from '../trace/lineIndex';

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

/**
 * Finds the bend lines, or says why no continuous lane can be drawn.
 * VS Code paints a whole-line decoration on every wrapped row of its line, so a bend must stand on a line of one row:
 * the first such line between the two steps (nearly always the blank line), else the next step's first line.
 * @param wrapColumn characters after which a line wraps
 */
export function laneLines(
  steps: readonly StepLines[],
  lines: LineIndex,
  wrapColumn: number,
): LaneLines | { readonly obstacle: string } {
  const bends: number[] = [];
  for (let i = 0; i + 1 < steps.length; i++) {
    const step = steps[i] as StepLines;
    const next = steps[i + 1] as StepLines;
    if (next.firstLine <= step.lastLine) return { obstacle: `steps ${String(i + 1)} and ${String(i + 2)} share a line` };
    let bend = step.lastLine + 1;
    while (bend <= next.firstLine && lines.startOf(bend + 1) - lines.startOf(bend) > wrapColumn) bend++;
    if (bend > next.firstLine) {
      return { obstacle: `no short line lies between steps ${String(i + 1)} and ${String(i + 2)} for the curve to bend on` };
    }
    bends.push(bend);
  }
  return { steps, bends };
}
