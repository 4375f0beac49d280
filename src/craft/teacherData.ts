import { answerLine, headLines, stepLine } from '../judge/model/requests';
import { jsonLine } from '../judge/model/jsonLine';
import { CHARACTERS_PER_TOKEN } from '../judge/model/window';
import type { Trace } from '../trace/trace';

/** What a model's settings say of how much fits into a request. */
export interface Room {
  /** The model's context in tokens, the reply included; without it nothing is left out. */
  readonly contextTokens?: number;
  /** The most tokens of a reply, where it is limited. */
  readonly maxTokens?: number;
}

/** Room that every request needs besides data, in characters: its last line, and what servers put around messages; ours. */
const REQUEST_ROOM = 1000;

/**
 * A trace as data for a teacher, one JSON object on a line. Where the context cannot hold all, the steps farthest from the place are left
 * out, and the answer before those nearest to it; the steps beside the place are always shown. What is left out is said.
 * @param from,to the place: steps [from, to), 0-based
 * @param fixed characters of the system message
 * @param reply tokens that the reply may take where the settings do not limit it
 */
export function teacherData({ chain, intent }: Trace, from: number, to: number, fixed: number, reply: number, { contextTokens, maxTokens }: Room): string {
  const { steps, answer } = chain;
  const head = headLines({ prompt: chain.prompt?.text, intent });
  const lines = steps.map(({ text, lead }, i) => stepLine(i, text, lead));
  const last = answer === undefined ? '' : answerLine(answer.text, answer.lead);
  let room = contextTokens === undefined ? Infinity : (contextTokens - (maxTokens ?? reply)) * CHARACTERS_PER_TOKEN - fixed - head.length - REQUEST_ROOM;
  const size = (i: number): number => lines[i]?.length ?? 0;
  let [first, end] = [Math.max(0, from - 1), Math.min(lines.length, to + 1)];
  for (let i = first; i < end; i++) room -= size(i);
  const showsAnswer = last.length <= room;
  if (showsAnswer) room -= last.length;
  // What comes before the place matters more than what comes after it: two steps before for each after.
  for (let turn = 0; ; turn++) {
    const before = first > 0 && size(first - 1) <= room;
    const after = end < lines.length && size(end) <= room;
    if (!before && !after) break;
    if (before && (turn % 3 < 2 || !after)) room -= size(--first);
    else room -= size(end++);
  }
  const missing = (a: number, b: number): string => (b > a ? `${jsonLine({ left_out: `steps ${String(a + 1)} to ${String(b)}` })}\n` : '');
  const ending = last === '' || showsAnswer ? last : `${jsonLine({ left_out: 'the answer' })}\n`;
  return `${head}${missing(0, first)}${lines.slice(first, end).join('')}${missing(end, lines.length)}${ending}`;
}
