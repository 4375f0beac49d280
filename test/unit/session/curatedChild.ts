/** A window as a process of its own, for what cannot be tried in the test's: two at once, a limit of the disk, a sudden end. */
import { open } from 'node:fs/promises';
import { createCuratedSets } from '../../../src/session/curated/curatedSets.onDemand';
import { plainSample } from '../curate/plainSample';
import { setPlaces } from './curatedPlaces';

const [folder = '', file = '', task = '', name = '', count = '1'] = process.argv.slice(2);
const say = (): void => undefined;

interface Handle {
  write(bytes: Uint8Array, from?: number): Promise<{ bytesWritten: number }>;
}

/** From now on half of what is to be written is written, and then something happens. */
async function halfWrites(then: () => void): Promise<void> {
  const handle = await open(file, 'r');
  const prototype = Object.getPrototypeOf(handle) as Handle;
  await handle.close();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below on the handle that it is to write to
  const { write } = prototype;
  prototype.write = async function (this: Handle, bytes, from = 0) {
    await write.call(this, bytes.subarray(from, from + Math.ceil((bytes.length - from) / 2)), 0);
    then();
    return { bytesWritten: 0 };
  };
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
const full = (): void => {
  throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
};

async function main(): Promise<void> {
  const sets = createCuratedSets({ ...setPlaces(folder), log: { info: say, warn: say, error: say } });
  const set = await sets.open(file);
  const large = 'x'.repeat(Number(count) * 1000);
  const said = async (run: () => Promise<unknown>): Promise<string> =>
    run().then(
      () => 'done',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  const add = (): Promise<unknown> => set.add(plainSample(name, { answer: large }));
  const note = (): Promise<unknown> => set.note(set.cards[0]?.id ?? '', large);
  switch (task) {
    case 'add':
      for (let i = 0; i < Number(count); i++) await set.add(plainSample(`${name}${String(i)}`));
      break;
    case 'limited':
      // The library that locks files would end the process on this signal, which Node itself ignores.
      process.on('SIGXFSZ', () => undefined);
      console.log(JSON.stringify([await said(add), await said(note), set.cards.length]));
      break;
    case 'full-for-real':
      console.log(JSON.stringify([await said(add), await said(note), set.cards.length]));
      break;
    case 'full':
      await halfWrites(full);
      console.log(JSON.stringify([await said(add), await said(note), set.cards.length]));
      break;
    case 'die adding':
      await halfWrites(die);
      await add();
      break;
    case 'die rewriting':
      await halfWrites(die);
      await note();
      break;
    default:
      throw new Error(`no such task: ${task}`);
  }
  sets.dispose();
}

void main();
