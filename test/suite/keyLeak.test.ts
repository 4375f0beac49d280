import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { echoesKey, faults, httpError, rateLimited, redirected, type Fault, type ModelServer } from '../harness/modelServer';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll, folder, openText } from './documents';
import { judgeAt, score, setKey, startJudgeServer, withJudge } from './judging';
import { saidDuring } from './messages';
import { recordsOnDisk, textOf, type Parts } from './scoreFiles';

/** Made up here, so that a hit can be nothing else. */
const KEY = `sk-${'Zq7'.repeat(9)}-leak-test`;
/** As it looks in a URL, in JSON inside JSON, and in base64, which holds it in one of three shapes. */
const SHAPES = [KEY, encodeURIComponent(KEY), ...[0, 1, 2].map((shift) => base64Inside(KEY, shift))];

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['One =1', 'Two =2', 'Three =4'], answer: 'No. =1' };

/** What is in base64 of any text that holds the key at a place whose remainder by three is `shift`: the letters it decides alone. */
function base64Inside(key: string, shift: number): string {
  const encoded = Buffer.from(`${'x'.repeat(shift)}${key}`).toString('base64').replace(/=+$/, '');
  return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + key.length) * 8) / 6));
}

const holdsKey = (text: string): boolean => SHAPES.some((shape) => text.includes(shape));

/** Every file below a folder that holds the key. */
function filesWithKey(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || statSync(file).size > 100_000_000) return [];
    return holdsKey(readFileSync(file, 'latin1')) ? [file] : [];
  });
}

/** How the server misbehaves, each with the key set. */
const misbehaviours: Readonly<Record<string, Fault | undefined>> = {
  nothing: undefined,
  'echoes the key with 400': echoesKey(400),
  'echoes the key with 401': echoesKey(401),
  'echoes the key with 403': echoesKey(403),
  'echoes the key with 404': echoesKey(404),
  'echoes the key with 413': echoesKey(413),
  'echoes the key with 500': echoesKey(500),
  'echoes the key as a verdict': {
    kind: 'reply',
    reply: JSON.stringify({ step: 1, reason: `You sent ${KEY}`, harmfulness: 1, helpfulness: 1 }),
  },
  'echoes the key as no JSON': { kind: 'reply', reply: `Your key is ${KEY}` },
  'echoes the key as a refusal': { kind: 'reply', reply: { content: null, refusal: `Not with ${KEY}` } },
  'echoes the key as a model': { kind: 'reply', reply: { content: JSON.stringify({ step: 1, reason: '', harmfulness: 1, helpfulness: 1 }), model: KEY } },
  'echoes the key as a page': { kind: 'http', status: 200, body: `<h1>${KEY}</h1>` },
  'echoes the key in the place of a setting': httpError(400, { message: `seed ${KEY}`, param: KEY, code: KEY }),
  'is rate limited': rateLimited({ seconds: 3600 }),
  'cuts the connection': faults.cutMidway,
  'is no such API': faults.otherApi,
};

describe('an API key', () => {
  afterEach(closeAll);

  it('is where it belongs alone: no file, log, message or other origin ever has it', async function () {
    this.timeout(120_000);
    const server = await startJudgeServer({ requireKey: KEY });
    const other = await startJudgeServer();
    const shown: (Dialog | { readonly text: string })[] = [];
    const run = async (): Promise<void> => {
      const said = await saidDuring(async () => {
        shown.push(...(await dialogsDuring(score)));
      });
      shown.push(...said);
    };
    try {
      await withJudge(judgeAt(server.url, { seed: 1 }), async () => {
        await setKey(server.origin, KEY);
        for (const [name, fault] of [...Object.entries(misbehaviours), ['points elsewhere', redirected(other.origin)] as const]) {
          const { document } = await openText(`leak ${name}`, textOf(PARTS));
          if (fault !== undefined) server.fault(fault, { times: Infinity });
          await run();
          // The test would prove nothing if the key had not been sent.
          assert.ok(sentTo(server), name);
          if (fault === undefined) assert.equal(recordsOnDisk(document.uri).length, 4);
          server.reset();
        }
      });
      // Another judge, at an origin without a key, gets none.
      await withJudge(judgeAt(other.url, { name: 'other' }), async () => {
        await openText('leak other', textOf(PARTS));
        await run();
        assert.ok(other.completions.length > 0);
      });
      assert.ok(!holdsKey(JSON.stringify(other.requests)), 'no request to another origin has it');
      assert.ok(shown.length >= Object.keys(misbehaviours).length - 1, 'each fault was told');
      for (const one of shown) assert.ok(!holdsKey(JSON.stringify(one)), one.text.replaceAll(KEY, '[THE KEY]'));
      const places = [folder('traces').fsPath, folder('samples').fsPath, userData()];
      assert.deepEqual(places.flatMap(filesWithKey), []);
      const log = readdirSync(userData(), { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('CoT Lens.log'));
      assert.ok(log, 'the output channel is among what was searched');
      assert.match(readFileSync(path.join(userData(), log), 'utf8'), /unauthorized/);
      assert.ok(!holdsKey(JSON.stringify(vscode.workspace.getConfiguration('cotLens'))));
    } finally {
      await setKey(server.origin, 'forgotten');
      await server.stop();
      await other.stop();
    }
  });
});

function sentTo(server: ModelServer): boolean {
  return server.completions.some(({ headers }) => headers['authorization'] === `Bearer ${KEY}`);
}

/** Where VS Code keeps settings, states, logs and the storage of extensions. */
function userData(): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first);
  return path.join(path.dirname(first.uri.fsPath), 'user');
}
