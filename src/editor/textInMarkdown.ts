/** A hover has room for this many characters of a reason; the score file holds all of it. */
const MOST = 4000;

/**
 * Text from outside as Markdown that shows exactly that text: one paragraph, every punctuation mark escaped, so that no link,
 * image, heading, table, HTML, autolink or icon comes of it. `MarkdownString.appendText` would also turn spaces into ones
 * that cannot wrap, and a long reason would be cut off at the hover's edge.
 */
export function textInMarkdown(text: string): string {
  const line = text.slice(0, MOST).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ').trim();
  return (text.length > MOST ? `${line}…` : line).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
