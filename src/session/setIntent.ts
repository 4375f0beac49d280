import { isNode, isScalar, type Range, type YAMLMap } from 'yaml';
import { findFrontMatter, parseHeadYaml } from '../trace/frontMatter';
import type { Intent } from '../trace/intent';
import type { TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';


/**
 * The edit that writes an intent into the front matter and touches nothing else: replaces the value of `intent`, adds it to
 * front matter without one, or puts front matter on top. Keeps the document's line ends, and comments outside the value.
 * `undefined` where the front matter is unclosed or no valid YAML, or the intent is written so that no such edit fits: that is
 * for a person to mend.
 */
export function setIntentEdit({ text }: Trace, intent: Intent): TextEdit | undefined {
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const place = findFrontMatter(text, top);
  if (place === undefined) return { start: top, end: top, text: `---${eol}intent: ${intent}${eol}---${eol}${eol}` };
  if (place === 'unclosed') return undefined;
  const yaml = text.slice(place.yaml.start, place.yaml.end);
  const edit = editYaml(yaml, intent, eol);
  // YAML has more ways to write a map than are told apart below: an edit that would not be read back is none.
  if (edit === undefined || !saysIntent(yaml.slice(0, edit.start) + edit.text + yaml.slice(edit.end), intent)) return undefined;
  return { ...edit, start: place.yaml.start + edit.start, end: place.yaml.start + edit.end };
}

/** The same with places in the YAML. */
function editYaml(yaml: string, intent: Intent, eol: string): TextEdit | undefined {
  const head = parseHeadYaml(yaml);
  if ('wrong' in head) return undefined;
  const { map } = head;
  const pair = map?.items.find(({ key }) => isScalar(key) && key.value === 'intent');
  if (map !== undefined && pair !== undefined) return replaceValue(yaml, pair, intent);
  const start = map?.range?.[0] ?? 0;
  if (map?.flow === true) return { start: start + 1, end: start + 1, text: `intent: ${intent}, ` };
  // All keys of a map stand at one column.
  return { start: 0, end: 0, text: `${' '.repeat(columnOf(yaml, start))}intent: ${intent}${eol}` };
}

function replaceValue(yaml: string, { key, value }: YAMLMap['items'][number], intent: Intent): TextEdit | undefined {
  const keyRange = rangeOf(key);
  if (keyRange === undefined) return undefined;
  // A name without even a colon, as in `{intent}`. Of a block map (`? intent`) this makes no valid edit.
  if (value === null) return { start: keyRange[1], end: keyRange[1], text: `: ${intent}` };
  const range = rangeOf(value);
  if (range === undefined) return undefined;
  const [start] = range;
  // Block values end behind their last line end.
  const end = start + yaml.slice(start, range[1]).trimEnd().length;
  if (start === end) {
    const before = /\s$/.test(yaml.slice(0, start)) ? '' : ' ';
    const after = /^(?:\s|$)/.test(yaml.slice(end)) ? '' : ' ';
    return { start, end, text: before + intent + after };
  }
  // A list may begin at its key's own column; a word on a line of its own may not.
  const indent = Math.max(0, columnOf(yaml, keyRange[0]) + 1 - columnOf(yaml, start));
  return { start, end, text: ' '.repeat(indent) + intent };
}

function rangeOf(node: unknown): Range | undefined {
  return isNode(node) ? (node.range ?? undefined) : undefined;
}

/** Is this YAML valid, and its intent written as that one? A missing intent reads as `unknown` and is not written. */
function saysIntent(yaml: string, intent: Intent): boolean {
  const head = parseHeadYaml(yaml);
  const node: unknown = 'wrong' in head ? undefined : head.map?.get('intent', true);
  return isScalar(node) && node.value === intent;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.slice(0, offset).lastIndexOf('\n') + 1);
}
