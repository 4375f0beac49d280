/** How much of the list's beginning, `"verdicts": [`, may stand at the end of what came so far, in characters. */
const LONGEST_BEGINNING = 64;

/**
 * Reads the verdicts of a `whole-trace` reply while it comes: each object of the list `verdicts` as soon as it is complete. Brackets
 * in strings, prose and code fences around the JSON, and a `<think>` before it do not disturb it.
 */
export class VerdictStream {
  private at = 0;
  private phase: 'before' | 'inside' | 'after' = 'before';
  private start = -1;
  private depth = 0;
  private inString = false;
  private escaped = false;

  /** The list has come to its end. */
  get complete(): boolean {
    return this.phase === 'after';
  }

  /** Has the list begun? */
  get begun(): boolean {
    return this.phase !== 'before';
  }

  /**
   * The verdicts that became complete; what is no JSON comes as `undefined`.
   * @param text all of the reply so far; begins with what was given before
   */
  push(text: string): unknown[] {
    if (this.phase === 'before') {
      const thinking = /^\s*<think>/.test(text) ? text.indexOf('</think>') : 0;
      if (thinking === -1) return [];
      const list = /"verdicts"\s*:\s*\[/g;
      list.lastIndex = Math.max(thinking, this.at);
      if (list.exec(text) === null) {
        this.at = Math.max(0, text.length - LONGEST_BEGINNING);
        return [];
      }
      [this.phase, this.at] = ['inside', list.lastIndex];
    }
    const found: unknown[] = [];
    for (; this.phase === 'inside' && this.at < text.length; this.at++) this.take(text, found);
    return found;
  }

  private take(text: string, found: unknown[]): void {
    const character = text[this.at];
    if (this.escaped) this.escaped = false;
    else if (this.inString) {
      if (character === '\\') this.escaped = true;
      else if (character === '"') this.inString = false;
    } else if (character === '"') this.inString = true;
    else if (character === '{' || character === '[') {
      if (this.depth++ === 0) this.start = this.at;
    } else if (character === '}' || character === ']') {
      if (this.depth === 0) this.phase = 'after';
      else if (--this.depth === 0) found.push(parsed(text.slice(this.start, this.at + 1)));
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
