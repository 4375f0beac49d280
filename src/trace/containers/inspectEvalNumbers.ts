/** A text with the numbers that JSON has no word for made into some that it has, each as long as it was. */
export interface PlainJson {
  readonly text: string;
  /** Puts the numbers back into a text that was made from `text`. */
  restore(text: string): string;
}

/** Numbers that nobody writes in this way; none of them in a text, and they can stand for others. */
const STAND_INS = ['7e9', '8e9', '9e9', '7e8', '8e8', '9e8', '7e7', '8e7', '9e7'];

/**
 * Inspect writes `NaN` (a score that is none, a deviation of one sample) and `Infinity`, as Python does; JSON has no such words. Other
 * numbers stand for them while the text is edited, so that all places stay where they are. Linear in the text.
 * @param edits the new values, as JSON: none of them may be the number that stands for another
 * @throws Error in words where the text uses all numbers that could stand for others
 */
export function plainJson(json: string, edits: string): PlainJson {
  if (!hasWords(json)) return { text: json, restore: (text) => text };
  const standIn = STAND_INS.find((one) => !edits.includes(String(Number(one))) && !usesOutside(json, one));
  if (standIn === undefined) throw new Error('This sample holds numbers that JSON has no word for, and is written in a way that cannot be saved beside them.');
  const words: Readonly<Record<string, string>> = { NaN: standIn, Infinity: long(standIn), '-Infinity': `-${long(standIn)}` };
  const back = Object.fromEntries(Object.entries(words).map(([word, number]) => [number, word]));
  return {
    text: outsideStrings(json, (between) => between.replace(/-?Infinity|NaN/g, (word) => words[word] ?? word)),
    restore: (text) => outsideStrings(text, (between) => between.replace(/-?\d[\d.e]*/g, (number) => back[number] ?? number)),
  };
}

/** A text of JSON as a value; what JSON has no word for is `null`. @throws SyntaxError */
export function parseWithNumbers(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!hasWords(json)) throw error;
    return JSON.parse(outsideStrings(json, (between) => between.replace(/-?Infinity|NaN/g, 'null')));
  }
}

function hasWords(json: string): boolean {
  return json.includes('NaN') || json.includes('Infinity');
}

/** The same number in eight characters, as many as `Infinity` has. */
function long(number: string): string {
  return `${number.charAt(0)}.0000${number.slice(1)}`;
}

function usesOutside(json: string, number: string): boolean {
  let found = false;
  outsideStrings(json, (between) => {
    found ||= between.includes(number) || between.includes(long(number));
    return between;
  });
  return found;
}

/** Changes what stands between the strings of a text. */
function outsideStrings(json: string, change: (between: string) => string): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < json.length) {
    const open = json.indexOf('"', at);
    pieces.push(change(json.slice(at, open === -1 ? json.length : open)));
    if (open === -1) break;
    at = closing(json, open) + 1;
    pieces.push(json.slice(open, at));
  }
  return pieces.join('');
}

/** The quote that ends the string which begins at `open`, or the text's last place. */
function closing(json: string, open: number): number {
  for (let at = json.indexOf('"', open + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return json.length - 1;
}
