import { hash } from 'node:crypto';

/** 128 bits of SHA-256 over a row's bytes, as hexadecimal. */
export function rowHash(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, 32);
}

/** The same over a document's text, as it stands in a file: tells whether what a person saw is still what is there. */
export function textHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
