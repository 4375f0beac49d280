import { isMap, isScalar, type Node } from 'yaml';
import type { TextEdit } from '../textEdit';
import { printedEntry } from './printedEntry';

/** The changes that make one entry say something else: values in their place where only some differ, else all of it anew. */
export function entryEdits(yaml: string, node: Node, was: unknown, now: unknown): readonly TextEdit[] {
  if (JSON.stringify(was) === JSON.stringify(now)) return [];
  return valuesInPlace(node, was, now) ?? [whole(yaml, node, now)];
}

function valuesInPlace(node: Node, was: unknown, now: unknown): readonly TextEdit[] | undefined {
  if (!isMap(node) || !isRecord(was) || !isRecord(now)) return undefined;
  const names = Object.keys(now);
  if (Object.keys(was).some((name, i) => names[i] !== name)) return undefined;
  const edits: TextEdit[] = [];
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name === undefined) return undefined;
    if (JSON.stringify(was[name]) === JSON.stringify(now[name])) continue;
    const range = isScalar(value) && (value.type === 'PLAIN' || value.type === 'QUOTE_DOUBLE' || value.type === 'QUOTE_SINGLE') ? value.range : undefined;
    if (range === undefined || range === null || range[0] === range[1]) return undefined;
    edits.push({ start: range[0], end: range[1], text: JSON.stringify(now[name]) });
  }
  const more = names.slice(Object.keys(was).length);
  const last = node.items.at(-1)?.value;
  const end = isScalar(last) || isMap(last) ? last.range?.[1] : undefined;
  if (more.length > 0) {
    if (node.flow !== true || end === undefined) return undefined;
    edits.push({ start: end, end, text: more.map((name) => `, ${name}: ${JSON.stringify(now[name])}`).join('') });
  }
  return edits;
}

function whole(yaml: string, node: Node, now: unknown): TextEdit {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: start + yaml.slice(start, end).trimEnd().length, text: printedEntry(now) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
