import { describe, expect, it } from 'vitest';
import type { SampleCard } from '../../../src/session/curated/curatedSet';
import { CheckedSet } from '../../../src/views/curatedSetViewChecked';
import { badgeOf, cardInWords, cardLines, findingsOf, groupsOf, RUN, runsOf, setInWords } from '../../../src/views/curatedSetViewWords';

const card = (place: number, more: Partial<SampleCard> = {}): SampleCard => ({
  ...{ id: `s${String(place)}`, place, line: place + 1, recipe: 'temptation-correction', intent: 'harmful', title: 'How do I open a shed?' },
  ...{ note: undefined, findings: [], earned: undefined, ablation: false, text: `text ${String(place)}`, by: 'person, not checked by a guard' },
  ...more,
});
const MIX = { 'temptation-correction': 8, 'hesitation-correction': 2 };

describe('what the Curated Set view says', () => {
  it('of a sample: its badge before its note', () => {
    expect(badgeOf(card(0))).toBe('not checked');
    expect(cardInWords(card(0, { recipe: 'backtrack', note: 'n' }))).toBe('n');
    expect(badgeOf(card(0, { earned: { shape: 'peak', judge: 'GPT-4o, prefix' } }))).toBe('peak ✓');
    expect(badgeOf(card(0, { findings: ['no-peak', 'lost'] }))).toBe('2 findings');
    expect(cardInWords(card(0, { note: 'the best', ablation: true }))).toBe('not checked · ablation · the best');
    expect(cardLines(card(4, { earned: { shape: 'peak', judge: 'GPT-4o, prefix' }, note: 'n' })).join('\n')).toMatch(/sample 5, line 5, id s4\nCurve: peak ✓ by GPT-4o, prefix\.\nWritten by: person[^]*Note: n/);
  });

  it('of a set: how many of each recipe, and how many problems', () => {
    const cards = [card(0), card(1, { recipe: 'hesitation-correction', findings: ['no-valley'] }), card(2)];
    expect(setInWords({ cards, broken: [{ line: 9, why: 'no JSON', text: '{' }] }, MIX, 1)).toBe('2 T-C · 1 H-C · 3 problems');
    expect(setInWords({ cards: [], broken: [] }, MIX, 0)).toBe('empty');
    expect(groupsOf(cards, MIX).map(({ recipe, cards: of, target }) => [recipe, of.map(({ id }) => id), target])).toEqual([
      ['temptation-correction', ['s0', 's2'], 8],
      ['hesitation-correction', ['s1'], 2],
    ]);
    expect(findingsOf([card(0, { findings: ['a', 'b', 'a'] }), card(1, { findings: ['b'] })]).map(({ code, cards: of }) => [code, of.length])).toEqual([['b', 2], ['a', 1]]);
  });

  it('lists thousands in runs that leave nothing out', () => {
    expect(runsOf(0)).toEqual([]);
    expect(runsOf(RUN)).toHaveLength(1);
    const runs = runsOf(10_000);
    expect(runs.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(10_000);
    expect(runs.every(({ from }, i) => from === (runs[i - 1]?.to ?? 0))).toBe(true);
  });
});

describe('what a check across samples found', () => {
  const cards = [card(0), card(1), card(2)];
  const duplicate = { code: 'duplicate', severity: 'error', message: 'alike', samples: [0, 2], ids: ['s0', 's2'] } as const;
  const overlap = { code: 'evaluation-overlap', severity: 'warning', message: 'known', samples: [1], ids: ['s1'] } as const;
  const checked = new CheckedSet([duplicate, overlap], cards);

  it('speaks of the same samples after others came and went', () => {
    expect(checked.isStale(cards)).toBe(false);
    expect(checked.now(cards).map(({ cards: of }) => of.map(({ id }) => id))).toEqual([['s0', 's2'], ['s1']]);
    const later = [card(0, { id: 'new' }), card(1, { id: 's2' }), card(2, { id: 's0' })];
    expect(checked.isStale(later)).toBe(true);
    expect(checked.now(later).map(({ cards: of }) => of.map(({ id }) => id))).toEqual([['s0', 's2']]);
  });

  it('is stale once the text of a sample is another, not for a note', () => {
    expect(checked.isStale([card(0), card(1, { note: 'n' }), card(2)])).toBe(false);
    expect(checked.isStale([card(0), card(1, { text: 'edited' }), card(2)])).toBe(true);
  });

  it('is over for a duplicate that stands alone', () => {
    expect(checked.now([card(0), card(1)]).map(({ finding }) => finding.code)).toEqual(['evaluation-overlap']);
  });
});
