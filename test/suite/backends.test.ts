import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startFakeRay } from '../harness/fakeRay';
import { answering, entry } from './answers';
import { dialogsDuring, type Dialog } from './dialogs';
import { withUserSettings } from './judging';
import { BACK, LEAVE, steps, type AskedStep, type Step } from './steps';

const run = (command: string, ...given: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(`cotLens.${command}`, ...given);
const inSettings = (): unknown => vscode.workspace.getConfiguration('cotLens').get('backends');

async function adding(answers: readonly Step[]): Promise<{ readonly shown: AskedStep[]; readonly dialogs: Dialog[] }> {
  let shown: AskedStep[] = [];
  const dialogs = await dialogsDuring(async () => {
    shown = await steps(answers, () => run('addBackend'));
  });
  return { shown, dialogs };
}

describe('training backends', function () {
  this.timeout(30_000);

  it('are added with address, name and token, checked at once, and written without the token', async () => {
    const ray = await startFakeRay({ token: 'token-of-the-lab' });
    try {
      await withUserSettings({ 'cotLens.backends': [] }, async () => {
        const { shown, dialogs } = await adding([/Ray cluster/, 'lab', `${ray.url}?token=x`, ray.url, '', 'lab', 'token with spaces', 'token-of-the-lab']);
        assert.deepEqual(shown.map(({ step, of }) => `${String(step)}/${String(of)}`), ['1/4', '2/4', '3/4', '4/4']);
        assert.match(shown[1]?.wrong.join(' ') ?? '', /must be an address that begins with.*must end before any \? or #.*Set Backend Key/);
        assert.match(shown[2]?.wrong.join(' ') ?? '', /needs a name/);
        assert.ok(shown[3]?.secret);
        assert.deepEqual(inSettings(), [{ kind: 'ray', name: 'lab', url: ray.url }]);
        assert.match(dialogs.at(-1)?.text ?? '', /^lab: Ray 2\.\d+\.\d+ answers at .* and lets us in\.$/);
        assert.ok(ray.requests.some(({ headers }) => headers.authorization === 'Bearer token-of-the-lab'));

        await answering([entry(/lab/)], () => run('clearBackendKey'));
        const [refused] = await dialogsDuring(() => run('checkBackend', 'lab'));
        assert.equal(refused?.how, 'error');
        assert.match(refused?.text ?? '', /did not let us in \(HTTP 401/);
        assert.deepEqual(refused?.buttons, ['Set Backend Key…']);

        const [asked] = await dialogsDuring(() => answering([entry(/lab/)], () => run('removeBackend')), ({ buttons }) => buttons[0]);
        assert.match(asked?.text ?? '', /Remove the training backend lab/);
        assert.deepEqual(inSettings(), []);
      });
    } finally {
      await ray.stop();
    }
  });

  it('on this machine come first, with the address of a Ray that was just started', async () => {
    await withUserSettings({ 'cotLens.backends': [] }, async () => {
      const { shown } = await adding([/Ray on this machine/, BACK, LEAVE]);
      assert.match(shown[0]?.rows[0] ?? '', /Ray on this machine \| http:\/\/127\.0\.0\.1:8265/);
      assert.equal(shown[1]?.value, 'http://127.0.0.1:8265');
      assert.deepEqual(inSettings(), []);
    });
  });

  it('of a fault in one entry the others know nothing, and what is wrong is said without quoting it', async () => {
    const ray = await startFakeRay();
    const backends = [{ kind: 'ray', name: 'bad', url: ray.url, token: 'sk-secret-in-settings' }, { kind: 'ray', name: 'good', url: ray.url }, 7];
    try {
      await withUserSettings({ 'cotLens.backends': backends }, async () => {
        const rows: string[] = [];
        await dialogsDuring(() =>
          answering([(items) => {
            rows.push(...items.map((item) => (typeof item === 'string' ? item : `${item.label} ${item.detail ?? ''}`)));
            return 0;
          }], () => run('checkBackend')),
        );
        assert.match(rows[0] ?? '', /^good/);
        assert.match(rows[1] ?? '', /bad .*must not hold token: settings are plain text/);
        assert.match(rows[2] ?? '', /backend 3/);
        assert.ok(!rows.join().includes('sk-secret'));
        assert.ok(ray.requests.some(({ path }) => path === '/api/version'));
      });
    } finally {
      await ray.stop();
    }
  });
});
