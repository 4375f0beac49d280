/** The runs that a command is about, by their ids. */
export interface ChosenRuns {
  /** What is done with a single run is done with this one; `undefined`: the person is asked. */
  readonly one: string | undefined;
  /** What is done with several is done with these. */
  readonly all: readonly string[];
}

/**
 * @param clicked from a menu, or a click: the entry; from another command: the id of a run, or ids; from the palette or a key: nothing
 * @param selected from a menu: all entries that are selected, where the clicked one is among them
 * @param selection of the view. It was perhaps made long ago, and may not be seen: only what is done with several runs takes it, never what is done with one.
 */
export function chosenRuns(clicked: unknown, selected: unknown, selection: readonly unknown[]): ChosenRuns {
  const given: readonly unknown[] = Array.isArray(clicked) ? clicked : [clicked];
  const [one] = given.flatMap(idOf);
  const all = Array.isArray(selected) && selected.length > 0 ? selected : clicked === undefined || clicked === null ? selection : given;
  return { one, all: [...new Set(all.flatMap(idOf))] };
}

/** The run that an entry of the view, or an argument of a command, names. */
function idOf(given: unknown): readonly string[] {
  if (typeof given === 'string') return [given];
  return typeof given === 'object' && given !== null && 'run' in given && typeof given.run === 'string' ? [given.run] : [];
}
