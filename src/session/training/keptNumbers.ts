import type { MetricLine } from '../../train/logs/metricLines';

/** What lines of numbers may take together, in characters. Ours. */
const MOST = 16 * 1024 * 1024;
/** What a line takes in memory, and each of its numbers beside its name, in characters; measured, about. */
const [LINE, NUMBER] = [300, 50];

/**
 * Lines of numbers within bounds, in their order: a log is others’ text, and may hold a number in every few characters. Where they are too
 * many the older half loses every second line; the first and the newest stay, and each keeps its step.
 */
export class KeptNumbers<Line extends MetricLine> {
  private lines: Line[] = [];
  private characters = 0;

  constructor(private readonly most = MOST) {}

  get all(): readonly Line[] {
    return this.lines;
  }

  /** What they take, in characters. */
  get weight(): number {
    return this.characters;
  }

  add(line: Line): void {
    this.lines.push(line);
    this.characters += weightOf(line);
    while (this.characters > this.most && this.lines.length > 2) this.thin();
  }

  private thin(): void {
    const half = Math.ceil(this.lines.length / 2);
    this.lines = this.lines.filter((_, i) => i >= half || i % 2 === 0);
    this.characters = this.lines.reduce((sum, line) => sum + weightOf(line), 0);
  }
}

function weightOf({ values }: MetricLine): number {
  return Object.keys(values).reduce((sum, name) => sum + name.length + NUMBER, LINE);
}
