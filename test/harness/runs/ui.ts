import Mocha from 'mocha';
import { runAndReport } from '../../suite/report';
import { onStopSignal } from '../processes';
import { stopSharedUi } from '../ui';

/**
 * Runs test files that drive VS Code from outside: node out/harness/runs/ui.mjs FILE…
 * Files are bundles, which share this run's server and browser.
 */
const grep = process.env['COT_LENS_GREP'];

onStopSignal(stopSharedUi);
const mocha = new Mocha({
  ui: 'bdd',
  timeout: 90_000,
  slow: 15_000,
  forbidOnly: Boolean(process.env['CI']),
  ...(grep === undefined ? {} : { grep }),
});
for (const file of process.argv.slice(2)) mocha.addFile(file);
try {
  await mocha.loadFilesAsync();
  const { failed } = await runAndReport(mocha);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await stopSharedUi();
}
