import type { RowMessage, Role } from '../rows/rowTrace';
import { partOf, messageOf, sliceOf } from './partsOf';
import { roleOf } from './roles';
import type { Located } from './rowReader';
import { cutAtThinkTags } from './thinkCut';
import { skipSpace, trimEnd } from '../whitespace';

/**
 * The marks of chat templates that training texts hold: ChatML (Qwen), Llama 3, DeepSeek R1. A mark that begins a turn names its role;
 * the others end one, or begin the text. What lies between a turn's marks is its content, white space around it aside.
 */
const MARK =
  /<\|im_start\|>(\w+)|<\|start_header_id\|>(\w+)<\|end_header_id\|>|<｜(User|Assistant)｜>|<\|im_end\|>|<\|eot_id\|>|<\|begin_of_text\|>|<\|end_of_text\|>|<｜(?:begin|end)▁of▁sentence｜>/g;

/** Holds the text turns of a chat template? */
export function isTemplated(text: string): boolean {
  return /<\|im_start\|>\w|<\|start_header_id\|>\w|<｜(?:User|Assistant)｜>/.test(text);
}

/** Cuts a text at the marks of its chat template. The assistant's last turn gets what it lacks, as parts that can be written. */
export function cutTemplate(located: Located): readonly RowMessage[] {
  const turns = turnsIn(located.text);
  const last = turns.findLastIndex(({ role }) => role === 'assistant');
  return turns.flatMap(({ role, from, to }, index) => {
    const start = skipSpace(located.text, from, to);
    const content = sliceOf(located, start, trimEnd(located.text, start, to));
    const parts = role === 'assistant' ? cutAtThinkTags(content, index === last) : [partOf('text', content)];
    const message = content.text === '' && index !== last ? undefined : messageOf(role, parts);
    return message === undefined ? [] : [message];
  });
}

function turnsIn(text: string): { role: Role; from: number; to: number }[] {
  const turns: { role: Role; from: number; to: number }[] = [];
  let open: { role: Role; from: number } | undefined;
  // What stands before the first turn is the system's word, as DeepSeek's template has it.
  let loose: number | undefined = 0;
  for (const match of text.matchAll(MARK)) {
    const to = match.index;
    if (open !== undefined) turns.push({ ...open, to });
    else if (loose !== undefined && text.slice(loose, to).trim() !== '') turns.push({ role: 'system', from: loose, to });
    const name = match[1] ?? match[2] ?? match[3];
    const end = to + match[0].length;
    open = name === undefined ? undefined : { role: roleOf(name) ?? 'user', from: end };
    loose = open === undefined ? end : undefined;
  }
  if (open !== undefined) turns.push({ ...open, to: text.length });
  else if (loose !== undefined && text.slice(loose).trim() !== '') turns.push({ role: 'assistant', from: loose, to: text.length });
  return turns;
}
