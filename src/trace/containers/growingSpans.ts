/** Numbers in the largest block: 64 KB, which the allocator has at hand. */
const LARGEST_BLOCK = 8192;

/** First byte and the byte after the last of each row, for a number of rows that is not known before: 16 bytes a row. */
export class GrowingSpans {
  private readonly full: Float64Array[] = [];
  // Small: a file may hold a million lists that prove not to be rows.
  private block = new Float64Array(16);
  private filled = 0;
  private before = 0;

  get count(): number {
    return (this.before + this.filled) / 2;
  }

  push(start: number, end: number): void {
    if (this.filled === this.block.length) this.grow();
    this.block[this.filled] = start;
    this.block[this.filled + 1] = end;
    this.filled += 2;
  }

  /** A copy that holds no more than the rows. */
  done(): Float64Array {
    const all = new Float64Array(this.before + this.filled);
    let at = 0;
    for (const block of this.full) {
      all.set(block, at);
      at += block.length;
    }
    all.set(this.block.subarray(0, this.filled), at);
    return all;
  }

  private grow(): void {
    this.full.push(this.block);
    this.before += this.filled;
    this.block = new Float64Array(Math.min(LARGEST_BLOCK, this.filled * 2));
    this.filled = 0;
  }
}
