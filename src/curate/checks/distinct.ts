/** Takes repeated numbers out of lists, one list after the other, without a table of its own for each. */
export class Distinct {
  private values = new Uint32Array(4096);
  /** In which list each place of the table was taken. */
  private lists = new Uint32Array(4096);
  private list = 0;

  /** Each number once, in the order in which they first come; in the list's own memory. */
  of(numbers: Uint32Array): Uint32Array {
    while (this.values.length < 2 * numbers.length) {
      this.values = new Uint32Array(this.values.length * 2);
      this.lists = new Uint32Array(this.values.length);
      this.list = 0;
    }
    this.list++;
    const { values, lists, list } = this;
    let kept = 0;
    for (const number of numbers) {
      let place = number & (values.length - 1);
      while (lists[place] === list && values[place] !== number) place = (place + 1) & (values.length - 1);
      if (lists[place] === list) continue;
      lists[place] = list;
      values[place] = number;
      numbers[kept++] = number;
    }
    return numbers.subarray(0, kept);
  }
}
