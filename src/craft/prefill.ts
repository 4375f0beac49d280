import { injectedEdit } from '../trace/injectedEdit';
import { isIntent } from '../trace/intent';
import { parseTrace } from '../trace/parseTrace';
import { anchorsOf, chainHash, type Making, type ProvenanceEntry } from '../trace/provenance';
import { findRoleLines, printRoleLine } from '../trace/roleLines';
import { printHead } from '../trace/rows/headText';
import { splitterNamed } from '../trace/splitters';
import { withEdits } from '../trace/textEdit';
import type { Section, Trace } from '../trace/trace';
import { trimEnd } from '../trace/whitespace';
import type { Refusal } from './recipe';

export { counterAlignment } from './counterAlignment';

/** RECAP's default length of a prefill, in words (100 to 700 were studied). */
export const PREFILL_WORDS = 500;

/** Where a chain is cut: at an offset of its document, or after so many words. */
export type PrefillCut = { readonly kind: 'offset'; readonly offset: number } | { readonly kind: 'words'; readonly words: number };

/** A new document that ends inside the open reasoning. */
export interface Prefill {
  /** The document: front matter with provenance, the prompt, and `<think>` with exactly the source's reasoning up to the cut. */
  readonly text: string;
  /** How many words the prefill has. */
  readonly words: number;
  /** Is it all of the chain? Said to the researcher where more words were asked for than there are. */
  readonly whole: boolean;
}

/**
 * A counter-aligned prefill from a source trace (RECAP): a document of its own with the same prompt whose reasoning is the source's up
 * to the cut, and open. The source is not changed. Words are runs of anything but white space (ours; RECAP says “words”).
 * @param made what else is known: who cut it and when, `counterAligned`, and `from` where the trace does not name its model
 * @returns a refusal where there is nothing to cut, or a prefill of it would mean nothing
 */
export function prefillOf(source: Trace, cut: PrefillCut, made: Making = {}): Prefill | Refusal {
  const { frontMatter, chain, intent } = source;
  const refused = refusedSource(source);
  if (refused !== undefined) return { reason: refused };
  const reasoning = cutChain(source, cut);
  if ('reason' in reasoning) return reasoning;
  const text = documentOf(source, reasoning.text);
  if (text === undefined) return { reason: 'Tags inside this prompt or reasoning would be read as marks of the new document. Take them out of a copy, then try again.' };

  const { chain: prefill } = parseTrace(text, splitterNamed(source.splitter));
  const from = made.from ?? frontMatter.model;
  const base = chainHash(chain.steps);
  const entries = anchorsOf(prefill.steps).map((anchor): ProvenanceEntry => ({
    ...anchor,
    role: 'prefill',
    recipe: 'counter-aligned-prefill',
    ...made,
    ...(from === undefined ? {} : { from }),
    words: reasoning.words,
    base,
  }));
  const head = injectedEdit(text, entries);
  if (head === undefined) return { reason: `The front matter of a prefill for this ${intent} prompt could not be written. Take odd characters out of id, model and source, then try again.` };
  return { text: withEdits(text, [head]), words: reasoning.words, whole: reasoning.whole };
}

function refusedSource({ intent, frontMatter, turns, chain }: Trace): string | undefined {
  if (intent === 'unknown') return 'Set the intent first: a prefill is unsafe for a harmful prompt and over-cautious for a benign one.';
  if (intent === 'ambiguous') return 'A counter-aligned prefill is for harmful and benign prompts; this one is ambiguous.';
  if (frontMatter.reasoning === 'summary') return 'This reasoning is a summary that the provider wrote, not what the model thought, so it is no prefill.';
  if (turns.length > 1) return 'This trace has several turns. A prefill begins the reasoning of one: copy that turn into a document of its own, then try again.';
  if (chain.steps.length === 0) return 'There is no reasoning here to cut a prefill from.';
  if (chain.steps[0]?.block !== chain.steps.at(-1)?.block) return 'This reasoning stands in several blocks, with other text between them. A prefill is cut from one: join them in a copy, then try again.';
  return undefined;
}

function cutChain({ text, chain: { steps } }: Trace, cut: PrefillCut): { text: string; words: number; whole: boolean } | Refusal {
  const [start, end] = [steps[0]?.start ?? 0, steps.at(-1)?.end ?? 0];
  if (cut.kind === 'words' && !(Number.isInteger(cut.words) && cut.words >= 1)) return { reason: 'A prefill has at least one word: give a whole number of 1 or more.' };
  const asked = cut.kind === 'words' ? afterWords(text, start, end, cut.words) : beforeOffset(text, end, cut.offset);
  const to = asked <= start ? start : trimEnd(text, start, asked);
  if (to <= start) return { reason: 'The cursor stands before the first word of the reasoning, so nothing would be left. Put it where the prefill is to end.' };
  const kept = text.slice(start, to);
  return { text: kept, words: wordsIn(kept), whole: to >= end };
}

function afterWords(text: string, start: number, end: number, words: number): number {
  const word = /\S+/g;
  word.lastIndex = start;
  let left = words;
  for (let m = word.exec(text); m !== null && m.index < end; m = word.exec(text)) {
    if (--left === 0) return Math.min(end, m.index + m[0].length);
  }
  return end;
}

function beforeOffset(text: string, end: number, offset: number): number {
  const at = Math.min(end, offset);
  // Never between the two halves of a character.
  const code = text.charCodeAt(at);
  return at < end && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Runs of anything but white space. */
export function wordsIn(text: string): number {
  let count = 0;
  for (const _word of text.matchAll(/\S+/g)) count++;
  return count;
}

/** The document without provenance; with a mark where its texts would be misread without one. `undefined` where that helps neither. */
function documentOf(source: Trace, reasoning: string): string | undefined {
  const { mark } = source.frontMatter;
  const plain = written(source, source.chain.prompt, reasoning, mark);
  if (isExact(source, plain, reasoning)) return plain;
  if (mark !== undefined) return undefined;
  const free = freeMark(source.text);
  const marked = written(source, source.chain.prompt, reasoning, free, true);
  return isExact(source, marked, reasoning) ? marked : undefined;
}

function written(source: Trace, prompt: Section | undefined, reasoning: string, mark: string | undefined, markLines = false): string {
  const eol = /\r?\n/.exec(source.text)?.[0] ?? '\n';
  const { id, model, source: from } = source.frontMatter;
  const values = Object.entries({ id, intent: source.intent, model, source: from, mark }).flatMap(([name, value]) =>
    value === undefined || (name === 'intent' && !isIntent(value)) ? [] : [[name, value] as const],
  );
  const head = printHead(new Map(values)).replace(/\n/g, eol);
  const said = prompt === undefined ? '' : source.text.slice(prompt.start, prompt.end);
  const asked = markLines ? withLinesMarked(said, mark) : said;
  const tag = mark === undefined ? '<think>' : `<think-${mark}>`;
  return `---${eol}${head}---${eol}${asked === '' ? '' : asked + eol + eol}${tag}${eol}${reasoning}${eol}`;
}

function withLinesMarked(text: string, mark: string | undefined): string {
  return withEdits(text, findRoleLines(text, 0, undefined).map(({ role, name, start, end }) => ({ start, end, text: printRoleLine(role, name, mark) })));
}

/** Is the document read as this prompt and this reasoning, left open? */
function isExact({ chain, intent }: Trace, text: string, reasoning: string): boolean {
  const read = parseTrace(text);
  const [first, last] = [read.chain.steps[0], read.chain.steps.at(-1)];
  return (
    read.intent === intent &&
    read.turns.length === 1 &&
    read.chain.prompt?.text === chain.prompt?.text &&
    read.chain.blocks.length === 1 &&
    read.chain.blocks[0]?.end === text.length &&
    first !== undefined &&
    text.slice(first.start, last?.end) === reasoning
  );
}

/** A mark that no text of the document could be read with. */
function freeMark(text: string): string {
  let next = 0x7f;
  while (text.includes(next.toString(16))) next++;
  return next.toString(16);
}
