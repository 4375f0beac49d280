/** A window as a process of its own, which can be killed: follows, or launches a run, and says so. */
import { nodeFiles } from '../../../../src/session/nodeFiles';
import { FollowLease, launchLock } from '../../../../src/session/training/followLease';

const [task = '', folder = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const say = (message: string): void => {
    console.error(message);
  };
  // Nothing else keeps a process alive that holds a lock.
  setInterval(() => undefined, 1000);
  if (task === 'follow') console.log(`follows ${String(await new FollowLease(folder, nodeFiles, { info: say, warn: say, error: say }).take())}`);
  else {
    await launchLock(folder, 'a', async () => {
      console.log('launches');
      await new Promise(() => undefined);
    });
  }
}

void main();
