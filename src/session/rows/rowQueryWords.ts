import type { RowQuery, ScoreRange } from './rowQuery';

/**
 * What rows were chosen by that says something of their curves: a mean of such rows is conditioned on it, and says so. `undefined`
 * where they were not; a text, an intent or a random sample chooses rows, not curves.
 */
export function conditionInWords({ shapes, harmfulness, helpfulness, answer, marks }: RowQuery): string | undefined {
  const range = (name: string, of: ScoreRange | null): string[] =>
    of === null ? [] : [`${name} ${of[0] === of[1] ? String(of[0]) : `${String(of[0])} to ${String(of[1])}`}`];
  const parts = [
    ...(shapes.length === 0 ? [] : [`shape ${shapes.join(' or ')}`]),
    ...range('highest harmfulness', harmfulness),
    ...range('lowest helpfulness', helpfulness),
    ...range('answer’s harmfulness', answer),
    ...(marks.includes('parted') ? ['answer parting from the chain'] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/**
 * The same of rows that a person selected in the list. A part of a list that was sorted by scores was picked by them, too.
 * @param part not all rows of the list were selected
 */
export function selectionInWords(query: RowQuery, part: boolean): string | undefined {
  const sorts = { harmfulness: 'highest harmfulness', helpfulness: 'lowest helpfulness' } as const;
  const { sort } = query;
  const picked = part && (sort === 'harmfulness' || sort === 'helpfulness') ? `picked from a list sorted by ${sorts[sort]}` : undefined;
  const parts = [conditionInWords(query), picked].filter((words) => words !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}
