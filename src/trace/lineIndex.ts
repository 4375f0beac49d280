/**
 * Where the lines of a text begin. Line ends are `\n`, `\r\n` and a lone `\r`, the three that VS Code knows,
 * so that line numbers agree with the editor's.
 */
export class LineIndex {
  private constructor(private readonly starts: readonly number[], private readonly length: number) {}

  static of(text: string): LineIndex {
    const starts = [0];
    // A lone \r is rare: one native search decides whether the slower walk is needed at all.
    if (text.includes('\r')) {
      for (let i = 0; i < text.length; i++) {
        const c = text.charCodeAt(i);
        if (c === 10) starts.push(i + 1);
        else if (c === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
      }
    } else {
      for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    }
    return new LineIndex(starts, text.length);
  }

  /** Offset at which a line begins; offsets beyond the last line give the text's length. */
  startOf(line: number): number {
    return this.starts[line] ?? this.length;
  }

  /** The 0-based line that holds an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * The line of an offset that lies at or after the start of `from`; cheap when the answer is near.
   * Walking a trace from top to bottom this costs one comparison per line instead of a search per step.
   */
  lineAtOrAfter(from: number, offset: number): number {
    let line = from;
    const last = this.starts.length - 1;
    while (line < last && this.startOf(line + 1) <= offset) line++;
    return line;
  }
}
