import { hash } from 'node:crypto';

/**
 * Names a step by its own text, whatever stands around it: 128 bits of SHA-256, the same that a score record's `text` holds, so that
 * marks on steps and scores can be joined. Line ends are the file's, not the text's: CRLF and LF make one hash (ours).
 */
export function stepHash(text: string): string {
  const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return hash('sha256', `4:step${plain}`, 'hex').slice(0, 32);
}
