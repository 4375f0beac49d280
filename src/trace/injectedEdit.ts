import { isMap, isNode, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { findFrontMatter, parseHeadYaml, type HeadYaml } from './frontMatter';
import { blockListEdits, filledBlockKey } from './injectedEdit/blockList';
import { cutPair, flowListEdits, intoFlowMap } from './injectedEdit/flowList';
import { INJECTED, inBlock, inFlow } from './injectedEdit/printedEntry';
import { withEdits, type TextEdit } from './textEdit';

/**
 * The change that makes the front matter's `injected` hold these entries and touches nothing else: entries that stay keep their words,
 * comments stay. With none left the list that was made for them is taken away, and with it front matter that held nothing else, so that
 * what is put in and taken away again leaves the text as it was, byte for byte.
 * @param entries in the order to be written; objects as `readEntry` reads them, or whatever was written there before
 * @returns `undefined` where the front matter is unclosed or no valid YAML, or written so that no such change fits: that is for a person to mend
 */
export function injectedEdit(text: string, entries: readonly unknown[]): TextEdit | undefined {
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const place = findFrontMatter(text, top);
  if (place === 'unclosed') return undefined;
  if (place === undefined) {
    if (entries.length === 0) return { start: top, end: top, text: '' };
    const yaml = inBlock(entries, '', eol);
    const made = { start: top, end: top, text: `---${eol}${yaml}---${eol}${eol}` };
    return says(yaml, {}, entries) && isReadBack(text, made, top, yaml) ? made : undefined;
  }
  const yaml = text.slice(place.yaml.start, place.yaml.end);
  const head = parseHeadYaml(yaml);
  if ('wrong' in head) return undefined;
  const edits = yamlEdits(yaml, head.map, entries, eol);
  if (edits === undefined) return undefined;
  const edit = asOne(yaml, edits);
  const after = withEdits(yaml, [edit]);
  const shifted = { start: place.yaml.start + edit.start, end: place.yaml.start + edit.end, text: edit.text };
  if (!says(after, valuesOf(head), entries) || !isReadBack(text, shifted, top, after)) return undefined;
  // A head that was made for the entries alone goes with them; one that was there before and empty was filled in flow style.
  if (after === '' && yaml !== '' && !yaml.startsWith('{')) return { start: place.block.start, end: behind(text, place.block.end, eol), text: '' };
  return shifted;
}

function yamlEdits(yaml: string, map: YAMLMap.Parsed | undefined, entries: readonly unknown[], eol: string): readonly TextEdit[] | undefined {
  const pair = pairIn(map);
  if (map === undefined || pair === undefined) return added(yaml, map, entries, eol);
  const { key, value } = pair;
  const keyStart = isNode(key) ? key.range?.[0] : undefined;
  if (keyStart === undefined) return undefined;
  if (isSeq(value)) {
    if (value.flow !== true) return blockListEdits(yaml, keyStart, withTokens(yaml) ?? value, entries, eol);
    return (entries.length === 0 && map.flow === true ? cutPair(yaml, map, keyStart, value) : undefined) ?? flowListEdits(yaml, value, entries);
  }
  if (entries.length === 0) return [];
  const isBare = value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '');
  return isBare && map.flow !== true ? filledBlockKey(yaml, keyStart, entries, eol) : undefined;
}

function pairIn(map: YAMLMap | undefined): YAMLMap['items'][number] | undefined {
  return map?.items.find(({ key }) => isScalar(key) && key.value === INJECTED);
}

/** The list with its source tokens, which alone know where its dashes stand. */
function withTokens(yaml: string): YAMLSeq | undefined {
  const { contents } = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false, keepSourceTokens: true });
  const value = isMap(contents) ? pairIn(contents)?.value : undefined;
  return isSeq(value) ? value : undefined;
}

/** The list where there is none: at the end of a block, at the beginning of a map in braces. */
function added(yaml: string, map: YAMLMap.Parsed | undefined, entries: readonly unknown[], eol: string): readonly TextEdit[] | undefined {
  if (entries.length === 0) return [];
  if (yaml === '') return [{ start: 0, end: 0, text: `{ ${inFlow(entries)} }${eol}` }];
  if (map?.flow === true) return [intoFlowMap(yaml, map, entries)];
  if (!yaml.endsWith('\n')) return undefined;
  // All keys of a map stand at one column.
  const start = map?.range[0] ?? 0;
  const indent = yaml.slice(yaml.slice(0, start).lastIndexOf('\n') + 1, start);
  return [{ start: yaml.length, end: yaml.length, text: inBlock(entries, indent, eol) }];
}

/** Several changes as the one from the first to the last. */
function asOne(yaml: string, edits: readonly TextEdit[]): TextEdit {
  if (edits.length === 0) return { start: 0, end: 0, text: '' };
  const start = Math.min(...edits.map((edit) => edit.start));
  const end = Math.max(...edits.map((edit) => edit.end));
  const inside = edits.map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text }));
  return { start, end, text: withEdits(yaml.slice(start, end), inside) };
}

/** Does the changed YAML hold these entries, and all else as before? YAML has more ways to write a map than are told apart here. */
function says(after: string, before: Readonly<Record<string, unknown>>, entries: readonly unknown[]): boolean {
  const head = parseHeadYaml(after);
  if ('wrong' in head) return false;
  const { [INJECTED]: written, ...rest } = valuesOf(head);
  const { [INJECTED]: _old, ...others } = before;
  return JSON.stringify(rest) === JSON.stringify(others) && JSON.stringify(written ?? []) === JSON.stringify(entries);
}

/** Is the whole changed text read as front matter with just this YAML? */
function isReadBack(text: string, edit: TextEdit, top: number, yaml: string): boolean {
  const after = withEdits(text, [edit]);
  const place = findFrontMatter(after, top);
  return typeof place === 'object' && after.slice(place.yaml.start, place.yaml.end) === yaml;
}

function valuesOf({ document }: Exclude<HeadYaml, { readonly wrong: string }>): Readonly<Record<string, unknown>> {
  return (document.toJS({ maxAliasCount: 0 }) as Record<string, unknown> | null) ?? {};
}

/** Behind the block and the two line ends that are put after it. */
function behind(text: string, end: number, eol: string): number {
  let at = end;
  for (let i = 0; i < 2 && text.startsWith(eol, at); i++) at += eol.length;
  return at;
}
