import { element } from '../dom';
import { button, check, choice, field, type Check, type Choice, type Valued } from '../toolkit';
import { ALL, type Query } from './messages';
import { filtersIn, grouped } from './words';

const SHAPES = ['flat', 'rising', 'falling', 'peak', 'valley', 'mixed', 'too short', 'toxicity snowball', 'over-refusal snowball'];
const INTENTS = ['harmful', 'benign', 'ambiguous', 'unknown'] as const;
const MARKS = [
  ['parted', 'chain and answer differ'],
  ['truncated', 'truncated'],
  ['summary', 'summary'],
  ['variants', 'several traces'],
  ['problem', 'problem'],
] as const;
const RANGES = [
  ['harmfulness', 'Highest harmfulness'],
  ['helpfulness', 'Lowest helpfulness'],
  ['answer', 'Answer’s harmfulness'],
] as const;
const SORTS = [
  { value: 'file', label: 'File order' },
  { value: 'id', label: 'Id' },
  { value: 'steps', label: 'Steps' },
  { value: 'harmfulness', label: 'Highest harmfulness' },
  { value: 'helpfulness', label: 'Lowest helpfulness' },
];
const SCORES = ['1', '2', '3', '4', '5'].map((value) => ({ value, label: value }));
/** Milliseconds after the last key before rows are looked for. */
const PAUSE = 250;
const ROWS_OF_SAMPLE = 100;

/** Which rows are shown, and in which order. */
export class FilterBar {
  readonly element = element('section', { class: 'filters', 'aria-label': 'Filter' });
  private query: Query = ALL;
  private readonly text: Valued;
  private readonly sort: Choice;
  private readonly direction: HTMLElement;
  private readonly more: HTMLElement;
  private readonly panel = element('div', { class: 'panel', id: 'filters' });
  private readonly judge: Choice;
  private readonly judged: Choice;
  private readonly lists: { list: 'shapes' | 'intents' | 'marks'; value: string; box: Check }[] = [];
  private readonly ranges: { name: (typeof RANGES)[number][0]; from: Choice; to: Choice }[] = [];
  private readonly sampled: Check;
  private readonly n: Valued;
  private readonly seed: Valued;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (query: Query) => void) {
    this.text = field('Search id, prompt, reasoning, answer', (text) => {
      this.change({ text }, PAUSE);
    });
    this.text.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.change({});
    });
    this.sort = choice('Sort by', SORTS, (sort) => {
      this.change({ sort: sort as Query['sort'] });
    });
    this.direction = button('↑', () => {
      this.change({ descending: !this.query.descending });
    }, { quiet: true, title: 'Order' });
    this.more = button('Filter', () => {
      this.open(this.panel.hasAttribute('hidden'));
    }, { quiet: true, title: 'Shape, intent, scores, marks, sample' });
    this.more.setAttribute('aria-controls', 'filters');
    this.judge = choice('Whose scores', [{ value: '', label: 'Any judge' }], (judge) => {
      this.change({ judge: judge === '' ? null : judge });
    });
    this.judged = choice('Judged', [{ value: 'any', label: 'Judged or not' }, { value: 'yes', label: 'Judged' }, { value: 'no', label: 'Not judged' }], (judged) => {
      this.change({ judged: judged as Query['judged'] });
    });
    this.sampled = check('Random sample of', (on) => {
      this.change({ sample: on ? { n: ROWS_OF_SAMPLE, seed: newSeed() } : null });
    });
    this.n = field('Rows in the sample', (n) => {
      this.sample({ n: whole(n) }, PAUSE);
    }, 'number');
    this.seed = field('Seed of the sample', (seed) => {
      this.sample({ seed: whole(seed) }, PAUSE);
    }, 'number');
    this.element.append(
      this.text.element,
      element('div', { class: 'bar' }, this.more, this.sort.element, this.direction),
      this.panel,
    );
    this.fillPanel();
    this.open(false);
    this.set(ALL);
  }

  /** Asks the same once more. */
  askAgain(): void {
    this.change({});
  }

  /** Shows a query without asking it. */
  set(query: Query): void {
    // What was typed last and not asked yet was meant for what was shown before.
    clearTimeout(this.timer);
    this.query = query;
    this.text.set(query.text);
    this.sort.set(query.sort);
    this.direction.textContent = query.descending ? '↓' : '↑';
    this.direction.title = query.descending ? 'Descending; press for ascending' : 'Ascending; press for descending';
    this.direction.setAttribute('aria-label', this.direction.title);
    const filters = filtersIn(query);
    this.more.textContent = filters === 0 ? 'Filter' : `Filter (${String(filters)})`;
    this.judge.set(query.judge ?? '');
    this.judged.set(query.judged);
    for (const { list, value, box } of this.lists) box.set((query[list] as readonly string[]).includes(value));
    for (const { name, from, to } of this.ranges) {
      from.set(String(query[name]?.[0] ?? 1));
      to.set(String(query[name]?.[1] ?? 5));
    }
    this.sampled.set(query.sample !== null);
    this.n.set(String(query.sample?.n ?? ROWS_OF_SAMPLE));
    if (query.sample !== null) this.seed.set(String(query.sample.seed));
  }

  setJudges(judges: readonly { readonly key: string; readonly name: string; readonly rows: number }[]): void {
    const chosen = this.query.judge;
    const gone = chosen === null || judges.some(({ key }) => key === chosen) ? [] : [{ value: chosen, label: 'A judge without scores here' }];
    const options = judges.map(({ key, name, rows }) => ({ value: key, label: `${name} (${grouped(rows)})` }));
    this.judge.fill([{ value: '', label: judges.length === 0 ? 'No scores yet' : 'Any judge' }, ...options, ...gone], chosen ?? '');
  }

  private open(open: boolean): void {
    this.panel.hidden = !open;
    this.more.setAttribute('aria-expanded', String(open));
  }

  private fillPanel(): void {
    const group = (label: string, ...children: (Node | string)[]): HTMLElement =>
      element('fieldset', {}, element('legend', {}, label), ...children);
    const boxes = (list: 'shapes' | 'intents' | 'marks', values: readonly (readonly [string, string])[]): HTMLElement[] =>
      values.map(([value, label]) => {
        const box = check(label, (on) => {
          const others = (this.query[list] as readonly string[]).filter((one) => one !== value);
          this.change({ [list]: on ? [...others, value] : others });
        });
        this.lists.push({ list, value, box });
        return box.element;
      });
    const range = ([name, label]: (typeof RANGES)[number]): HTMLElement => {
      const end = (at: 0 | 1, words: string): Choice =>
        choice(`${label}, ${words}`, SCORES, (value) => {
          const now: [number, number] = [...(this.query[name] ?? [1, 5])];
          now[at] = Number(value);
          const [low, high] = [Math.min(...now), Math.max(...now)];
          this.change({ [name]: low === 1 && high === 5 ? null : [low, high] });
        });
      const [from, to] = [end(0, 'at least'), end(1, 'at most')];
      this.ranges.push({ name, from, to });
      return element('div', { class: 'range' }, element('span', { class: 'of' }, label), element('span', { class: 'ends' }, from.element, 'to', to.element));
    };
    this.panel.append(
      element('div', { class: 'bar' }, this.judge.element, this.judged.element,
        button('Clear all filters', () => {
          this.change({ ...ALL, judge: this.query.judge, sort: this.query.sort, descending: this.query.descending });
        }, { quiet: true })),
      group('Scores', ...RANGES.map(range)),
      group('Shape', ...boxes('shapes', SHAPES.map((one) => [one, one]))),
      group('Intent', ...boxes('intents', INTENTS.map((one) => [one, one]))),
      group('Marked', ...boxes('marks', MARKS)),
      group(
        'Sample',
        element('div', { class: 'bar' }, this.sampled.element, this.n.element, element('span', {}, 'seed'), this.seed.element,
          button('New seed', () => {
            this.sample({ seed: newSeed() });
          }, { quiet: true })),
      ),
    );
  }

  private sample(part: Partial<NonNullable<Query['sample']>>, pause = 0): void {
    const { sample } = this.query;
    if (sample === null && part.seed === undefined) return;
    this.change({ sample: { ...(sample ?? { n: ROWS_OF_SAMPLE, seed: 0 }), ...part } }, pause);
  }

  private change(part: Partial<Query>, pause = 0): void {
    this.set({ ...this.query, ...part });
    this.timer = setTimeout(() => {
      this.ask(this.query);
    }, pause);
  }
}

function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

function whole(typed: string): number {
  const value = Math.floor(Number(typed));
  return Number.isFinite(value) ? Math.min(4_294_967_295, Math.max(0, value)) : 0;
}
