/** First byte and the byte after the last of each row, for a number of rows that is not known before: 16 bytes a row. */
export class GrowingSpans {
  // Small: a file may hold a million lists that prove not to be rows.
  private spans = new Float64Array(16);
  private filled = 0;

  get count(): number {
    return this.filled / 2;
  }

  push(start: number, end: number): void {
    if (this.filled === this.spans.length) {
      const larger = new Float64Array(this.spans.length * 2);
      larger.set(this.spans);
      this.spans = larger;
    }
    this.spans[this.filled] = start;
    this.spans[this.filled + 1] = end;
    this.filled += 2;
  }

  /** A copy that holds no more than the rows. */
  done(): Float64Array {
    return this.spans.slice(0, this.filled);
  }
}
