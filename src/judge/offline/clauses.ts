/** A word as the cues see it: lower case, contractions opened up (`shouldn't` is `should` and `not`). */
export interface Word {
  readonly text: string;
  /** Offsets of the written form in the step; both halves of a contraction have the same. */
  readonly start: number;
  readonly end: number;
  /** Stands between double quotes: mentioned, not said. */
  readonly quoted: boolean;
  /** Opens the sentence and is set off by a comma (`No, …`): answers what came before and negates nothing after. */
  readonly aside: boolean;
}

/** A run of words that one phrase may match in: ends at `. ! ? ; :`, a line end, a dash, or before a turn word. */
export interface Clause {
  readonly words: readonly Word[];
  /** Begins with a turn word: what follows weighs more than what came before. */
  readonly turned: boolean;
  /** Ends with a question mark: asked, not decided. */
  readonly asked: boolean;
}

/** Words that turn against what was said before them. `wait` and `still` count only at the start of a sentence. */
export const TURN_WORDS: readonly string[] = ['but', 'however', 'although', 'though', 'yet'];
export const OPENING_TURN_WORDS: readonly string[] = ['wait', 'still', 'no', 'nonetheless', 'nevertheless', 'instead', 'actually', 'hmm', 'fine', 'ok', 'well'];

/** A sentence without any stop is cut here, so that work and memory stay bounded. */
const MOST_WORDS_OF_A_CLAUSE = 256;
const MOST_CHARACTERS_OF_A_QUOTE = 400;
/** Longer runs of letters are no words of English; only their beginning is kept. */
const MOST_LETTERS_OF_A_WORD = 40;

const turns = new Set(TURN_WORDS);
const openingTurns = new Set(OPENING_TURN_WORDS);

/** A word with inner apostrophes, a stop, or a quotation mark. No nested repetition: linear. */
const TOKEN = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*|[.!?;:\n—–"“”]/gu;

const WHOLE: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  cannot: ['can', 'not'],
  "can't": ['can', 'not'],
  "won't": ['will', 'not'],
  "shan't": ['shall', 'not'],
  "let's": ['let', 'us'],
  alright: ['all', 'right'],
  okay: ['ok'],
}));
const ENDINGS: readonly (readonly [string, string])[] = [
  ["n't", 'not'],
  ["'ll", 'will'],
  ["'re", 'are'],
  ["'ve", 'have'],
  ["'m", 'am'],
  ["'d", 'would'],
  ["'s", 'is'],
];

/** Of a longer step so many characters of its beginning and of its end are read: no step of a thought is longer. */
const MOST_CHARACTERS_OF_AN_END = 16_384;

/** What is read of a step: all of it, unless it is very long. Bounds the work that one step can make. */
export function readableOf(step: string): string {
  if (step.length <= 2 * MOST_CHARACTERS_OF_AN_END) return step;
  return `${step.slice(0, MOST_CHARACTERS_OF_AN_END)}\n${step.slice(-MOST_CHARACTERS_OF_AN_END)}`;
}

/** Reads a step clause by clause, never holding more than one clause. Takes time linear in the length. */
export function* clausesOf(step: string): Generator<Clause> {
  let words: Word[] = [];
  let turned = false;
  let quoteEnd = -1;
  const token = new RegExp(TOKEN);
  for (let m = token.exec(step); m !== null; m = token.exec(step)) {
    const written = m[0];
    const start = m.index;
    if (written.length === 1 && isMark(written)) {
      if (start <= quoteEnd) continue;
      if (written === '"' || written === '“') {
        quoteEnd = closingQuote(step, start, written === '“' ? '”' : '"');
        continue;
      }
      if (written === '”' || (written === '.' && isDecimalPoint(step, start))) continue;
      if (words.length > 0) yield { words: written === '.' ? withPlainNo(words) : words, turned, asked: written === '?' };
      words = [];
      turned = false;
      continue;
    }
    const quoted = start < quoteEnd;
    const end = start + written.length;
    const opened = openedUp(written);
    const several = typeof opened !== 'string';
    for (let part = 0; part < (several ? opened.length : 1); part++) {
      const text = several ? (opened[part] ?? '') : opened;
      const opensSentence = words.length === 0 && openingTurns.has(text);
      const turnsHere = !quoted && (opensSentence || turns.has(text));
      if ((turnsHere && words.length > 0) || words.length >= MOST_WORDS_OF_A_CLAUSE) {
        yield { words, turned, asked: false };
        words = [];
        turned = false;
      }
      turned ||= turnsHere;
      words.push({ text, start, end, quoted, aside: opensSentence && step.charAt(end) === ',' });
    }
  }
  if (words.length > 0) yield { words, turned, asked: false };
}

/** `No.` alone is an answer: it becomes a word of its own. */
function withPlainNo(words: readonly Word[]): readonly Word[] {
  const [only, more] = words;
  return only?.text === 'no' && more === undefined ? [{ ...only, text: 'no.' }] : words;
}

function isMark(text: string): boolean {
  return '.!?;:\n—–"“”'.includes(text);
}

function isDecimalPoint(step: string, at: number): boolean {
  const before = step.charCodeAt(at - 1);
  const after = step.charCodeAt(at + 1);
  return before >= 48 && before <= 57 && after >= 48 && after <= 57;
}

/** Where the quotation opened at `start` ends, or -1: a quote that is not closed nearby is none. */
function closingQuote(step: string, start: number, mark: string): number {
  const found = step.slice(start + 1, start + 1 + MOST_CHARACTERS_OF_A_QUOTE).indexOf(mark);
  return found === -1 ? -1 : start + 1 + found;
}

/** The words that a written word stands for, or itself in lower case. */
function openedUp(written: string): string | readonly string[] {
  const word = (written.length > MOST_LETTERS_OF_A_WORD ? written.slice(0, MOST_LETTERS_OF_A_WORD) : written).toLowerCase();
  const plain = word.includes('’') ? word.replaceAll('’', "'") : word;
  const whole = WHOLE.get(plain);
  if (whole !== undefined) return whole;
  if (!plain.includes("'")) return plain;
  for (const [ending, opened] of ENDINGS) {
    if (plain.endsWith(ending) && plain.length > ending.length) return [plain.slice(0, -ending.length), opened];
  }
  return plain;
}
