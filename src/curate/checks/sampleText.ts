import { hash } from 'node:crypto';
import type { CuratedSample } from '../sample';

/** A text without the white space around it, line ends as one. */
export function plainText(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes('\r') ? trimmed.replace(/\r\n?/g, '\n') : trimmed;
}

/** What a sample says, as two of them are compared: prompt, steps and answer, with a blank line between two. */
export function sampleText({ prompt, steps, answer }: CuratedSample): string {
  return [prompt, ...steps, answer].map(plainText).filter((text) => text !== '').join('\n\n');
}

/** The same of two samples whose prompt, steps and answer are the same, line ends and the white space around each text apart (ours). SHA-256. */
export function sampleKey({ prompt, steps, answer }: CuratedSample): string {
  const texts = [prompt, ...steps, answer].map(plainText);
  // One call: with many samples starting a hash takes longer than the hashing.
  return hash('sha256', texts.map((text) => `${String(text.length)}:${text}`).join(''), 'base64');
}
