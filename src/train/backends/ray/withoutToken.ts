import { secretForms } from '../../../model/secretForms';

/** A text of others’ without a token that it may repeat: as it is, as JSON writes it, and as addresses do. */
export function withoutToken(text: string, token: string | undefined): string {
  return token === undefined || token === '' ? text : text.replace(secretForms(token), '…');
}

/** The same for a log, which is counted in characters: its length stays. */
export function logWithoutToken(log: string, token: string | undefined): string {
  return token === undefined || token === '' ? log : log.replace(secretForms(token), (found) => '…'.repeat(found.length));
}
