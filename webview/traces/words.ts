import type { Card, Query, Status } from './messages';

/** `1,204`; the page speaks English whatever the machine's language. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** How far a list is: `1,204 of 1,000,000 rows · searching, 34 %`. */
export function statusInWords({ count, of, running, share }: Pick<Status, 'count' | 'of' | 'running' | 'share'>): string {
  const rows = count === of ? counted(of, 'row') : `${grouped(count)} of ${counted(of, 'row')}`;
  return running ? `${rows} · searching, ${String(Math.floor(share * 100))} %` : rows;
}

/** What a row is marked with, in a word or two each. */
export function marksOf({ variants, truncated, summary, parted }: Pick<Card, 'variants' | 'truncated' | 'summary' | 'parted'>): string[] {
  return [
    ...(variants > 1 ? [`×${String(variants)}`] : []),
    ...(truncated ? ['truncated'] : []),
    ...(summary ? ['summary'] : []),
    ...(parted === null ? [] : [parted]),
  ];
}

/** Who judged a row, its intent and its model: the most telling first. */
export function detailsOf(card: Pick<Card, 'intent' | 'model' | 'judge' | 'stale'>): string[] {
  return [...(card.judge === null ? [] : [card.judge]), ...besideJudge(card)];
}

/** The same without the judge, where that stands apart. */
export function besideJudge({ intent, model, stale }: Pick<Card, 'intent' | 'model' | 'stale'>): string[] {
  return [
    ...(stale === 0 ? [] : [`${String(stale)} stale`]),
    ...(intent === 'unknown' ? [] : [intent]),
    ...(model === null ? [] : [model]),
  ];
}

/** All of a row in one sentence, for who hears it. */
export function cardInWords(card: Card): string {
  const name = `Row ${grouped(card.ordinal + 1)}${card.id === null ? '' : `, ${card.id}`}`;
  if (card.problem !== null) return `${name}: cannot be read. ${card.problem}`;
  const curves = card.curves.map(({ series, name: shape }) => `${shape} ${series}`);
  return [name, counted(card.steps, 'step'), ...marksOf(card).map((mark) => mark.replace('×', 'traces in it: ')), ...curves, ...detailsOf(card), card.prompt].join(', ');
}

/** How many things narrow the rows down, beside the text. */
export function filtersIn(query: Query): number {
  const { shapes, intents, harmfulness, helpfulness, answer, judged, marks, sample } = query;
  const lists = [shapes, intents, marks].filter((list) => list.length > 0).length;
  return lists + [harmfulness, helpfulness, answer, sample].filter((one) => one !== null).length + (judged === 'any' ? 0 : 1);
}
