/**
 * Where things are in a list of rows of one height that may be longer than a browser lets an element be (17 to 33 million pixels). The
 * scroll bar then goes over less than the list is long: far moves are scaled, near ones go pixel by pixel as anywhere else.
 */

/** The longest that the element under the scroll bar is made, in pixels; well below what any browser takes. */
export const LONGEST = 8_000_000;

export interface ListSize {
  readonly rows: number;
  /** Pixels. */
  readonly rowHeight: number;
  /** Pixels of the list that are in view at once. */
  readonly view: number;
}

/** How long the element under the scroll bar is, in pixels. */
export function scrolledHeight({ rows, rowHeight }: ListSize): number {
  return Math.min(rows * rowHeight, LONGEST);
}

/** The farthest that the list's top can lie above the view, in pixels of the list. */
function mostTop({ rows, rowHeight, view }: ListSize): number {
  return Math.max(0, rows * rowHeight - view);
}

/** The farthest that the scroll bar goes, in its own pixels. */
function mostScroll(size: ListSize): number {
  return Math.max(0, scrolledHeight(size) - size.view);
}

/** Where the scroll bar belongs for a place in the list. */
export function scrollFor(top: number, size: ListSize): number {
  const [list, bar] = [mostTop(size), mostScroll(size)];
  return list === bar ? within(top, list) : list === 0 ? 0 : (within(top, list) / list) * bar;
}

/** The place in the list that a place of the scroll bar stands for. */
export function topFor(scroll: number, size: ListSize): number {
  const [list, bar] = [mostTop(size), mostScroll(size)];
  return list === bar ? within(scroll, bar) : bar === 0 ? 0 : (within(scroll, bar) / bar) * list;
}

/**
 * The place in the list after the scroll bar went from one place to another. Less than a view's height is a wheel's or a key's doing and
 * moves as far as it says; more is a jump. Both ends of the bar are the ends of the list.
 */
export function topAfter(top: number, from: number, to: number, size: ListSize): number {
  const bar = mostScroll(size);
  if (to <= 0) return 0;
  if (to >= bar) return mostTop(size);
  const by = to - from;
  return Math.abs(by) <= size.view ? within(top + by, mostTop(size)) : topFor(to, size);
}

/** The place in the list that brings a row into view with the least movement. */
export function topShowing(row: number, top: number, size: ListSize): number {
  const start = row * size.rowHeight;
  const end = start + size.rowHeight;
  const moved = start < top ? start : end > top + size.view ? end - size.view : top;
  return within(moved, mostTop(size));
}

/** The rows in view with so many more on either side; the last one excluded. */
export function rowsInView(top: number, { rows, rowHeight, view }: ListSize, margin: number): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / rowHeight) - margin);
  return { from: Math.min(from, rows), to: Math.max(0, Math.min(rows, Math.ceil((top + view) / rowHeight) + margin)) };
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
