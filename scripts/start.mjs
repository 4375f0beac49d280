/** npm start: builds, packages and shows CoT Lens in a VS Code on this machine. See test/harness/runs/start.ts. */
import { build } from './build.mjs';
import { makePackage, runNode } from './run.mjs';

const started = Date.now();
console.log('Building CoT Lens …');
await build({ tests: true });
if (!process.argv.includes('--desktop')) await makePackage();
console.log(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
process.exitCode = await runNode(['out/harness/runs/start.mjs', ...process.argv.slice(2)]);
