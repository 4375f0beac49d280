import { findFrontMatter } from '../trace/frontMatter';
import type { Trace } from '../trace/trace';
import type { TraceState } from './traceState';

/** Is this a crafted trace that may be spoken of? Not while somebody scores it by hand: they must not learn which steps were injected. */
export function isSample({ trace, hiddenFrom }: Pick<TraceState, 'trace' | 'hiddenFrom'>): boolean {
  return trace.frontMatter.injected.length > 0 && hiddenFrom === undefined;
}

/** What of a sample is counted: all below the front matter, without white space around it. */
export function textOfSample({ text }: Pick<Trace, 'text'>): string {
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const head = findFrontMatter(text, top);
  return text.slice(head === undefined || head === 'unclosed' ? top : head.block.end).trim();
}
