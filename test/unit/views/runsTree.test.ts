import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrainingRuns } from '../../../src/host/trainingRuns';
import { nodeFiles } from '../../../src/session/nodeFiles';
import { RunLogs } from '../../../src/session/training/runLogFile';
import { RunStore } from '../../../src/session/training/runStore';
import type { Backend } from '../../../src/train/backends/backend';
import { RUN_STATES, type Run, type RunPlan } from '../../../src/train/runs/run';
import { copyModel, copyRecord, pauseRun, stopRun } from '../../../src/views/runCommands';
import { RunChannels } from '../../../src/views/runLogs';
import { noteEnds } from '../../../src/views/runNotes';
import type { RunNode } from '../../../src/views/runsViewNodes';
import { RunsTree } from '../../../src/views/runsViewTree';
import { LogKeeper, temporaryFolder } from '../session/scoring';
import { person } from './setStandIn';

const shown = vi.hoisted(() => ({ channels: [] as { name: string; text: string; gone: boolean }[], clipboard: '', editors: [] as unknown[] }));

vi.mock('vscode', async () => {
  const standIn = await import('./setStandIn');
  return {
    ...standIn,
    env: { clipboard: { writeText: (text: string) => { shown.clipboard = text; return Promise.resolve(); } } },
    window: {
      ...standIn.window,
      get visibleTextEditors() { return shown.editors; },
      createOutputChannel: (name: string) => {
        const channel = { name, text: '', gone: false };
        shown.channels.push(channel);
        return { show: () => undefined, dispose: () => { channel.gone = true; }, append: (more: string) => { channel.text += more; }, replace: (text: string) => { channel.text = text; } };
      },
    },
  };
});

const ATTACK = '$(sync~spin) [x](command:quit) \u202Etxet\nsecond line';
const plan = (id: string, more: Partial<RunPlan> = {}): RunPlan => ({
  ...{ id, title: `run ${id}`, backend: { kind: 'ray', name: 'cluster', url: 'http://127.0.0.1:8265/' }, set: { path: 'kitchen.curated.jsonl', name: 'kitchen', sha256: 'ab'.repeat(32) } },
  ...{ file: { format: 'messages', rows: 10, sha256: 'cd'.repeat(32), ablation: false }, recipe: 'advchain-sft', values: { model: 'tiny', outputDir: '/out' }, expected: { optimiserSteps: 4 } },
  ...{ versions: {}, created: '2026-11-21T10:00:00.000Z' },
  ...more,
});

describe('the Runs view on files', () => {
  let folder = '';
  let store: RunStore;
  let logs: RunLogs;
  let log: LogKeeper;
  let tree: RunsTree;
  let runs: TrainingRuns;
  const asked: string[] = [];
  let ended: (run: Run) => void = () => undefined;
  let backend: Partial<Backend> | undefined;
  let trouble: string | undefined;

  const write = async (made: RunPlan, ...events: object[]): Promise<void> => {
    await writeFile(path.join(folder, `${made.id}.run.jsonl`), [{ plan: made }, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  const logLine = (id: string, from: number, text: string, metrics: unknown[] = []): Promise<void> =>
    appendFile(path.join(folder, `${id}.log.jsonl`), `${JSON.stringify({ at: '2026-11-21T10:05:00.000Z', from, next: from + text.length, text, metrics })}\n`);
  const said = ({ item: { label, description = '' } }: RunNode): string => `${typeof label === 'string' ? label : ''} | ${String(description)}`;
  const nodes = async (): Promise<RunNode[]> => {
    await store.load();
    return tree.getChildren();
  };

  beforeEach(async () => {
    folder = path.join(await temporaryFolder(), 'runs');
    await mkdir(folder);
    Object.assign(person, { picks: [], typed: [], presses: [], heard: [], details: [], folder });
    shown.channels.length = asked.length = 0;
    [backend, trouble] = [undefined, undefined];
    log = new LogKeeper();
    const now = (): string => '2026-11-21T10:06:00.000Z';
    store = new RunStore(folder, nodeFiles, now, log);
    logs = new RunLogs(folder, nodeFiles, now, log);
    const follower = {
      troubleOf: () => trouble,
      onDidChangeTrouble: () => ({ dispose: () => undefined }),
      onDidEnd: (listener: typeof ended) => {
        ended = listener;
        return { dispose: () => undefined };
      },
      stop: (id: string) => { asked.push(`stop ${id}`); return Promise.resolve(); },
      lookNow: (id: string) => { asked.push(`look ${id}`); return Promise.resolve(); },
    };
    runs = { store, logs, follower, backendOf: () => Promise.resolve(backend) } as unknown as TrainingRuns;
    tree = new RunsTree(runs, log);
  });
  afterEach(() => {
    for (const one of [tree, logs, store]) one.dispose();
  });

  it('lists a hundred at once, the newest first, and the older ones when asked', async () => {
    for (let i = 0; i < 130; i++) await write(plan(`r${String(i)}`, { created: new Date(Date.UTC(2026, 10, 1) + i * 60_000).toISOString() }), { at: '2026-11-21T10:00:00.000Z', state: 'stopped' });
    const all = await nodes();
    expect(all).toHaveLength(101);
    expect(all[0]?.run).toBe('r129');
    const older = all[100];
    expect(older?.item.label).toBe('30 older');
    const rest = older === undefined ? [] : await tree.getChildren(older);
    expect(rest.map(({ run }) => run)).toEqual(Array.from({ length: 30 }, (_, i) => `r${String(29 - i)}`));
    expect(rest.every(({ parent }) => parent === older)).toBe(true);
  });

  it('has an icon and what can be done for every state', async () => {
    for (const [i, state] of RUN_STATES.entries()) await write(plan(`r${String(i)}`, { backend: { kind: i % 2 === 0 ? 'ray' : 'openai', name: 'b', url: 'http://127.0.0.1:1/' } }), { at: '2026-11-21T10:01:00.000Z', state });
    const context = new Map((await nodes()).map(({ run, item: { contextValue, iconPath } }) => [RUN_STATES[Number(run?.slice(1))], { contextValue, icon: (iconPath as { readonly id?: string }).id }]));
    expect(context.size).toBe(RUN_STATES.length);
    for (const { icon } of context.values()) expect(icon).toMatch(/^[a-z-]+$/);
    expect(context.get('running')?.contextValue).toBe('run open lookable stoppable model folder');
    expect(context.get('paused')?.contextValue).toBe('run open lookable stoppable resumable model folder');
    expect(context.get('stop requested')?.contextValue).toBe('run open lookable model folder');
    expect(context.get('failed')?.contextValue).toBe('run ended removable model folder');
    // What may come back is looked at when a person asks; of what nobody knows the list can be rid.
    expect(context.get('lost')?.contextValue).toBe('run ended lookable removable model folder');
    expect(context.get('unknown')?.contextValue).toMatch(/^run open lookable removable/);
    // What its backend may not have is not asked for its end; what was never begun has left nothing behind.
    const withWord = (word: string): (string | undefined)[] => RUN_STATES.filter((state) => context.get(state)?.contextValue?.split(' ').includes(word));
    expect(withWord('stoppable')).toEqual(['pending', 'running', 'paused']);
    expect(RUN_STATES.filter((state) => !withWord('folder').includes(state))).toEqual(['preparing', 'not started']);
    expect(withWord('model')).toEqual(withWord('folder'));
  });

  it('offers what lies somewhere only where it does: an API has no folder, and has checkpoints before it has a model', async () => {
    const api = { backend: { kind: 'openai', name: 'b', url: 'http://127.0.0.1:1/' }, values: { model: 'tiny' } };
    await write(plan('a', api), { at: '2026-11-21T10:01:00.000Z', state: 'pending' });
    await write(plan('b', api), { at: '2026-11-21T10:01:00.000Z', state: 'running', started: '2026-11-21T10:01:00.000Z' });
    const context = new Map((await nodes()).map(({ run, item: { contextValue } }) => [run, contextValue]));
    expect(context.get('a')).toBe('run open lookable stoppable pausable');
    expect(context.get('b')).toBe('run open lookable stoppable pausable model');
  });

  it('shows hostile titles, reasons and names as one line of text', async () => {
    await write(plan('a', { title: ATTACK, backend: { kind: 'ray', name: ATTACK, url: 'http://127.0.0.1/' } }), { at: '2026-11-21T10:01:00.000Z', state: 'failed', reason: ATTACK, hint: ATTACK });
    const [node] = await nodes();
    const { label, description, tooltip, accessibilityInformation } = (node as RunNode).item;
    const words = [label, description, accessibilityInformation?.label, ...(tooltip as string).split('\n')] as string[];
    expect(words.length).toBeGreaterThan(8);
    for (const word of words) expect(word).not.toMatch(/[\u202e\n]|\$\(|\]\(/u);
    expect(label).toBe('$\u200B(sync~spin) [x]\u200B(command:quit) txet second line');
  });

  it('goes on without the numbers of a log that cannot be read, and says what keeps a backend from being asked', async () => {
    await write(plan('a'), { at: '2026-11-21T10:01:00.000Z', state: 'running' });
    await mkdir(path.join(folder, 'a.log.jsonl'));
    trouble = 'cluster does not answer.';
    const [node] = await nodes();
    expect(said(node as RunNode)).toBe('run a | running · launched 2026-11-21 10:00:00 UTC');
    expect(node?.item.tooltip).toContain('Why: cluster does not answer.');
    expect(log.lines.join('\n')).toMatch(/log of the run a cannot be read/);
  });

  it('writes a log into its channel, then what comes, then the new beginning of one that was cut', async () => {
    await write(plan('a', { title: ATTACK }), { at: '2026-11-21T10:01:00.000Z', state: 'running' });
    await logLine('a', 0, 'Loading\n\u001b[3');
    await store.load();
    const channels = new RunChannels(runs, () => asked.push('shown'), log);
    await channels.show('a');
    expect(shown.channels).toEqual([{ name: expect.stringMatching(/^CoT Lens Run: \$\u200B\(sync~spin\) \[x\].* · 2026-11-21 10:00:00 UTC$/u) as string, text: 'Loading\n', gone: false }]);
    expect(channels.shown).toEqual(['a']);
    await logLine('a', 11, '2mgreen\u001b[0m\n');
    await channels.show('a');
    expect(shown.channels[0]?.text).toBe('Loading\ngreen\n');
    await rm(path.join(folder, 'a.log.jsonl'));
    await logLine('a', 0, 'new\n');
    await channels.show('a');
    expect(shown.channels[0]?.text).toBe('new\n');
    expect(asked).toEqual(['shown']);
    await expect(channels.show('none')).rejects.toThrow('no run none');
    channels.dispose();
  });

  it('counts as looked at the log that was asked for last, while the Output panel shows, and none of a run that is gone', async () => {
    const { events } = await import('../vscode/standIn');
    const output = { document: { uri: { scheme: 'output' } } };
    for (const id of ['a', 'b']) {
      await write(plan(id), { at: '2026-11-21T10:01:00.000Z', state: 'running' });
      await logLine(id, 0, 'x\n');
    }
    await store.load();
    const channels = new RunChannels(runs, () => asked.push(channels.shown.join()), log);
    const see = (...editors: unknown[]): void => {
      shown.editors = editors;
      events.visibleEditors.fire(editors);
    };
    await channels.show('a');
    see(output);
    await channels.show('b');
    await channels.show('b');
    expect(channels.shown).toEqual(['b']);
    see();
    expect(channels.shown).toEqual([]);
    see({ document: { uri: { scheme: 'file' } } }, output);
    expect(channels.shown).toEqual(['b']);
    await rm(path.join(folder, 'b.run.jsonl'));
    await store.note('b', { state: 'failed' }).catch(() => undefined);
    expect(channels.shown).toEqual([]);
    expect(shown.channels.map(({ gone }) => gone)).toEqual([false, true]);
    see(output);
    expect(channels.shown).toEqual([]);
    expect(asked).toEqual(['a', 'b', '', 'b', '']);
    channels.dispose();
    see();
    expect(shown.channels.map(({ gone }) => gone)).toEqual([true, true]);
  });

  it('asks before a run is stopped, and does nothing where the person does not mean it', async () => {
    await write(plan('a', { title: ATTACK }), { at: '2026-11-21T10:01:00.000Z', state: 'running' });
    await store.load();
    const run = store.get('a') as Run;
    await stopRun({ runs }, run);
    expect(asked).toEqual([]);
    person.presses.push('Stop Run');
    await stopRun({ runs }, run);
    expect(asked).toEqual(['stop a']);
    expect(person.heard[0]).not.toMatch(/\]\(/);
    // One that was launched again has the same title.
    expect(person.details[0]).toMatch(/^Launched 2026-11-21 10:00:00 UTC as a\.\n\ncluster is asked/);
    await store.note('a', { state: 'succeeded' });
    await expect(stopRun({ runs }, store.get('a') as Run)).rejects.toThrow('has ended (succeeded). There is nothing to stop');
    expect(asked).toEqual(['stop a']);
  });

  it('pauses where the backend can, and says so where it cannot or is gone', async () => {
    await write(plan('a'), { at: '2026-11-21T10:01:00.000Z', state: 'running', job: 'ft-1' });
    await store.load();
    const run = store.get('a') as Run;
    await expect(pauseRun({ runs }, run)).rejects.toThrow('no training backend at http://127.0.0.1:8265/');
    backend = { name: 'cluster' };
    await expect(pauseRun({ runs }, run)).rejects.toThrow('cluster cannot pause a run');
    backend = { name: 'service', pause: ({ job }) => { asked.push(`pause ${String(job)}`); return Promise.resolve(); } };
    await pauseRun({ runs }, run);
    expect(asked).toEqual(['pause ft-1', 'look a']);
  });

  it('copies where a model lies, and the whole record', async () => {
    await write(plan('a'), { at: '2026-11-21T10:01:00.000Z', state: 'running' });
    await write(plan('b'), { at: '2026-11-21T10:01:00.000Z', state: 'succeeded', model: 'ft:tiny:1' });
    await store.load();
    await copyModel({ runs }, store.get('b') as Run);
    expect(shown.clipboard).toBe('ft:tiny:1');
    // Of a cluster it stands in the record: its backend need not be there any more.
    await copyModel({ runs }, store.get('a') as Run);
    expect(shown.clipboard).toBe('/out');
    await write(plan('a', { backend: { kind: 'openai', name: 'service', url: 'http://127.0.0.1:1/' }, values: { model: 'tiny' } }), { at: '2026-11-21T10:01:00.000Z', state: 'running' });
    await store.load();
    await expect(copyModel({ runs }, store.get('a') as Run)).rejects.toThrow('no training backend at http://127.0.0.1:1/');
    backend = { name: 'service', artifacts: () => Promise.resolve([{ label: 'checkpoint', where: 'ft:2', step: 2 }, { label: 'trained model', where: 'ft' }]) };
    person.picks.push(/checkpoint/);
    await copyModel({ runs }, store.get('a') as Run);
    expect(shown.clipboard).toBe('ft:2');
    backend = { name: 'service', artifacts: () => Promise.resolve([]) };
    await expect(copyModel({ runs }, store.get('a') as Run)).rejects.toThrow('has left nothing behind yet');
    await copyRecord(store.get('b') as Run);
    expect(JSON.parse(shown.clipboard)).toMatchObject({ id: 'b', recipe: 'advchain-sft', values: { model: 'tiny' }, state: 'succeeded' });
  });

  it('tells of an end with what is known of it, and does what is pressed', async () => {
    await write(plan('a'), { at: '2026-11-21T10:00:00.000Z', state: 'running', started: '2026-11-21T10:00:00.000Z' }, { at: '2026-11-21T10:05:00.000Z', state: 'failed', ended: '2026-11-21T10:05:00.000Z', reason: `It broke. ${ATTACK}`, hint: 'Mend it.' });
    await logLine('a', 0, 'x\n', [{ step: 3, values: { loss: 1 }, last: false }]);
    await store.load();
    noteEnds(runs, { show: (id) => { asked.push(`show ${id}`); return Promise.resolve(); }, log: (id) => { asked.push(`log ${id}`); return Promise.resolve(); } }, log);
    person.presses.push('Show Log');
    ended(store.get('a') as Run);
    await vi.waitFor(() => { expect(asked).toEqual(['log a']); });
    expect(person.heard[0]).toMatch(/^AdvChain SFT on kitchen: failed after 5 min, 3 of 4 steps\. It broke\. \$\u200B\(sync~spin\) .*Mend it\.$/u);
    expect(person.heard[0]).not.toMatch(/\]\(/);
  });
});
