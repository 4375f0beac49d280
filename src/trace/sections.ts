import type { Problem } from './problem';
import { findRoleLines, type RoleLine, type RoleName } from './roleLines';
import type { Span } from './span';
import { findThinkBlocks, type ThinkBlock } from './thinkTags';

/** Whose text a section is. */
export type SectionKind = 'system' | 'user' | 'assistant' | 'toolCall' | 'toolResult' | 'redacted' | 'reasoning';

/** What stands between two marks of a document, all white space included. The marks are its role lines and think tags. */
export interface DocumentSection extends Span {
  readonly kind: SectionKind;
  readonly name: string | undefined;
  /** The role line that begins it; `undefined` for reasoning, for what a document begins with, and for what follows a closing tag. */
  readonly line: RoleLine | undefined;
  /** Of reasoning: the block with its tags. */
  readonly block: ThinkBlock | undefined;
}

const KINDS: Readonly<Record<RoleName, SectionKind>> = {
  system: 'system',
  user: 'user',
  assistant: 'assistant',
  'tool call': 'toolCall',
  'tool result': 'toolResult',
  'redacted reasoning': 'redacted',
};

/**
 * The sections of `text` from `start` on, in order; the first is what stands before any mark and counts as the user's. Role lines
 * within think blocks are text. Between them the sections and their marks cover the text. Takes time linear in the length.
 * @param mark where the document names one: the only tags and role lines that count carry it
 */
export function documentSections(text: string, start: number, mark: string | undefined, problems: Problem[]): DocumentSection[] {
  const lines = findRoleLines(text, start, mark);
  const blocks = findThinkBlocks(text, start, problems, { mark, roleLines: lines });
  const sections: DocumentSection[] = [];
  let open: Pick<DocumentSection, 'kind' | 'name' | 'line'> = { kind: 'user', name: undefined, line: undefined };
  let from = start;
  const closeAt = (end: number): void => void sections.push({ ...open, block: undefined, start: from, end });
  let next = 0;
  const linesBefore = (end: number): void => {
    for (let line = lines[next]; line !== undefined && line.start < end; line = lines[++next]) {
      if (line.start < from) continue;
      closeAt(line.start);
      open = { kind: KINDS[line.role], name: line.name, line };
      from = line.end;
    }
  };
  for (const block of blocks) {
    const outer = (block.open ?? block.inner).start;
    linesBefore(outer);
    closeAt(outer);
    sections.push({ kind: 'reasoning', name: undefined, line: undefined, block, ...block.inner });
    // What is never closed goes on to the end.
    if (block.close === undefined) return sections;
    from = block.close.end;
    open = { kind: 'assistant', name: undefined, line: undefined };
  }
  linesBefore(text.length);
  closeAt(text.length);
  return sections;
}
