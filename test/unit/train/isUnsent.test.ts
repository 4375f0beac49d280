import type { ClientRequest } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isUnsent } from '../../../src/train/backends/ray/isUnsent';
import { RayBackend } from '../../../src/train/backends/ray/rayBackend';
import { startFakeRay } from '../../harness/fakeRay';
import { planOf, SHIPMENT } from './plannedRun';

const never = new AbortController().signal;

/** As the operating system would say it, by way of Node. */
function systemError(code: string, syscall: string | undefined): Error {
  return Object.assign(new Error(`${syscall ?? ''} ${code}`), { code, ...(syscall === undefined ? {} : { syscall }) });
}

/** The error of a real connection. */
function errorOf(host: string, port: number): Promise<unknown> {
  const backend = new RayBackend({ name: 'x', url: `http://${host}:${String(port)}` });
  return backend.check(never).then(() => undefined, (error: unknown) => (error as Error).cause);
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
  return port;
}

describe('a request that failed', () => {
  it('was not sent where no connection came to stand, by an address or by a name with several', async () => {
    const port = await closedPort();
    expect(isUnsent(await errorOf('127.0.0.1', port))).toBe(true);
    expect(isUnsent(await errorOf('localhost', port))).toBe(true);
    expect(isUnsent(new AggregateError([systemError('ECONNREFUSED', 'connect'), systemError('EHOSTUNREACH', 'connect')]))).toBe(true);
    expect(isUnsent(systemError('ENOTFOUND', 'getaddrinfo'))).toBe(true);
  });

  it('may have been where one stood, whatever its error is called', () => {
    for (const code of ['EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT']) for (const syscall of ['read', 'write', undefined]) expect(isUnsent(systemError(code, syscall))).toBe(false);
    expect(isUnsent(new AggregateError([systemError('ECONNREFUSED', 'connect'), systemError('EHOSTUNREACH', 'read')]))).toBe(false);
    expect([new AggregateError([]), undefined, 'connect'].map(isUnsent)).toEqual([false, false, false]);
  });

  it.each(['EHOSTUNREACH', 'ENETUNREACH'])('as a network drops (%s) that carried a launch to its cluster leaves it unknown', async (code) => {
    const ray = await startFakeRay();
    onTestFinished(() => ray.stop());
    const backend = new RayBackend({ name: 'the cluster', url: ray.url });
    const pushed = await backend.push(planOf('run-1'), SHIPMENT, never, () => undefined);
    // Carried out, and nobody answers: then the connection ends as it does when there is no way to the host any more.
    ray.fault = ({ method }) => (method === 'POST' ? 'timeout-after' : undefined);
    let request: ClientRequest | undefined;
    const began = (message: unknown): void => { ({ request } = message as { readonly request: ClientRequest }); };
    subscribe('http.client.request.start', began);
    onTestFinished(() => { unsubscribe('http.client.request.start', began); });
    const launched = backend.launch(planOf('run-1'), SHIPMENT.job, pushed, never);
    await expect.poll(() => ray.started('run-1'), { timeout: 5000, interval: 5 }).toBe(1);
    request?.destroy(systemError(code, 'read'));
    expect(await launched).toEqual({ kind: 'unknown', reason: expect.stringContaining(code) as string });
  });
});
