import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runOf, type Run, type RunPlan } from '../../../src/train/runs/run';
import { lookAtRun, openOutput, openSet, stopRun } from '../../../src/views/runCommands';
import { chooseRuns } from '../../../src/views/runCommandsChoose';
import { RunDocuments } from '../../../src/views/runCommandsDocuments';
import { RunsView } from '../../../src/views/runsView';
import { sha256 } from '../../../src/session/exportSet';
import { live } from '../vscode/standIn';
import { temporaryFolder } from '../session/scoring';
import { person } from './setStandIn';

interface Progress {
  readonly title: string;
  readonly cancellable: boolean;
  cancel(): void;
}

/** A list of VS Code's, as far as we use it, and who answers it. */
class List {
  title = '';
  items: readonly { readonly label: string }[] = [];
  selectedItems: readonly unknown[] = [];
  disposed = false;
  private readonly listeners = new Map<string, () => void>();
  readonly onDidAccept = (listener: () => void): unknown => this.listeners.set('accept', listener);
  readonly onDidHide = (listener: () => void): unknown => this.listeners.set('hide', listener);
  readonly onDidChangeSelection = (listener: () => void): unknown => this.listeners.set('select', listener);
  show(): void { vs.lists.push(this); }
  dispose(): void { this.disposed = true; }
  tell(what: 'accept' | 'hide' | 'select'): void { this.listeners.get(what)?.(); }
  select(count: number): void {
    this.selectedItems = this.items.slice(0, count);
    this.tell('select');
  }
}

const vs = vi.hoisted(() => ({ ran: [] as unknown[][], folders: [] as string[], env: { uiKind: 1, remoteName: undefined as string | undefined }, progress: [] as Progress[], lists: [] as List[] }));

vi.mock('vscode', async () => {
  const standIn = await import('./setStandIn');
  return {
    ...standIn,
    UIKind: { Desktop: 1, Web: 2 },
    env: { ...vs.env, get uiKind() { return vs.env.uiKind; }, get remoteName() { return vs.env.remoteName; }, clipboard: { writeText: () => Promise.resolve() } },
    commands: { ...standIn.commands, executeCommand: (...given: unknown[]) => { vs.ran.push(given); return Promise.resolve(); } },
    workspace: { ...standIn.workspace, get workspaceFolders() { return vs.folders.map((folder) => ({ uri: standIn.Uri.file(folder) })); } },
    window: {
      ...standIn.window,
      createQuickPick: () => new List(),
      withProgress: (how: { title: string; cancellable: boolean }, run: (progress: unknown, token: unknown) => unknown) => {
        let cancel = (): void => undefined;
        vs.progress.push({ ...how, cancel: () => { cancel(); } });
        return run({ report: () => undefined }, { onCancellationRequested: (listener: () => void) => { cancel = listener; } });
      },
    },
  };
});

const plan = (more: Partial<RunPlan> = {}): RunPlan => ({
  ...{ id: 'a', title: 'run a', backend: { kind: 'ray', name: 'cluster', url: 'http://127.0.0.1:8265/' }, set: { path: 'sets/kitchen.curated.jsonl', name: 'kitchen', sha256: sha256('trained on') } },
  ...{ file: { format: 'messages', rows: 10, sha256: 'cd'.repeat(32), ablation: false }, recipe: 'advchain-sft', values: { model: 'tiny', outputDir: '/out' }, expected: {}, versions: {}, created: '2026-11-21T10:00:00.000Z' },
  ...more,
});
const running = (more: Partial<RunPlan> = {}): Run => runOf(plan(more), [{ at: '2026-11-21T10:01:00.000Z', state: 'running' }]);
const none = { backendOf: () => Promise.resolve(undefined) };

beforeEach(() => {
  vs.ran.length = vs.folders.length = vs.progress.length = vs.lists.length = 0;
  vs.env = { uiKind: 1, remoteName: undefined };
  Object.assign(person, { picks: [], presses: [], heard: [], details: [] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the output folder of a run', () => {
  const parts = { runs: none } as unknown as Parameters<typeof openOutput>[0];

  it('is shown by the machine’s own file manager where there is one; its backend need not be there', async () => {
    const folder = await temporaryFolder();
    await openOutput(parts, running({ values: { outputDir: folder } }));
    expect(vs.ran).toEqual([['revealFileInOS', expect.objectContaining({ fsPath: folder })]]);
  });

  it('is said, with a button that copies it, in a browser, on a remote, and where it lies elsewhere', async () => {
    const folder = await temporaryFolder();
    vs.env.remoteName = 'ssh-remote';
    await openOutput(parts, running({ values: { outputDir: folder } }));
    vs.env = { uiKind: 2, remoteName: undefined };
    await openOutput(parts, running({ values: { outputDir: folder } }));
    await openOutput(parts, running({ values: { outputDir: '/nowhere/on/this/machine' } }));
    expect(vs.ran).toEqual([]);
    for (const said of person.heard.slice(0, 2)) expect(said).toBe(`It lies on the machine that this window works on, and no file manager can be opened from here: ${folder}`);
    expect(person.heard[2]).toBe('It does not lie on this machine but on cluster: /nowhere/on/this/machine');
  });

  it('of a record that names another machine is not looked for', async () => {
    const folder = await temporaryFolder();
    // Here it is a folder that is there; on Windows it would be a host’s.
    await openOutput(parts, running({ values: { outputDir: `/${folder}` } }));
    expect(vs.ran).toEqual([]);
    expect(person.heard[0]).toMatch(/^It does not lie on this machine/);
  });
});

describe('the set of a run', () => {
  it('is that of the folder that has what was trained on', async () => {
    const folders = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    vs.folders.push(...folders);
    for (const [i, text] of ['another', 'trained on'].entries()) {
      await mkdir(path.join(folders[i + 1] ?? '', 'sets'));
      await writeFile(path.join(folders[i + 1] ?? '', 'sets/kitchen.curated.jsonl'), text);
    }
    await openSet(running());
    expect(vs.ran).toEqual([['vscode.open', expect.objectContaining({ fsPath: path.join(folders[2] ?? '', 'sets/kitchen.curated.jsonl') })]]);
    await expect(openSet(running({ set: { path: 'gone.curated.jsonl', name: 'gone', sha256: '' } }))).rejects.toThrow('gone.curated.jsonl');
  });
});

describe('the recipe of a run', () => {
  it('can be had as soon as the window is open, by a tab that came back: its runs are read then, and not before', async () => {
    let asked = 0;
    const runs = { load: () => { asked++; return Promise.reject(new Error('not read')); } };
    const view = new RunsView({ runs, extension: {}, storage: {}, output: {}, relaunch: () => Promise.resolve() } as unknown as ConstructorParameters<typeof RunsView>[0]);
    expect([...live.values()]).toContain('content provider cotlens-run');
    expect(asked).toBe(0);
    view.dispose();
    expect([...live.values()]).not.toContain('content provider cotlens-run');
    const documents = new RunDocuments(() => Promise.resolve({ get: (id) => (id === 'a' ? running() : undefined) }));
    const of = (query: string): Promise<string> => documents.provideTextDocumentContent({ query } as Parameters<typeof documents.provideTextDocumentContent>[0]);
    expect(JSON.parse(await of('a'))).toEqual({ model: 'tiny', outputDir: '/out' });
    expect(await of('b')).toBe('This run is not in the workspace any more.\n');
    documents.dispose();
  });
});

describe('what a backend is asked for', () => {
  it('shows after a second what is waited for, and is given up when the person says so', async () => {
    vi.useFakeTimers();
    let signal: AbortSignal | undefined;
    const lookNow = (_id: string, until: AbortSignal): Promise<void> => new Promise((_resolve, reject) => { (signal = until).addEventListener('abort', () => { reject(new Error('aborted')); }); });
    const looking = lookAtRun({ runs: { ...none, follower: { lookNow } } } as unknown as Parameters<typeof lookAtRun>[0], running());
    await vi.advanceTimersByTimeAsync(900);
    expect(vs.progress).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(vs.progress).toMatchObject([{ title: 'Asking cluster how run a is', cancellable: true }]);
    vs.progress[0]?.cancel();
    await looking;
    expect(signal?.aborted).toBe(true);
  });

  it('says what went wrong where nobody gave it up', async () => {
    const lookNow = (): Promise<void> => Promise.reject(new Error('nobody there'));
    await expect(lookAtRun({ runs: { ...none, follower: { lookNow } } } as unknown as Parameters<typeof lookAtRun>[0], running())).rejects.toThrow('nobody there');
  });

  it('cannot be taken back where it is an end', async () => {
    vi.useFakeTimers();
    person.presses.push('Stop Run');
    let stopped = (): void => undefined;
    const stop = (): Promise<void> => new Promise((resolve) => { stopped = resolve; });
    const stopping = stopRun({ runs: { ...none, follower: { stop } } } as unknown as Parameters<typeof stopRun>[0], running());
    await vi.advanceTimersByTimeAsync(1100);
    expect(vs.progress).toMatchObject([{ title: 'Asking cluster to stop run a', cancellable: false }]);
    stopped();
    await stopping;
  });
});

describe('the choice of runs to compare', () => {
  const runs = Array.from({ length: 9 }, (_, i) => running({ id: `r${String(i)}`, title: `run ${String(i)}` }));

  it('stays open, with what was picked, where that is too many or too few', async () => {
    const choosing = chooseRuns(runs, 'Compare runs');
    const [list] = vs.lists as [List];
    list.select(1);
    expect(list.title).toBe('Compare runs');
    list.tell('accept');
    expect(list.title).toBe('Compare runs: choose two or more');
    list.select(7);
    expect(list.title).toBe('Compare runs: 7 are chosen, at most 6 can be compared');
    list.tell('accept');
    expect([list.disposed, list.selectedItems.length]).toEqual([false, 7]);
    list.select(6);
    expect(list.title).toBe('Compare runs');
    list.tell('accept');
    expect((await choosing)?.map(({ id }) => id)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
    expect(list.disposed).toBe(true);
  });

  it('is none where it is left, or where there are too few', async () => {
    const choosing = chooseRuns(runs, 'Compare runs');
    vs.lists[0]?.tell('hide');
    expect(await choosing).toBeUndefined();
    expect(await chooseRuns(runs.slice(0, 1), 'Compare runs')).toBeUndefined();
    expect(person.heard[0]).toMatch(/^Two runs are needed/);
  });
});
