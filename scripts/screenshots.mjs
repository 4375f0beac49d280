/** Takes the pictures of the documentation: each test/screenshots/*.shots.ts drives the installed extension. */
import { build, filesIn } from './build.mjs';
import { makePackage, runNode } from './run.mjs';

await build({ tests: true });
await makePackage();
const wanted = process.argv.slice(2);
const shots = filesIn('out/screenshots', '.shots.mjs').filter(
  (file) => wanted.length === 0 || wanted.some((word) => file.includes(word)),
);
if (shots.length === 0) throw new Error('No such test/screenshots/*.shots.ts.');
process.exitCode = await runNode(['out/harness/runs/ui.mjs', ...shots]);
