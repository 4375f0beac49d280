/** What no terminal shows: colours, moves of the cursor, links, control characters. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CODES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * Who says it. Ray writes before a line of an actor which it is: `(TaskRunner pid=123, ip=…) `; torch before those of an error in one of
 * several processes: `[rank0]: `. Bounded: a log is others’ text, and may hold many beginnings of such.
 */
const SPEAKER = /^(?:\((?:[^()]{0,200} )?pid=[^()]{0,200}\) ?)?(?:\[rank\d{1,9}\]: ?)?/;

/** A line of a log as its speaker meant it: without what no terminal shows, and without who says it. */
export function saidLine(line: string): string {
  return line.replaceAll(CODES, '').replace(SPEAKER, '');
}
