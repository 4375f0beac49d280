import type { CuratedSample } from '../sample';

/** Tags that a trainer, a template or a reader would take for the beginning or the end of the reasoning. */
const TAG = /<\/?think\s*>/i;

/** Why the texts of a sample cannot stand in a training row: what would be read or trained on otherwise than it is. `undefined`: they can. */
export function unfitText(sample: CuratedSample): string | undefined {
  if (sample.prompt.trim() === '') return 'it has no prompt.';
  const texts: (readonly [string, string])[] = [
    ['The system message', sample.system ?? ''],
    ['The prompt', sample.prompt],
    ...sample.steps.map((step, index) => [`Step ${String(index + 1)}`, step] as const),
    ['The answer', sample.answer],
  ];
  if (sample.expected?.isWellFormed() === false) texts.push(['The known answer', sample.expected]);
  const broken = texts.find(([, text]) => !text.isWellFormed());
  if (broken !== undefined) return `${broken[0]} holds half a character (a lone surrogate), which no UTF-8 file can hold. Correct it in the sample.`;
  const tagged = texts.slice(2).find(([, text]) => TAG.test(text));
  if (tagged !== undefined) return `${tagged[0]} holds ${JSON.stringify(TAG.exec(tagged[1])?.[0] ?? '')}, which would begin or end the reasoning there. Write it otherwise.`;
  return undefined;
}
