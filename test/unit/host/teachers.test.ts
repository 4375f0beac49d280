import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type * as vscode from 'vscode';
import { ApiKeys } from '../../../src/host/apiKeys';
import { ConfiguredJudges } from '../../../src/host/configuredJudges';
import { InstructionFiles } from '../../../src/host/instructions';
import { Judges } from '../../../src/host/judges';
import { Rubrics } from '../../../src/host/rubrics';
import { SendConsent } from '../../../src/host/sendConsent';
import { Teachers, type ReadyTeacher } from '../../../src/host/teachers';
import type { Crafting } from '../../../src/session/craftingInWords';
import { readCraftRequest } from '../../harness/scriptedTeacher';
import { placed, SHED, teacher as startTeacher } from '../craft/teachers';
import { ENOUGH, errorOf } from '../model/chats';
import { events, extensionContext, memento, Uri, window, workspace, world } from '../vscode/standIn';

/** A folder that is the workspace's, read and written as VS Code does. */
let folder = '';
const reads: string[] = [];
const document = Uri.file('/somewhere/trace.cot') as unknown as vscode.Uri;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cotlens-teachers-'));
  world.storage = folder;
  world.configuration.clear();
  reads.length = 0;
  Object.assign(workspace, {
    fs: {
      readDirectory: (uri: Uri) => Promise.resolve().then(() => readdirSync(uri.path).map((name) => [name, 1])),
      readFile: (uri: Uri) => Promise.resolve().then(() => {
        reads.push(uri.path);
        return new Uint8Array(readFileSync(uri.path));
      }),
      writeFile: (uri: Uri, bytes: Uint8Array) => Promise.resolve().then(() => {
        mkdirSync(path.dirname(uri.path), { recursive: true });
        writeFileSync(uri.path, bytes);
      }),
    },
  });
});

afterEach(() => {
  world.trusted = true;
  world.storage = '';
  rmSync(folder, { recursive: true });
});

function writeInstructions(name: string, text: string | Uint8Array): void {
  mkdirSync(path.join(folder, '.cotlens/instructions'), { recursive: true });
  writeFileSync(path.join(folder, '.cotlens/instructions', name), text);
}

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function parts(settings: Readonly<Record<string, unknown>>): { configured: ConfiguredJudges; teachers: Teachers; files: InstructionFiles } {
  for (const [name, value] of Object.entries(settings)) world.configuration.set(`cotLens.${name}`, value);
  const context = extensionContext(folder) as unknown as vscode.ExtensionContext;
  const configured = new ConfiguredJudges(log);
  const keys = new ApiKeys(context.secrets);
  const judges = new Judges(configured, keys, new Rubrics(), context.globalState);
  const files = new InstructionFiles();
  const teachers = new Teachers(configured, judges, files);
  onTestFinished(() => {
    for (const part of [teachers, judges, keys, configured]) part.dispose();
  });
  return { configured, teachers, files };
}

async function withServer(): Promise<{ url: string; asked: Awaited<ReturnType<typeof startTeacher>>; settings: Record<string, unknown> }> {
  const asked = await startTeacher();
  const { url } = asked.server;
  return { url, asked, settings: { judges: [{ name: 'my writer', baseUrl: url, model: 'scripted', price: { input: 1, output: 2 } }], teacher: 'my writer', guard: 'my writer' } };
}

async function ready(teachers: Teachers): Promise<ReadyTeacher> {
  const found = await teachers.teacher(document);
  if (found === undefined) throw new Error('There is no teacher.');
  return found;
}

describe('the teacher and the guard of the settings', () => {
  it('are none where none is set', async () => {
    for (const settings of [{}, { teacher: '', guard: '' }, { teacher: '  ', guard: 7 }]) {
      const { teachers } = parts(settings);
      expect([await teachers.teacher(document), await teachers.guard(document)]).toEqual([undefined, undefined]);
    }
  });

  it('say in words where the setting names none that can be used', async () => {
    const { teachers } = parts({ teacher: 'gone', guard: 'bad', judges: [{ name: 'bad' }] });
    await expect(teachers.teacher(document)).rejects.toThrow(/cotLens\.teacher names “gone”.*“Choose Teacher…”/);
    await expect(teachers.guard(document)).rejects.toThrow(/The guard “bad” cannot be used: needs baseUrl and model.*“Choose Guard…”/);
  });

  it('write and check over the wire, with name, place and price known before', async () => {
    const { asked, settings } = await withServer();
    const { teachers } = parts(settings);
    const teacher = await ready(teachers);
    expect(teacher).toMatchObject({ name: 'my writer', destination: { local: true, model: 'scripted' }, price: { input: 1, output: 2 } });
    const request = placed('temptation-correction');
    const sending = teacher.estimate(request);
    expect(asked.server.requests).toHaveLength(0);
    const { texts, usage, instructions } = await teacher.write(request, ENOUGH, () => undefined);
    expect(instructions).toBe(teacher.instructionsFor(request.recipe, request.target.slots).version);
    // The estimate is about what the server counts.
    expect(sending.requests).toBe(1);
    expect(Math.abs((usage?.input ?? 0) - sending.inputTokens)).toBeLessThan(20);
    const guard = await teachers.guard(document);
    expect((await guard?.check(texts, SHED, ENOUGH))?.verdict).toBe('no');
    expect((await teacher.suggest(SHED, request.recipe, ENOUGH)).map(({ boundary }) => boundary)).toEqual([2, 1]);
    expect(teacher.estimateSuggest(SHED, request.recipe).inputTokens).toBeGreaterThan(100);
    expect(teacher.estimatePolish(SHED, [])).toBeUndefined();
    await expect(teacher.polish(SHED, [], ENOUGH)).rejects.toThrow(/nothing to polish/);
    expect((await teacher.polish(SHED, [1], ENOUGH)).changes.map(({ step }) => step)).toEqual([0, 2]);
  });

  it('tell when another may be set', () => {
    const { teachers } = parts({});
    let told = 0;
    teachers.onDidChange(() => told++);
    events.configuration.fire({ affectsConfiguration: (name: string) => name === 'cotLens.guard' });
    events.configuration.fire({ affectsConfiguration: (name: string) => name === 'cotLens.lane' });
    expect(told).toBe(1);
  });
});

describe('instructions of the workspace', () => {
  const OWN = 'Write the pair as a short poem.';
  const request = placed('temptation-correction');

  it('take the place of ours in a trusted workspace, and are read anew each time', async () => {
    const { asked, settings } = await withServer();
    const { teachers } = parts(settings);
    writeInstructions('temptation-correction.md', `\uFEFF${OWN}\r\n`);
    const teacher = await ready(teachers);
    const { instructions } = await teacher.write(request, ENOUGH, () => undefined);
    const { system } = readCraftRequest(asked.server.completions[0]?.json.messages ?? []);
    expect(system).toContain(OWN);
    expect(system).toMatch(/Nothing that you write holds operational detail/);
    expect(system).not.toContain('Write a Temptation-Correction pair');
    writeInstructions('temptation-correction.md', 'Another.');
    expect((await ready(teachers)).instructionsFor(request.recipe, request.target.slots).version).not.toBe(instructions);
  });

  it('are not even read in a workspace that is not trusted', async () => {
    const { settings } = await withServer();
    const { teachers, files } = parts(settings);
    writeInstructions('temptation-correction.md', OWN);
    world.trusted = false;
    const { text } = (await ready(teachers)).instructionsFor(request.recipe, request.target.slots);
    expect(text).toMatch(/^Write a Temptation-Correction pair/);
    expect(reads).toEqual([]);
    // They are listed, so that somebody can be told that they are not used.
    expect(await files.found(document)).toHaveLength(1);
  });

  it.each([
    ['empty', ' \n', /are empty/],
    ['too long', 'x'.repeat(100_001), /longer than 100 kB/],
  ])('that are %s are a fault, when they are to be used and not before', async (_name, text, says) => {
    const { asked, settings } = await withServer();
    const { teachers } = parts(settings);
    writeInstructions('temptation-correction.md', text);
    const teacher = await ready(teachers);
    expect(() => teacher.instructionsFor(request.recipe, request.target.slots)).toThrow(says);
    await expect(teacher.write(request, ENOUGH, () => undefined)).rejects.toThrow(/delete the file|right file/);
    const other = placed('recompose-step');
    expect(teacher.instructionsFor(other.recipe, other.target.slots).text).toMatch(/^Write a step of reasoning anew/);
    expect(asked.server.requests).toHaveLength(0);
  });

  it('are begun as a copy, and what is there is never written over', async () => {
    const { files } = parts({});
    const made = await files.create('polish', 'Ours.\n', document);
    expect(made?.isNew).toBe(true);
    writeInstructions('polish.md', 'Mine.');
    expect((await files.create('polish', 'Ours.\n', document))?.isNew).toBe(false);
    expect((await files.read(document))('polish')).toBe('Mine.');
    expect((await files.read(document))('suggest')).toBeUndefined();
  });
});

describe('what may be sent', () => {
  it('nothing from a workspace that is not trusted, whoever asks', async () => {
    const { asked, settings } = await withServer();
    const { teachers } = parts(settings);
    world.trusted = false;
    const teacher = await ready(teachers);
    const guard = await teachers.guard(document);
    const { recipe } = placed('temptation-correction');
    for (const ask of [
      teacher.write(placed('temptation-correction'), ENOUGH, () => undefined),
      teacher.polish(SHED, [1], ENOUGH),
      teacher.suggest(SHED, recipe, ENOUGH),
      guard?.check(['x'], SHED, ENOUGH) ?? Promise.reject(new Error('There is no guard.')),
    ]) {
      expect(await errorOf(ask)).toMatchObject({ code: 'not-allowed' });
    }
    expect(asked.server.requests).toHaveLength(0);
  });

  const SENDING = { requests: 1, inputTokens: 1200, repeatedTokens: 0, outputTokens: 320 };
  const far = { name: 'far', destination: { origin: 'https://models.example', model: 'm', local: false }, price: { input: 10, output: 20 } };

  function consenting(answer: string | undefined, askAboveTokens = 50_000): { consent: SendConsent; asked: { question: string; detail: string; act: string }[]; warned: string[] } {
    const asked: { question: string; detail: string; act: string }[] = [];
    const warned: string[] = [];
    Object.assign(window, {
      showInformationMessage: (question: string, { detail }: { detail: string }, act: string) => {
        asked.push({ question, detail, act });
        return Promise.resolve(answer === 'yes' ? act : undefined);
      },
      showWarningMessage: (text: string) => {
        warned.push(text);
        return Promise.resolve();
      },
    });
    return { consent: new SendConsent({ askAboveTokens } as ConfiguredJudges, memento() as never), asked, warned };
  }

  it.each<[Crafting, RegExp, string]>([
    ['write', /^Write with far\? Text of this trace goes to models\.example\.$/, 'Write'],
    ['polish', /^Polish the seam with far\?/, 'Polish'],
    ['suggest', /^Ask for insertion points from far\?/, 'Ask'],
    ['check', /^Check what was written with far\?/, 'Check'],
  ])('is asked about once for each place: %s', async (doing, question, act) => {
    const { consent, asked } = consenting('yes');
    expect(await consent.askToCraft(far, doing, SENDING)).toBe(true);
    expect(asked[0]).toMatchObject({ act, question: expect.stringMatching(question) as string });
    expect(asked[0]?.detail).toMatch(/1 request, about 1,200 input tokens, about 320 output tokens, about \$0\.02/);
    expect(await consent.askToCraft(far, 'write', SENDING)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('is not sent where the person declines, and is asked about each time above the tokens that are set', async () => {
    const declined = consenting(undefined);
    expect(await declined.consent.askToCraft(far, 'write', SENDING)).toBe(false);
    const { consent, asked } = consenting('yes', 1000);
    for (let i = 0; i < 2; i++) expect(await consent.askToCraft(far, 'write', SENDING)).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('on this machine is not asked about; in a workspace that is not trusted it is refused there too', async () => {
    const here = { ...far, destination: { origin: 'http://127.0.0.1:1', model: 'm', local: true } };
    const { consent, asked, warned } = consenting(undefined);
    expect(await consent.askToCraft(here, 'write', SENDING)).toBe(true);
    world.trusted = false;
    expect(await consent.askToCraft(here, 'check', SENDING)).toBe(false);
    expect(asked).toEqual([]);
    expect(warned[0]).toMatch(/Checking with far would send text of this workspace to 127\.0\.0\.1:1 on this machine, and the workspace is not trusted/);
  });
});
