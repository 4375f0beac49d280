import type { RowMessage } from '../rows/rowTrace';
import { cutHarmony, isHarmony } from './harmonyCut';
import { messageOf } from './partsOf';
import type { Located } from './rowReader';
import { cutAtThinkTags } from './thinkCut';

/**
 * What a model wrote in one string, by the marks in it: harmony marks, think tags, or none.
 * `complete`: also the reasoning and the answer that are missing, as empty parts that can be written.
 */
export function readModelText(located: Located, complete: boolean): readonly RowMessage[] {
  if (isHarmony(located.text)) return cutHarmony(located, complete);
  const message = messageOf('assistant', cutAtThinkTags(located, complete));
  return message === undefined ? [] : [message];
}
