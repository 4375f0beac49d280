import { Document } from 'yaml';

/** The name under which front matter lists what was injected. */
export const INJECTED = 'injected';

/** The list as block YAML: each entry on a line of its own, indented by two. */
export function inBlock(entries: readonly unknown[], indent: string, eol: string): string {
  return `${indent}${INJECTED}:${eol}${entries.map((entry) => `${indent}  - ${printedEntry(entry)}${eol}`).join('')}`;
}

/** The list within braces; the blanks inside its brackets say that it was made here. */
export function inFlow(entries: readonly unknown[]): string {
  return `${INJECTED}: [ ${entries.map(printedEntry).join(', ')} ]`;
}

/** One entry on one line. */
export function printedEntry(entry: unknown): string {
  const document = new Document(entry, { aliasDuplicateObjects: false });
  const line = document.toString({ collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trimEnd();
  if (/^[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(line)) return line;
  // What does not fit on a line, or might not be shown as one, is written as JSON with escapes, which is YAML too.
  const json = JSON.stringify(entry) ?? 'null';
  return json.replace(/[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
