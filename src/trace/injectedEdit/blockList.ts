import { isNode, type CST, type Node, type YAMLSeq } from 'yaml';
import type { TextEdit } from '../textEdit';
import { entryEdits } from './entryEdits';
import { matchedEntries } from './matchedEntries';
import { printedEntry } from './printedEntry';

/** Where an item of a list stands whose items begin with a dash. */
interface Place {
  readonly node: Node | undefined;
  /** The beginning of its first line, and its dash. */
  readonly line: number;
  readonly dash: number;
  /** Behind its value, and behind the line that this ends on. */
  readonly end: number;
  readonly lineEnd: number;
}

/** The changes of a list of lines with dashes. `undefined` where they cannot be told. */
export function blockListEdits(yaml: string, keyStart: number, list: YAMLSeq, entries: readonly unknown[], eol: string): readonly TextEdit[] | undefined {
  const places = placesOf(yaml, list);
  const first = places?.[0];
  if (places === undefined || first === undefined) return undefined;
  const was = list.toJSON();
  const { becomes, added } = matchedEntries(was, entries);
  const lead = yaml.slice(first.line, first.dash);
  const lines = (indexes: readonly number[]): string => indexes.map((i) => `${lead}- ${printedEntry(entries[i])}${eol}`).join('');
  const edits: TextEdit[] = [];
  const top = lines(added.get(-1) ?? []);
  if (top !== '') edits.push({ start: first.line, end: first.line, text: top });
  for (const [i, now] of becomes.entries()) {
    const place = places[i];
    if (place === undefined) return undefined;
    if (now === undefined) edits.push(withoutItem(yaml, place));
    else if (place.node !== undefined) edits.push(...entryEdits(yaml, place.node, was[i], entries[now]));
    const more = lines(added.get(i) ?? []);
    if (more !== '') edits.push({ start: place.lineEnd, end: place.lineEnd, text: more });
  }
  if (entries.length > 0) return edits;
  const key = ownKeyLine(yaml, keyStart, first);
  return key === undefined ? edits : [key, ...edits];
}

/** Fills a key without a value: with dashes at its own column, which says that the key was there before. */
export function filledBlockKey(yaml: string, keyStart: number, entries: readonly unknown[], eol: string): readonly TextEdit[] | undefined {
  const line = lineStart(yaml, keyStart);
  const at = lineEndAfter(yaml, keyStart);
  const lead = yaml.slice(line, keyStart);
  if (lead.trim() !== '' || yaml.charAt(at - 1) !== '\n') return undefined;
  return [{ start: at, end: at, text: entries.map((entry) => `${lead}- ${printedEntry(entry)}${eol}`).join('') }];
}

function placesOf(yaml: string, list: YAMLSeq): Place[] | undefined {
  const token: CST.Token | undefined = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  const dashes = token.items.flatMap(({ start }) => start.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset));
  if (dashes.length !== list.items.length) return undefined;
  const places: Place[] = [];
  for (const [i, dash] of dashes.entries()) {
    const item = list.items[i];
    const node = isNode(item) ? item : undefined;
    const line = lineStart(yaml, dash);
    if (yaml.slice(line, dash).trim() !== '') return undefined;
    const end = Math.max(dash + 1, node?.range?.[1] ?? 0);
    places.push({ node, line, dash, end, lineEnd: yaml.charAt(end - 1) === '\n' ? end : lineEndAfter(yaml, end) });
  }
  return places;
}

/** Its lines; a comment behind it stays. */
function withoutItem(yaml: string, { line, dash, end, lineEnd }: Place): TextEdit {
  return yaml.slice(end, lineEnd).trim() === '' ? { start: line, end: lineEnd, text: '' } : { start: dash, end, text: '' };
}

/** The key's line, where the list is indented as it is written here and nothing else stands on that line. */
function ownKeyLine(yaml: string, keyStart: number, first: Place): TextEdit | undefined {
  const start = lineStart(yaml, keyStart);
  const end = lineEndAfter(yaml, keyStart);
  const isBare = yaml.slice(start, keyStart).trim() === '' && /^[^#]*:\s*$/.test(yaml.slice(keyStart, end));
  return isBare && end <= first.line && first.dash - first.line > keyStart - start ? { start, end, text: '' } : undefined;
}

function lineStart(yaml: string, at: number): number {
  return yaml.slice(0, at).lastIndexOf('\n') + 1;
}

function lineEndAfter(yaml: string, at: number): number {
  const found = yaml.indexOf('\n', at);
  return found < 0 ? yaml.length : found + 1;
}
