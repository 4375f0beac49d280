import { isNode, type YAMLMap, type YAMLSeq } from 'yaml';
import type { TextEdit } from '../textEdit';
import { entryEdits } from './entryEdits';
import { matchedEntries } from './matchedEntries';
import { inFlow, printedEntry } from './printedEntry';

/** The changes of a list in brackets. `undefined` where they cannot be told. */
export function flowListEdits(yaml: string, list: YAMLSeq, entries: readonly unknown[]): readonly TextEdit[] | undefined {
  const opens = list.range?.[0];
  const spans = list.items.map((item) => (isNode(item) && item.range !== undefined && item.range !== null ? { start: item.range[0], end: item.range[1] } : undefined));
  if (opens === undefined || yaml.charAt(opens) !== '[' || spans.includes(undefined)) return undefined;
  const places = spans as { start: number; end: number }[];
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) {
    return entries.length === 0 ? [] : [{ start: opens + 1, end: opens + 1, text: entries.map(printedEntry).join(', ') }];
  }
  const was = list.toJSON();
  const { becomes, added } = matchedEntries(was, entries);
  if (becomes.every((now) => now === undefined)) {
    const comma = entries.length === 0 ? (/^\s*,/.exec(yaml.slice(last.end))?.[0].length ?? 0) : 0;
    return [{ start: first.start, end: last.end + comma, text: entries.map(printedEntry).join(', ') }];
  }
  const edits: TextEdit[] = [];
  const firstKept = becomes.findIndex((now) => now !== undefined);
  const at = places[firstKept]?.start ?? first.start;
  if (firstKept > 0) edits.push({ start: first.start, end: at, text: '' });
  for (const now of added.get(-1) ?? []) edits.push({ start: at, end: at, text: `${printedEntry(entries[now])}, ` });
  for (const [i, now] of becomes.entries()) {
    const [place, before, item] = [places[i], places[i - 1], list.items[i]];
    if (i < firstKept || place === undefined) continue;
    if (now === undefined) edits.push({ start: before?.end ?? place.start, end: place.end, text: '' });
    else if (isNode(item)) edits.push(...entryEdits(yaml, item, was[i], entries[now]));
    const more = (added.get(i) ?? []).map((index) => `, ${printedEntry(entries[index])}`).join('');
    if (more !== '') edits.push({ start: place.end, end: place.end, text: more });
  }
  return edits;
}

/** The list as the first pair of a map in braces. What it looks like tells whether the braces were empty. */
export function intoFlowMap(yaml: string, map: YAMLMap.Parsed, entries: readonly unknown[]): TextEdit {
  const at = map.range[0] + 1;
  const isSpaced = /\s/.test(yaml.charAt(at));
  const text = map.items.length === 0 ? inFlow(entries) : isSpaced ? ` ${inFlow(entries)},` : `${inFlow(entries)}, `;
  return { start: at, end: at, text };
}

/** Takes away the pair that `intoFlowMap` or a filled empty head put there; `undefined` where it is not written like that. */
export function cutPair(yaml: string, map: YAMLMap.Parsed, keyStart: number, list: YAMLSeq): readonly TextEdit[] | undefined {
  const [opens, closes] = map.range;
  const [from, to] = list.range ?? [0, 0];
  if (!yaml.startsWith('[ ', from) || yaml.slice(from, to).trim() === '[ ]') return undefined;
  const gap = yaml.slice(opens + 1, keyStart);
  if (gap !== '' && gap !== ' ') return undefined;
  if (map.items.length === 1) {
    const isAll = gap === ' ' && opens === 0 && yaml.slice(to, closes) === ' }' && yaml.slice(closes).trim() === '';
    return [isAll ? { start: 0, end: yaml.length, text: '' } : { start: keyStart, end: to, text: '' }];
  }
  if (yaml.charAt(to) !== ',') return undefined;
  if (gap === ' ') return [{ start: opens + 1, end: to + 1, text: '' }];
  return [{ start: keyStart, end: to + (yaml.charAt(to + 1) === ' ' ? 2 : 1), text: '' }];
}
