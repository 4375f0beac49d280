import Mocha from 'mocha';
import { runAndReport } from './report';

/**
 * Runs the host suite inside VS Code's extension host. The build makes the list of tests from
 * `test/suite/*.test.ts` and exports `run()`, which VS Code calls.
 */
export async function runSuite(load: readonly (() => void)[]): Promise<void> {
  const grep = process.env['COT_LENS_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 20_000,
    color: false,
    forbidOnly: Boolean(process.env['CI']),
    ...(grep === undefined ? {} : { grep }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const one of load) one();
  const { failed } = await runAndReport(mocha);
  if (failed > 0) throw new Error(`${failed} of the host tests failed.`);
}
