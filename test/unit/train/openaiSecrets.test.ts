import { describe, expect, it } from 'vitest';
import { launchOnce } from '../../../src/train/runs/launchOnce';
import { fineTuningFaults, type FineTuningFault } from '../../harness/fakeFineTuning';
import { backendAt, KEY, MAY, NEVER, nothing, planOf, runName, serve } from './openaiFixture';

const { plan, shipment } = planOf();
const FAULTS: readonly (FineTuningFault | undefined)[] = [undefined, { kind: 'tells-key', status: 200 }, { kind: 'tells-key', status: 400 }, { kind: 'tells-key', status: 401 }, { kind: 'tells-key', status: 302 }, { kind: 'tells-key', status: 500 }, ...Object.values(fineTuningFaults).filter(({ kind }) => kind !== 'stall')];

/** The key in all the ways that it could be written. */
const WRITTEN = [KEY, JSON.stringify(KEY).slice(1, -1), encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')];

describe('the key', () => {
  it('goes out in one header, and stands in no request, plan, note or error', async () => {
    const heard: unknown[] = [plan, shipment.job];
    let told = 0;
    for (const fault of FAULTS) {
      const server = await serve();
      const backend = backendAt(server);
      const job = server.make({ model: 'base-model' });
      const run = runName(plan.id, job.id);
      const works: (() => Promise<unknown>)[] = [
        () => backend.check(NEVER, 'unknown-model'),
        () => backend.planned(plan, shipment, NEVER),
        () => backend.push(plan, shipment, NEVER, nothing),
        () => backend.launch(plan, shipment.job, { uri: 'file-1', bytes: 1 }, NEVER),
        () => backend.see(run, NEVER),
        () => backend.see(runName(plan.id), NEVER),
        () => backend.seeAll([run, runName('b')], MAY, NEVER),
        () => backend.stop(run, NEVER),
        () => backend.pause(run, NEVER),
        () => backend.resume(run, NEVER),
        () => backend.log(run, 0, NEVER),
        () => backend.artifacts(run, NEVER),
        () => launchOnce(plan, shipment, backend, { note: (_, event) => { heard.push(event); return Promise.resolve(); } }, { signal: NEVER, progress: nothing, wait: () => Promise.resolve() }),
      ];
      for (const work of works) {
        if (fault !== undefined) server.fault(fault, '', 1);
        try {
          const value = await work();
          heard.push(value instanceof Map ? [...(value as Map<unknown, unknown>)] : value);
        } catch (error) {
          for (let at = error; at instanceof Error; at = at.cause) heard.push({ ...at, message: at.message, stack: at.stack });
        }
      }
      for (const { path, headers, body } of server.requests) {
        expect(headers.authorization).toBe(`Bearer ${KEY}`);
        told++;
        const { authorization: _, ...others } = headers;
        heard.push(path, others, body.toString());
      }
    }
    expect(told).toBeGreaterThan(100);
    const words = heard.map((one) => JSON.stringify(one)).join('\n');
    expect(words).toContain('[key]');
    // Written once more into JSON, quotes and backslashes are escaped a second time.
    for (const way of WRITTEN.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)])) expect(words).not.toContain(way);
    for (const one of heard) for (const way of WRITTEN) if (typeof one === 'string') expect(one).not.toContain(way);
  });
});

/** Keys that JSON may write in several ways, and how servers do: PHP escapes slashes, others all that is no letter, or everything. */
const SLASHED = 'sk-abc/def+ghi/jkl0123';
const inUnits = (text: string): string => Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const WAYS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('/', '\\/'),
  (text) => text.replace(/[/+-]/g, inUnits),
  inUnits,
  (text) => text.replaceAll('/', '\\u002F'),
  // What a gateway quotes of another server.
  (text) => text.replaceAll('/', '\\u005c/'),
  (text) => JSON.stringify(text.replaceAll('/', '\\/')).slice(1, -1),
];

describe('a key that JSON writes otherwise', () => {
  it.each(WAYS.map((way) => [way(SLASHED), way] as const))('is not told back: %s', async (_, way) => {
    const server = await serve();
    const backend = backendAt(server, { key: SLASHED });
    const heard: unknown[] = [];
    const says = `curl -H 'Authorization: Bearer ${way(SLASHED)}'`;
    for (const status of [400, 401, 403, 404, 429, 500]) {
      server.fault({ kind: 'http', status, body: `{"error":{"message":"${says}","code":"x"}}` });
      heard.push(await backend.see(runName(plan.id, 'ftjob-1'), NEVER));
    }
    const job = `{"id":"ftjob-1","status":"failed","error":{"code":"x","message":"${says}"},"fine_tuned_model":"${way(SLASHED)}"}`;
    server.fault({ kind: 'http', status: 200, body: job }, 'GET /fine_tuning/jobs/ftjob-1');
    const seen = await backend.see(runName(plan.id, 'ftjob-1'), NEVER);
    expect(seen).toMatchObject({ kind: 'seen', state: 'failed', reason: expect.stringContaining('[key]') as string });
    heard.push(seen);
    server.fault({ kind: 'http', status: 200, body: `{"data":[{"id":"ftevent-1","created_at":1,"level":"info","message":"${says}","data":{"step":1,"${way(SLASHED)}":2}}],"has_more":false}` }, 'GET /fine_tuning/jobs/ftjob-1/events');
    const log = await backend.log(runName(plan.id, 'ftjob-1'), 0, NEVER);
    expect(log).toMatchObject({ text: expect.stringContaining('[key]') as string, metrics: [{ values: { '[key]': 2 } }] });
    heard.push(log);
    const words = JSON.stringify(heard);
    expect(words.match(/\[key\]/g)?.length).toBeGreaterThan(8);
    for (const form of [SLASHED, SLASHED.replaceAll('/', '\\/'), ...[way(SLASHED)].flatMap((one) => [one, JSON.stringify(one).slice(1, -1)])]) expect(words).not.toContain(form);
  });
});
