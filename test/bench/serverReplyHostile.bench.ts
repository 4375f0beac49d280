import { serverWords } from '../../src/model/serverWords';
import { eventLines, unread, type JobEvent } from '../../src/train/backends/openai/eventLog';
import type { Job } from './measure';
import type { Row } from './row';
import { scalingRow } from './scalingRow';

/** Characters of the smaller body: of ten times as much all is read, and of more no more. */
const BODY = 2000;
/** And of the smaller message of an event. */
const MESSAGE = 20_000;
/** And events of the smaller list: ten times as many, as objects, still fit the caches that a processor's core has to itself. */
const EVENTS = 300;

/** What stands over and over in what a server says of a failure. */
const PIECES: Readonly<Record<string, string>> = {
  'opening angles': '<',
  'styles never closed': '<style ',
  'styles without end': '<style>',
  'scripts within styles': '<style><script>',
  'styles and their ends': '<style></style>',
  'ends that are none': '<script></script ',
  'spaces': ' ',
  'white space': ' \n',
  'control characters': '\u0001 ',
};

/** What a server's replies can do to us: ten times as much takes about ten times as long. */
export async function rows(): Promise<Row[]> {
  const found: Row[] = [];
  const add = async (name: string, make: (size: number) => Job, size: number): Promise<void> => {
    found.push(await scalingRow(name, make, size));
  };
  for (const [name, piece] of Object.entries(PIECES)) {
    await add(`server's words 10x: ${name}`, (size) => {
      const body = piece.repeat(size / piece.length);
      return () => Promise.resolve(serverWords(body).message.length);
    }, BODY);
    await add(`lines of events 10x: ${name}`, (size) => {
      const events = [eventOf(0, `${piece.repeat(size / piece.length)}x`)];
      return () => Promise.resolve(eventLines(events).length);
    }, MESSAGE);
  }
  for (const [name, time] of Object.entries({ 'each a second': (i: number) => 1e9 + i, 'all of one second': () => 1e9, 'of no time': () => undefined })) {
    await add(`events 10x: ${name}`, (size) => {
      const listed = Array.from({ length: size }, (_, i) => eventOf(i, 'm', time(size - i)));
      return () => {
        const { events, next } = unread(listed, { ascending: false, from: 0, mark: undefined, behind: false });
        return Promise.resolve(eventLines(events).length + next);
      };
    }, EVENTS);
  }
  return found;
}

function eventOf(i: number, message: string, created?: number): JobEvent {
  return { id: `e${String(i)}`, created, level: 'info', message, data: undefined };
}
