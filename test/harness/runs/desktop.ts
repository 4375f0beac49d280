import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { modelProvider } from '../places';
import { onStopSignal } from '../processes';
import { cacheFolder, root } from '../root';
import { suiteWorkspace } from '../suiteWorkspace';
import { makeTemporaryFolder } from '../temporary';

/** Runs the host suite in a desktop VS Code: $VSCODE_EXECUTABLE_PATH, or a downloaded one. */
const installed = process.env['VSCODE_EXECUTABLE_PATH'];
const folder = makeTemporaryFolder();
onStopSignal(() => folder.remove());
try {
  process.exitCode = await runTests({
    ...(installed === undefined ? {} : { vscodeExecutablePath: installed }),
    cachePath: cacheFolder,
    extensionDevelopmentPath: [root, modelProvider],
    extensionTestsPath: path.join(root, 'out/suite/index'),
    extensionTestsEnv: { COT_LENS_REPORT: process.env['COT_LENS_REPORT'], COT_LENS_GREP: process.env['COT_LENS_GREP'] },
    launchArgs: [
      suiteWorkspace(folder),
      ...['--user-data-dir', path.join(folder.path, 'user'), '--disable-extensions', '--disable-workspace-trust'],
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (installed === undefined) {
    console.error(
      'No desktop VS Code could be had. Set VSCODE_EXECUTABLE_PATH to an installed one (on Linux it also needs a display, as by xvfb-run).',
    );
  }
  process.exitCode = 1;
} finally {
  await folder.remove();
}
