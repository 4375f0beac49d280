import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { vscodeStandIn } from '../../bench/vscodeStandIn';
import { root } from '../root';

/** Loads and activates the built extension once, in a process of its own, and sends how long that took. */
const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
const load = loader._load;
const standIn = vscodeStandIn();
loader._load = (name, ...rest) => (name === 'vscode' ? standIn : load(name, ...rest));

// What is not named here (secrets, memory, places) can be anything, too.
const context = Object.assign(Object.create(standIn) as object, { subscriptions: [] as { dispose?: () => void }[] });
const start = performance.now();
const extension = createRequire(import.meta.url)(path.join(root, 'dist/extension.js')) as {
  activate: (context: unknown) => unknown;
};
const loaded = performance.now();
await extension.activate(context);
const activated = performance.now();
process.send?.({ load: loaded - start, activate: activated - loaded }, () => process.exit());
