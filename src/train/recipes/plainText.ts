import * as z from 'zod';

/** Control characters such as line breaks, and those that reorder or hide text. A recipe is shown before it is launched, by whomever it is. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const SEEN = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
const SEEN_FROM_ROOT = /^\/[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

/** One line that shows all it says. */
const oneLine = { error: ({ input }: { readonly input?: unknown }) => unseenIn(String(input)) ?? 'must be one line of text' };

/** A value that is a text: one line, not empty. */
export function plainText(): z.ZodString {
  return z.string().trim().min(1).regex(SEEN, oneLine).meta({ patternErrorMessage: 'One line of text, without characters that cannot be seen.' });
}

/** Such a text that may be empty, as it stands. */
export function plainTextAsIs(): z.ZodString {
  return z.string().regex(SEEN, oneLine);
}

/** An address; line breaks in it are taken out. */
export function plainAddress(): z.ZodURL {
  return z.url().refine((text) => SEEN.test(text), oneLine);
}

/** The folder that a trained model is written to. */
export function outputPlace(): z.ZodString {
  return z
    .string()
    .trim()
    .regex(SEEN_FROM_ROOT, { error: ({ input }) => outputPlaceProblem(String(input)) ?? 'must be a path from the root' })
    .meta({ patternErrorMessage: 'A path from the root, such as /shared/out. Trainers take anything else as a folder in the job’s working directory, which the cluster deletes.' });
}

/**
 * Why a trained model that is written there would be lost; `undefined` where it is kept, as far as the path tells. TRL and verl take it
 * literally, from the job’s working directory on, which Ray deletes after the job.
 * @returns what goes on after “The folder ”, without a full stop
 */
export function outputPlaceProblem(text: string): string | undefined {
  if (text === '') return 'must be given: without one the trained model is lost with the job';
  const unseen = unseenIn(text);
  if (unseen !== undefined) return unseen;
  if (text.startsWith('/')) return undefined;
  const why = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? 'trainers write to folders alone, and take an address for the name of one'
    : /^[~$]/.test(text)
      ? `no shell reads it, so that ${text.startsWith('~') ? '~' : '$…'} stays as it is`
      : 'it has to begin with /';
  return `must be a path from the root, such as /shared/out: ${why}. The model would be written into the job’s own working directory, which the cluster deletes`;
}

function unseenIn(text: string): string | undefined {
  const [found] = UNSEEN.exec(text) ?? [];
  if (found === undefined) return undefined;
  const code = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return `must be one line without characters that cannot be seen: it has a ${/[\n\r\u2028\u2029]/.test(found) ? 'line break' : 'character'} (${code})`;
}
