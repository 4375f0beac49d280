import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonModel, curvesModel, fromPage, pageState, DEFAULT_PAGE_STATE, toPage } from '../../../webview/messages';
import { model } from './model';

const schemas = [
  ...Object.entries(fromPage.events),
  ...Object.entries(toPage.events),
  ...Object.entries(fromPage.requests).flatMap(([name, { asks, answers }]) => [[name, asks] as const, [name, answers] as const]),
];

describe('the messages of the Curves page', () => {
  it('take what the extension really sends', () => {
    const sent = model([1, null, 5]);
    expect(curvesModel.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent);
    expect(pageState.parse(DEFAULT_PAGE_STATE)).toEqual(DEFAULT_PAGE_STATE);
  });

  it('never throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const [, schema] of schemas) schema.safeParse(value);
        pageState.safeParse(value);
      }),
    );
  });

  it.each([
    ['a score of 0', { judges: [{ ...model([1]).judges[0], harmfulness: { ...model([1]).judges[0]?.harmfulness, scores: [0] } }] }],
    ['a score of 6', { judges: [{ ...model([1]).judges[0], harmfulness: { ...model([1]).judges[0]?.harmfulness, scores: [6] } }] }],
    ['a score in words', { judges: [{ ...model([1]).judges[0], harmfulness: { ...model([1]).judges[0]?.harmfulness, scores: ['5'] } }] }],
    ['a fraction where a verdict is meant', { judges: [{ ...model([1]).judges[0], harmfulness: { ...model([1]).judges[0]?.harmfulness, scores: [2.5] } }] }],
    ['a negative number of steps', { steps: -1 }],
    ['a fraction of a step', { steps: 1.5 }],
    ['an intent of its own', { intent: 'evil' }],
    ['no document', { doc: undefined }],
    ['stale ranges that are none', { judges: [{ ...model([1]).judges[0], stale: ['x'] }] }],
    ['markup where a list belongs', { shown: '<b>' }],
  ])('refuse a model with %s', (_what, change) => {
    expect(curvesModel.safeParse({ ...model([1, 2]), ...change }).success).toBe(false);
  });

  it('refuse any model with one part replaced by something of another kind', () => {
    const good = model([1, 2, 3]) as unknown as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good)), fc.constantFrom(undefined, NaN, Infinity, () => 1, Symbol('x'), { not: 'it' }), (name, value) => {
        expect(curvesModel.safeParse({ ...good, [name]: value }).success).toBe(false);
      }),
    );
  });

  it.each([
    ['goTo', fromPage.events.goTo, { uri: 'file:///x', place: -1, focus: true }],
    ['goTo', fromPage.events.goTo, { uri: '', place: 1, focus: true }],
    ['goTo', fromPage.events.goTo, { uri: 'file:///x', place: 'everywhere', focus: true }],
    ['save', fromPage.requests.save.asks, { uri: 'file:///x', format: 'exe', encoding: 'text', data: '' }],
    ['save', fromPage.requests.save.asks, { uri: 'file:///x', format: 'svg', encoding: 'path', data: '/etc' }],
    ['chosen', fromPage.events.chosen, { overlay: Array.from({ length: 101 }, String), pinned: false }],
    ['ready', fromPage.events.ready, { state: { ...DEFAULT_PAGE_STATE, v: 2 } }],
    ['cursor', toPage.events.cursor, { uri: 'file:///x', place: 0.5 }],
  ] as const)('refuse a malformed %s', (_name, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it('let only the known parts through', () => {
    const parsed = fromPage.events.goTo.parse({ uri: 'file:///x', place: 1, focus: true, extra: 'command:rm' });
    expect(parsed).toEqual({ uri: 'file:///x', place: 1, focus: true });
  });

  it('say in a comparison what cannot be said as null, which JSON can carry', () => {
    const none = { value: null, low: null, high: null };
    const sent = {
      ...{ a: 'a', b: 'b', aKey: '1', bKey: '2', traces: 1, sameShape: none, shapedTraces: 0, differences: [], differing: 0 },
      series: [{ series: 'harmfulness', steps: 4, kappa: none, meanAbsoluteDifference: none, bias: none }],
    };
    expect(comparisonModel.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent);
    expect(comparisonModel.safeParse({ ...sent, sameShape: { value: NaN, low: 0, high: 0 } }).success).toBe(false);
  });
});
