import { blankLines, strictBlankLines } from './blankLines';
import { mergedFragments } from './mergedFragments';
import { sentences } from './sentences';
import type { Splitter } from './splitter';

export type { Splitter } from './splitter';

/** Every splitter a user can choose, the default first. Adding one is a file and a line here. */
export const SPLITTERS: readonly Splitter[] = [blankLines, strictBlankLines, mergedFragments, sentences];

export const DEFAULT_SPLITTER = blankLines;

/** The splitter of that name, or `undefined` where none has it. */
export function splitterNamed(name: string): Splitter | undefined {
  return SPLITTERS.find((splitter) => splitter.name === name);
}
