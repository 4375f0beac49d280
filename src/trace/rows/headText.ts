import { Document, isNode, isScalar, parseDocument } from 'yaml';
import { findFrontMatter, parseHeadYaml } from '../frontMatter';
import type { JsonValue } from './fieldRef';
import { isDerived, sameJson, type HeadValues } from './headValues';

/** The YAML of these values, with a line end after it; nothing for none. What is printed is read back as the same values. */
export function printHead(values: HeadValues): string {
  if (values.size === 0) return '';
  const plain = new Document(new Map(values)).toString({ lineWidth: 0, flowCollectionPadding: false });
  if (isReadAs(plain, values)) return plain;
  // Everything quoted and escaped: no line separator, half of a character or `---` is left that could be misread.
  const quoted = new Document(new Map(values)).toString({
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return quoted.replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * A head that a person wrote, kept as it was: word for word where it says these values, else with only those changed that differ,
 * comments kept. `undefined` where it cannot be read.
 */
export function keptHead(text: string, values: HeadValues): string | undefined {
  if (saysBeside(text, values)) return text;
  if (!isWholeHead(text)) return undefined;
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false, intAsBigInt: true });
  const found = readHead(text);
  if ('wrong' in found) return undefined;
  for (const name of found.values.keys()) if (name !== 'head' && !values.has(name)) document.delete(name);
  for (const [name, value] of values) if (!sameJson(found.values.get(name), value)) document.set(name, value);
  const patched = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return saysBeside(patched, values) ? patched : undefined;
}

/** Values of a head in their order, or what is wrong with its YAML and where in it. */
export type HeadRead = { readonly values: Map<string, JsonValue> } | { readonly wrong: string; readonly at: number };

/** Reads the YAML between the fences. Words are what is written: `id: 007` is the text 007. */
export function readHead(yaml: string): HeadRead {
  const head = parseHeadYaml(yaml);
  if ('wrong' in head) return { wrong: head.wrong, at: head.at?.start ?? 0 };
  const values = new Map<string, JsonValue>();
  for (const { key, value } of head.map?.items ?? []) {
    values.set(isScalar(key) ? String(key.value) : JSON.stringify(jsonOf(key, head.document)), valueOf(key, value, head.document));
  }
  return { values };
}

const WORDS = ['id', 'intent', 'model', 'source', 'expected', 'reasoning', 'mark'];

function valueOf(key: unknown, value: unknown, document: Document): JsonValue {
  const said = jsonOf(value, document);
  const isWord = isScalar(key) && WORDS.includes(String(key.value));
  if (!isWord || !isScalar(value) || typeof said === 'string' || said === null) return said;
  return value.source ?? JSON.stringify(said);
}

/** What JSON has no word for, such as `.nan`, becomes `null`. */
function jsonOf(node: unknown, document: Document): JsonValue {
  const value: unknown = isNode(node) ? node.toJS(document, { maxAliasCount: 0 }) : node;
  return JSON.parse(JSON.stringify(value) ?? 'null') as JsonValue;
}

function isReadAs(yaml: string, values: HeadValues): boolean {
  const read = isWholeHead(yaml) && yaml.isWellFormed() ? readHead(yaml) : undefined;
  if (read === undefined || 'wrong' in read) return false;
  // `model: ~` says that there is none, as leaving it out does.
  const said = [...read.values].filter(([name, value]) => !(value === null && isDerived(name)));
  return said.length === values.size && said.every(([name, value]) => values.has(name) && sameJson(value, values.get(name)));
}

/** The same of a head that may also hold the one name that an overlay keeps for itself. */
function saysBeside(yaml: string, values: HeadValues): boolean {
  const read = readHead(yaml);
  const typed = 'values' in read ? read.values.get('head') : undefined;
  return isReadAs(yaml, typed === undefined ? values : new Map([...values, ['head', typed]]));
}

/** Is all of this text, between two fences, one head? */
function isWholeHead(yaml: string): boolean {
  if (yaml !== '' && !yaml.endsWith('\n')) return false;
  const place = findFrontMatter(`---\n${yaml}---\n`, 0);
  return place !== undefined && place !== 'unclosed' && place.yaml.end === 4 + yaml.length && !yaml.includes('\r');
}

