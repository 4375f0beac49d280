import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import { findFrontMatter, parseHeadYaml } from '../../trace/frontMatter';
import type { Span } from '../../trace/span';
import type { Trace } from '../../trace/trace';
import type { CheckedSample } from './sampleCheck';

/** A step can be a page long; so much of its beginning is marked, in characters. Ours. */
const MARKED = 80;

/** The beginning of a step, on its first line. */
export function placeOfStep({ chain }: Trace, step: number): Span {
  const found = chain.steps[step];
  return found === undefined ? { start: 0, end: 0 } : beginning(found.start, found.text);
}

/** Where to show what is said of the sample as a whole: its first injected step, else its first step. */
export function placeOfSample({ trace, injected }: Pick<CheckedSample, 'trace' | 'injected'>): Span {
  return placeOfStep(trace, injected.steps[0]?.step ?? 0);
}

/** The beginning of the answer. */
export function placeOfAnswer({ chain }: Trace): Span | undefined {
  return chain.answer === undefined ? undefined : beginning(chain.answer.start, chain.answer.text);
}

/** Where each entry of `injected` stands in the front matter, by its place among them. */
export function placesOfEntries({ text }: Trace): readonly Span[] {
  const place = findFrontMatter(text, text.startsWith('\uFEFF') ? 1 : 0);
  if (place === undefined || place === 'unclosed') return [];
  const yaml = text.slice(place.yaml.start, place.yaml.end);
  const head = parseHeadYaml(yaml);
  const map = 'wrong' in head ? undefined : head.document.contents;
  const pair = isMap(map) ? map.items.find((one) => isPair(one) && isScalar(one.key) && one.key.value === 'injected') : undefined;
  if (pair === undefined || !isSeq(pair.value)) return [];
  return pair.value.items.map((item) => {
    const [start, end] = (isNode(item) ? item.range : undefined) ?? [0, 0];
    return beginning(place.yaml.start + start, yaml.slice(start, end));
  });
}

function beginning(start: number, text: string): Span {
  const line = /^[^\r\n]*/.exec(text.slice(0, MARKED + 1))?.[0] ?? '';
  if (line.length <= MARKED) return { start, end: start + line.length };
  const cut = line.slice(0, MARKED);
  const words = cut.replace(/\s+\S*$/, '');
  return { start, end: start + (words === '' ? cut : words).length };
}
