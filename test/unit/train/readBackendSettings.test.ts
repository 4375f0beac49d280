import { describe, expect, it } from 'vitest';
import { addressProblem, readBackendSettings } from '../../../src/train/backends/readBackendSettings';

const RAY = { kind: 'ray', name: 'lab', url: 'http://127.0.0.1:8265' };

describe('the setting cotLens.backends', () => {
  it('keeps what is right and says of each other entry what is wrong, by its name or place', () => {
    const { backends, problems } = readBackendSettings([RAY, { ...RAY, name: 'gpu', gpus: -1 }, 'x', { ...RAY }, { kind: 'openai', name: 'api', url: 'https://api.example/v1' }, { kind: 'slurm', name: 's', url: 'http://a' }]);
    expect(backends.map(({ name }) => name)).toEqual(['lab', 'api']);
    expect(problems.map(({ entry }) => entry)).toEqual(['gpu', 'backend 3', 'lab', 's']);
    expect(problems[0]?.what).toMatch(/^gpus: /);
    expect(problems[2]?.what).toMatch(/second backend of this name/);
  });

  it('never quotes a key that somebody put there, and says where it belongs', () => {
    for (const name of ['token', 'apiKey', 'api_key', 'password', 'Authorization']) {
      const { backends, problems } = readBackendSettings([{ ...RAY, [name]: 'sk-secret' }]);
      expect(backends).toEqual([]);
      expect(problems[0]?.what).toMatch(/settings are plain text.*Set Backend Key…/);
      expect(JSON.stringify(problems)).not.toContain('sk-secret');
    }
    const { problems } = readBackendSettings([{ ...RAY, url: 'https://me:sk-secret@lab.example' }]);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('sk-secret');
  });

  it('reads nothing, and no list, as no backends', () => {
    expect(readBackendSettings(undefined)).toEqual({ backends: [], problems: [] });
    expect(readBackendSettings({}).problems).toEqual([{ entry: 'cotLens.backends', what: 'must be a list of backends' }]);
  });

  it('says of an address what is wrong, in the words of backends', () => {
    expect(addressProblem('http://127.0.0.1:8265')).toBeUndefined();
    expect(addressProblem('lab')).toContain('such as http://127.0.0.1:8265');
    expect(addressProblem('http://a?key=1')).toContain('“Set Backend Key…”');
  });
});
