import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const FILES = path.join(import.meta.dirname, '../../../src/train/rewards');
/** What is sent to a cluster runs there, with its Python; here with this machine’s. */
const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0);

describe.skipIf(python === undefined)(`the files that go to a cluster${python === undefined ? ' (skipped: no Python 3.9 or later on this machine)' : ''}`, () => {
  it.each([
    ['test_safety_rewards.py', 23],
    ['test_prefilled_prompts.py', 8],
    ['test_versions.py', 13],
  ])('%s passes', (name, least) => {
    const { status, stderr } = spawnSync(python ?? '', ['-B', path.join(import.meta.dirname, name)], { encoding: 'utf8', env: { ...process.env, SAFETY_REWARDS: path.join(FILES, 'safety_rewards.py'), NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' } });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^Ran \d+ tests? in /m) as string]);
    // None of them was forgotten.
    expect(Number(/^Ran (\d+) tests? in /m.exec(stderr)?.[1])).toBeGreaterThanOrEqual(least);
  }, 60_000);
});
