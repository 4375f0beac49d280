/** A stretch of positions, the last one excluded. */
export type Stretch = readonly [number, number];

/** Selected positions of a list of any length, as stretches: all of a million rows are one of them. Immutable. */
export class Selection {
  static readonly none = new Selection([]);

  /** @param stretches ascending, none touching the next */
  private constructor(readonly stretches: readonly Stretch[]) {}

  /** Of any stretches, in any order. */
  static of(stretches: readonly Stretch[]): Selection {
    const merged: [number, number][] = [];
    for (const [from, to] of [...stretches].filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0])) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    return new Selection(merged);
  }

  get count(): number {
    return this.stretches.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  has(position: number): boolean {
    let [low, high] = [0, this.stretches.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [from, to] = this.stretches[middle] ?? [0, 0];
      if (position < from) high = middle - 1;
      else if (position >= to) low = middle + 1;
      else return true;
    }
    return false;
  }

  with(from: number, to: number): Selection {
    return Selection.of([...this.stretches, [from, to]]);
  }

  toggled(position: number): Selection {
    if (!this.has(position)) return this.with(position, position + 1);
    return Selection.of(
      this.stretches.flatMap(([from, to]): Stretch[] =>
        position < from || position >= to ? [[from, to]] : [[from, position], [position + 1, to]],
      ),
    );
  }
}
