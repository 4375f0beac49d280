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
