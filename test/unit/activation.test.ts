import type * as nodeFs from 'node:fs';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type * as vscode from 'vscode';
import manifest from '../../package.json';
import { activate, deactivate } from '../../src/extension';
import { temporaryFolder } from './session/scoring';
import * as standIn from './vscode/standIn';
import { events, live, world } from './vscode/standIn';

/** Folder watches that are open: they keep no process alive, so nothing else would show that one was forgotten. */
const watches = vi.hoisted(() => new Set<object>());
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof nodeFs>();
  return {
    ...fs,
    watch: (...args: Parameters<typeof fs.watch>) => {
      const watch = fs.watch(...args);
      watches.add(watch);
      watch.on('close', () => watches.delete(watch));
      return watch;
    },
  };
});

const TEXT = '---\nintent: harmful\n---\nQ\n\n<think>\nI should not help.\n\nMaybe it is fine.\n\nNo, I will not.\n</think>\n\nNo.\n';

/** A `.cot` document, shown in an editor. */
function show(folder: string, text = TEXT): void {
  const document = {
    uri: standIn.Uri.file(path.posix.join(folder, 'a.cot')),
    languageId: 'cot',
    version: 1,
    isClosed: false,
    getText: () => text,
    offsetAt: () => text.indexOf('Maybe'),
    positionAt: () => new standIn.Position(0, 0),
  };
  world.documents = [document];
  world.editors = [{ document, viewColumn: 1, selection: { active: new standIn.Position(0, 0) }, setDecorations: () => undefined }];
}

function start(folder: string): { subscriptions: { dispose(): unknown }[]; result: unknown } {
  const context = standIn.extensionContext(folder);
  const result: unknown = activate(context as unknown as vscode.ExtensionContext);
  return { subscriptions: context.subscriptions, result };
}

/** As VS Code does it when it switches an extension off: `deactivate`, then everything in the order it was added. */
function stop(subscriptions: readonly { dispose(): unknown }[]): void {
  deactivate();
  for (const one of subscriptions) one.dispose();
}

const run = (command: string): Promise<void> => {
  const found = [...live].find(([, what]) => what === `command ${command}`)?.[0] as { run: () => Promise<void> } | undefined;
  if (found === undefined) throw new Error(`no command ${command}`);
  return found.run();
};

describe('activation', () => {
  beforeEach(() => {
    world.documents = [];
    world.editors = [];
    world.context.clear();
    world.configuration.clear();
    world.configuration.set('editor.wordWrap', 'bounded');
    world.storage = '';
    live.clear();
  });

  it('is synchronous: nothing is awaited, everything is registered when it returns', async () => {
    const folder = await temporaryFolder();
    const { result, subscriptions } = start(folder);
    const atOnce = [...live.values()].sort();
    expect(result).toBeUndefined();
    expect(activate.constructor.name).toBe('Function');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([...live.values()].sort()).toEqual(atOnce);
    for (const kind of ['CodeLens provider', 'outline provider', 'folding provider', 'diagnostics cotLens', 'file system cotlens-row']) {
      expect(atOnce.filter((what) => what === kind)).toHaveLength(1);
    }
    // One for steps, one for what is known of a row.
    expect(atOnce.filter((what) => what === 'hover provider')).toHaveLength(2);
    stop(subscriptions);
  });

  it('registers exactly the commands of the manifest', async () => {
    const { subscriptions } = start(await temporaryFolder());
    const registered = [...live.values()].filter((what) => what.startsWith('command ')).map((what) => what.slice(8));
    // What has a key and no place in the palette: the keys of scoring by hand.
    const named = new Set([...manifest.contributes.commands, ...manifest.contributes.keybindings].map(({ command }) => command));
    expect(registered.sort()).toEqual([...named].sort());
    stop(subscriptions);
  });

  it('touches no file when no trace is open', async () => {
    const folder = await temporaryFolder();
    const { subscriptions } = start(folder);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(existsSync(path.join(folder, 'storage'))).toBe(false);
    expect(watches.size).toBe(0);
    stop(subscriptions);
  });

  it('leaves nothing behind when it is disposed at once', async () => {
    const { subscriptions } = start(await temporaryFolder());
    expect(live.size).toBeGreaterThan(20);
    stop(subscriptions);
    expect([...live.values()]).toEqual([]);
  });

  it('leaves nothing behind after a trace was opened, scored, painted, edited and closed', async () => {
    const folder = await temporaryFolder();
    world.storage = folder;
    show(folder);
    await mkdir(path.join(folder, '.cotlens/scores'), { recursive: true });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { subscriptions } = start(folder);
    expect(world.context.get('cotLens.activeTrace')).toBe(true);
    await run('cotLens.score');
    await vi.waitFor(() => {
      expect(readdirSync(path.join(folder, '.cotlens/scores'))).toHaveLength(1);
      expect([...live.values()]).toContain('decoration type');
      expect(watches.size).toBe(1);
    });
    show(folder, TEXT.replace('fine', 'harmless'));
    const [document] = world.documents;
    events.changed.fire({ document: Object.assign(document as object, { version: 2 }), contentChanges: [] });
    events.selection.fire(undefined);
    events.theme.fire(undefined);
    events.configuration.fire({ affectsConfiguration: () => true });
    events.closed.fire(document);
    events.opened.fire(document);
    stop(subscriptions);
    expect([...live.values()]).toEqual([]);
    await vi.waitFor(() => {
      expect(watches.size).toBe(0);
    });
    expect(world.context.get('cotLens.activeTrace')).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be switched off in the middle of a run: the run stops, and nothing is left', async () => {
    const folder = await temporaryFolder();
    world.storage = folder;
    show(folder, `<think>\n${'I should not help with that.\n\n'.repeat(20_000)}</think>\nNo.`);
    const { subscriptions } = start(folder);
    const running = run('cotLens.score');
    await vi.waitFor(() => {
      expect(existsSync(path.join(folder, '.cotlens/scores'))).toBe(true);
    });
    stop(subscriptions);
    await running;
    expect([...live.values()]).toEqual([]);
    await vi.waitFor(() => {
      expect(watches.size).toBe(0);
    });
  });

  it('can be done again after it was undone', async () => {
    const folder = await temporaryFolder();
    const first = start(folder);
    const names = [...live.values()].sort();
    stop(first.subscriptions);
    const second = start(folder);
    expect([...live.values()].sort()).toEqual(names);
    stop(second.subscriptions);
    expect([...live.values()]).toEqual([]);
  });
});
