/** A text of others’ without a token that it may repeat: as it is, as JSON writes it, and as addresses do. */
export function withoutToken(text: string, token: string | undefined): string {
  if (token === undefined || token === '') return text;
  const json = JSON.stringify(token).slice(1, -1);
  const forms = new Set([token, json, json.replaceAll('/', '\\/'), encodeURIComponent(token)]);
  return [...forms].sort((a, b) => b.length - a.length).reduce((clean, form) => clean.replaceAll(form, '…'), text);
}

/** The same for a log, which is counted in characters: its length stays. */
export function logWithoutToken(log: string, token: string | undefined): string {
  return token === undefined || token === '' ? log : log.replaceAll(token, '…'.repeat(token.length));
}
