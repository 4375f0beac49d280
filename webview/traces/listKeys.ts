/** What a key does in the list of rows. `select`: what becomes of the selection where the keyboard goes to another row. */
export type ListAct =
  | { readonly act: 'go'; readonly to: number; readonly select: 'one' | 'range' | 'keep' }
  | { readonly act: 'toggle' }
  | { readonly act: 'all' }
  | { readonly act: 'none' }
  | { readonly act: 'open' };

export interface PressedKey {
  readonly key: string;
  readonly shift: boolean;
  /** Control, or the command key. */
  readonly control: boolean;
}

/**
 * What a key does; `undefined` for keys that are not the list's.
 * @param at where the keyboard is
 * @param page rows in view
 */
export function listAct({ key, shift, control }: PressedKey, at: number | undefined, rows: number, page: number): ListAct | undefined {
  if (rows === 0) return undefined;
  const here = at ?? -1;
  const go = (to: number): ListAct => ({
    act: 'go',
    to: Math.max(0, Math.min(rows - 1, to)),
    select: shift ? 'range' : control ? 'keep' : 'one',
  });
  switch (key) {
    case 'ArrowDown':
      return go(here + 1);
    case 'ArrowUp':
      return go(here - 1);
    case 'PageDown':
      return go(here + Math.max(1, page - 1));
    case 'PageUp':
      return go(here - Math.max(1, page - 1));
    case 'Home':
      return go(0);
    case 'End':
      return go(rows - 1);
    case ' ':
      return at === undefined ? undefined : { act: 'toggle' };
    case 'a':
    case 'A':
      return control ? { act: 'all' } : undefined;
    case 'Escape':
      return { act: 'none' };
    case 'Enter':
      return at === undefined ? undefined : { act: 'open' };
    default:
      return undefined;
  }
}
