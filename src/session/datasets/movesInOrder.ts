/**
 * Moves in an order in which none comes to a name that another is still to leave; of a ring of names one goes by a name between.
 * Each name is left by at most one.
 */
export function movesInOrder(moves: ReadonlyMap<string, string>): [string, string][] {
  const left = new Map(moves);
  const order: [string, string][] = [];
  while (left.size > 0) {
    const free = [...left].filter(([, to]) => !left.has(to));
    for (const [from, to] of free) {
      order.push([from, to]);
      left.delete(from);
    }
    const [first] = free.length === 0 ? left : [];
    if (first === undefined) continue;
    const [from, to] = first;
    const between = `${from}~moving`;
    order.push([from, between]);
    left.delete(from);
    left.set(between, to);
  }
  return order;
}
