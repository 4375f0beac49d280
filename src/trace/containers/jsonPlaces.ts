/**
 * Where values stand in the text of one JSON value. The text must be valid (`JSON.parse` took it), which keeps these walks short.
 * jsonc-parser was tried for it: it calls itself for each level, and 10,000 brackets in a row end it; here is no recursion.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** A member of an object: its key as it is written, with the quotes, and its value. */
export interface MemberPlace {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
}

export interface ElementPlace {
  readonly start: number;
  readonly end: number;
}

/** The first character from `at` on that is no white space of JSON. */
export function skipJsonSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at++;
  }
}

/** The end of the value that begins at `at`. */
export function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return stringEnd(text, at);
  if ((first | 0x20) !== OPEN) return wordEnd(text, at);
  let depth = 0;
  for (let i = at; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = stringEnd(text, i);
      continue;
    }
    i++;
    // The two opening brackets differ in this bit alone, as do the closing ones.
    if ((code | 0x20) === OPEN) depth++;
    else if ((code | 0x20) === CLOSE && --depth === 0) return i;
  }
  return text.length;
}

/** Are values nested more than so many levels deep? Of text that need not be valid. */
export function isDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i) - 1;
    else if ((code | 0x20) === OPEN && ++depth > levels) return true;
    else if ((code | 0x20) === CLOSE) depth--;
  }
  return false;
}

/** The members of the object that begins at `at`, in order, and where its closing brace stands. */
export function membersOf(text: string, at: number): { readonly members: MemberPlace[]; readonly close: number } {
  const members: MemberPlace[] = [];
  let i = skipJsonSpace(text, at + 1);
  while (text.charCodeAt(i) === QUOTE) {
    const keyEnd = stringEnd(text, i);
    const colon = skipJsonSpace(text, keyEnd);
    const start = skipJsonSpace(text, colon + 1);
    const end = valueEnd(text, start);
    members.push({ keyStart: i, keyEnd, start, end });
    i = skipJsonSpace(text, end);
    if (text.charCodeAt(i) === COMMA) i = skipJsonSpace(text, i + 1);
  }
  return { members, close: i };
}

/** The elements of the list that begins at `at`, in order, and where its closing bracket stands. */
export function elementsOf(text: string, at: number): { readonly elements: ElementPlace[]; readonly close: number } {
  const elements: ElementPlace[] = [];
  let i = skipJsonSpace(text, at + 1);
  while (i < text.length && (text.charCodeAt(i) | 0x20) !== CLOSE) {
    const end = valueEnd(text, i);
    elements.push({ start: i, end });
    i = skipJsonSpace(text, end);
    if (text.charCodeAt(i) === COMMA) i = skipJsonSpace(text, i + 1);
  }
  return { elements, close: i };
}

/** The character after the closing quote of the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let run = quote;
    while (run > from && text.charCodeAt(run - 1) === BACKSLASH) run--;
    if ((quote - run) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** The end of a number, `true`, `false` or `null`. */
function wordEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === COMMA || (code | 0x20) === CLOSE || code === 32 || code === 10 || code === 13 || code === 9) break;
    i++;
  }
  return i;
}
