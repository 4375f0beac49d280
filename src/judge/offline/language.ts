import type { Clause } from './clauses';

/** What the words of a step are: nothing to read, a language the cues know, or one they do not. */
export type Language = 'none' | 'readable' | 'other';

/** Function words that only English has (`in` or `die` would not do). */
const ENGLISH = new Set(
  'the and is of to that this it for with not are was they you be have what how so user should would can will if or as by from need'.split(' '),
);
const OTHER = new Set(
  'der das und ist nicht ein eine ich zu den mit auf für sich le les est et une pas je que qui dans pour el los las es una por con no se del il che di non per è sono het een niet van ik dat o não para uma em um och att det som jag'.split(' '),
);
const FEWEST_FOREIGN_WORDS = 5;

/**
 * Tells whether the cues can say anything of a text: they are English. A text mostly in other scripts, or with more
 * function words of other languages than of English, is `other`; formulas and code are readable. Ours, and rough.
 */
export class LanguageTally {
  private latin = 0;
  private otherScript = 0;
  private english = 0;
  private foreign = 0;

  see({ words }: Clause): void {
    for (const { text } of words) {
      const first = text.charCodeAt(0);
      if (first >= 48 && first <= 57) continue;
      if (first < 0x250) this.latin++;
      else if (!isGreek(first)) this.otherScript += Math.ceil(text.length / 2);
      if (ENGLISH.has(text)) this.english++;
      if (OTHER.has(text)) this.foreign++;
    }
  }

  get language(): Language {
    if (this.latin + this.otherScript === 0) return 'none';
    if (this.otherScript > this.latin) return 'other';
    return this.foreign >= FEWEST_FOREIGN_WORDS && this.foreign > this.english ? 'other' : 'readable';
  }
}

/** Greek letters stand in formulas as well. */
function isGreek(code: number): boolean {
  return code >= 0x370 && code < 0x400;
}
