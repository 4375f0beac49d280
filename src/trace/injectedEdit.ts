import { Document, isNode, isScalar, type YAMLMap } from 'yaml';
import { findFrontMatter, parseHeadYaml } from './frontMatter';
import type { TextEdit } from './textEdit';

const KEY = 'injected';

/**
 * The change that makes the front matter's `injected` hold these entries and touches nothing else; with none it is taken away, and with
 * it front matter that held nothing else. What is put in and taken away again leaves the text as it was, byte for byte.
 * @param entries in the order to be written; objects as `readEntry` reads them, or whatever was written there before
 * @returns `undefined` where the front matter is unclosed or no valid YAML, or written so that no such change fits: that is for a person to mend
 */
export function injectedEdit(text: string, entries: readonly unknown[]): TextEdit | undefined {
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const place = findFrontMatter(text, top);
  if (place === 'unclosed') return undefined;
  if (place === undefined) {
    return { start: top, end: top, text: entries.length === 0 ? '' : `---${eol}${block(entries, eol, 0)}---${eol}${eol}` };
  }
  const yaml = text.slice(place.yaml.start, place.yaml.end);
  const edit = yamlEdit(yaml, entries, eol);
  if (edit === undefined) return undefined;
  const after = yaml.slice(0, edit.start) + edit.text + yaml.slice(edit.end);
  if (!says(after, yaml, entries)) return undefined;
  // A head that was made for the entries alone goes with them; one that was there before and empty was filled in flow style.
  if (after === '' && yaml !== '' && !yaml.startsWith('{')) return { start: place.block.start, end: behind(text, place.block.end, eol), text: '' };
  return { start: place.yaml.start + edit.start, end: place.yaml.start + edit.end, text: edit.text };
}

/** The same with places in the YAML. */
function yamlEdit(yaml: string, entries: readonly unknown[], eol: string): TextEdit | undefined {
  const head = parseHeadYaml(yaml);
  if ('wrong' in head) return undefined;
  const { map } = head;
  const pair = map?.items.find(({ key }) => isScalar(key) && key.value === KEY);
  if (pair === undefined) {
    if (entries.length === 0) return { start: 0, end: 0, text: '' };
    if (yaml === '') return { start: 0, end: 0, text: `{ ${flow(entries)} }${eol}` };
    const start = map?.range?.[0] ?? 0;
    if (map?.flow === true) return { start: start + 1, end: start + 1, text: map.items.length === 0 ? ` ${flow(entries)} ` : ` ${flow(entries)},` };
    // All keys of a map stand at one column.
    return { start: yaml.length, end: yaml.length, text: block(entries, eol, columnOf(yaml, start)) };
  }
  return map?.flow === true ? inFlow(yaml, pair, map, entries) : inBlock(yaml, pair, entries, eol);
}

type Pair = YAMLMap['items'][number];

function inFlow(yaml: string, pair: Pair, map: YAMLMap.Parsed, entries: readonly unknown[]): TextEdit | undefined {
  const span = spanOf(pair);
  if (span === undefined) return undefined;
  if (entries.length > 0) return { ...span, text: flow(entries) };
  if (map.items.length === 1) {
    const [start, end] = map.range;
    return yaml.slice(0, start).trim() === '' && yaml.slice(end).trim() === '' ? { start: 0, end: yaml.length, text: '' } : { ...span, text: '' };
  }
  const before = yaml.slice(0, span.start);
  const comma = /^\s*,/.exec(yaml.slice(span.end))?.[0];
  if (comma !== undefined) return { start: before.endsWith('{ ') ? span.start - 1 : span.start, end: span.end + comma.length, text: '' };
  return { start: before.trimEnd().length - (before.trimEnd().endsWith(',') ? 1 : 0), end: span.end, text: '' };
}

function inBlock(yaml: string, pair: Pair, entries: readonly unknown[], eol: string): TextEdit | undefined {
  const span = spanOf(pair);
  if (span === undefined) return undefined;
  const column = columnOf(yaml, span.start);
  const lineStart = span.start - column;
  const lineEnd = yaml.indexOf('\n', Math.max(span.start, span.end - 1));
  const end = lineEnd < 0 ? yaml.length : lineEnd + 1;
  // Something else on these lines (a comment behind the value) stays.
  if (yaml.slice(span.end, end).trim() !== '' || yaml.slice(lineStart, span.start).trim() !== '') {
    return entries.length === 0 ? undefined : { ...span, text: block(entries, eol, column).slice(column).trimEnd() };
  }
  return { start: lineStart, end, text: entries.length === 0 ? '' : block(entries, eol, column) };
}

function spanOf({ key, value }: Pair): { start: number; end: number } | undefined {
  const from = isNode(key) ? key.range?.[0] : undefined;
  const to = isNode(value) ? value.range?.[1] : isNode(key) ? key.range?.[1] : undefined;
  return from === undefined || to === undefined ? undefined : { start: from, end: to };
}

/** Each entry on a line of its own. */
function block(entries: readonly unknown[], eol: string, column: number): string {
  const indent = ' '.repeat(column);
  return [`${indent}${KEY}:`, ...entries.map((entry) => `${indent}  - ${printed(entry)}`)].map((line) => line + eol).join('');
}

function flow(entries: readonly unknown[]): string {
  return `${KEY}: [${entries.map(printed).join(', ')}]`;
}

function printed(entry: unknown): string {
  const document = new Document(entry, { aliasDuplicateObjects: false });
  const line = document.toString({ collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trimEnd();
  // What does not fit on a line is written as JSON, which is YAML too.
  return line.includes('\n') ? JSON.stringify(entry) : line;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.slice(0, offset).lastIndexOf('\n') + 1);
}

/** Does the changed YAML hold these entries, and all else as before? YAML has more ways to write a map than are told apart above. */
function says(after: string, before: string, entries: readonly unknown[]): boolean {
  const values = (yaml: string): Record<string, unknown> | undefined => {
    const head = parseHeadYaml(yaml);
    if ('wrong' in head) return undefined;
    return (head.document.toJS({ maxAliasCount: 0 }) as Record<string, unknown> | null) ?? {};
  };
  const [now, was] = [values(after), values(before)];
  if (now === undefined || was === undefined) return false;
  const { [KEY]: written, ...rest } = now;
  const { [KEY]: _old, ...others } = was;
  return JSON.stringify(rest) === JSON.stringify(others) && JSON.stringify(written ?? []) === JSON.stringify(entries);
}

/** Behind the block and the two line ends that are put after it. */
function behind(text: string, end: number, eol: string): number {
  let at = end;
  for (let i = 0; i < 2 && text.startsWith(eol, at); i++) at += eol.length;
  return at;
}
