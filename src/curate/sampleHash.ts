import { hash } from 'node:crypto';
import type { CuratedSample } from './sample';

/** Names all of a sample that a judge's verdict depends on, the white space around texts apart: 128 bits of SHA-256 (ours). */
export function sampleHash({ intent, system, prompt, steps, answer }: Pick<CuratedSample, 'intent' | 'system' | 'prompt' | 'steps' | 'answer'>): string {
  const texts = [system ?? '', prompt, answer, ...steps].map(plain);
  return hash('sha256', `sample ${intent} ${texts.map((text) => `${String(text.length)}:${text}`).join('')}`, 'hex').slice(0, 32);
}

function plain(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes('\r') ? trimmed.replace(/\r\n?/g, '\n') : trimmed;
}
