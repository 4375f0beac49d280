import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { faults, httpError, rateLimited, redirected, type Fault, type ModelServer } from '../harness/modelServer';
import { answering, entry } from './answers';
import { dialogsDuring, typing } from './dialogs';
import { closeAll, folder, open, openText, openUntitled, replace, writeTrace } from './documents';
import { eventually } from './eventually';
import { elsewhere, judgeAt, NAME, score, setKey, SNAPSHOT, startJudgeServer, withJudge, withUserSettings } from './judging';
import { saidDuring } from './messages';
import { runAndPick } from './quickPick';
import { recordsOnDisk, textOf, type Parts } from './scoreFiles';
import { withSettings } from './setting';
import { lens } from './shown';

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['One =1', 'Two =2', 'Three =4', 'Four =2', 'Five =1'], answer: 'No. =1' };
const ALL = 6;

const title = async (uri: vscode.Uri): Promise<string> => (await lens(uri)).title;
const scores = (uri: vscode.Uri): (number | null)[] => recordsOnDisk(uri).map(({ harmfulness }) => harmfulness);

describe('scoring with a language model', () => {
  let server: ModelServer;
  before(async () => {
    server = await startJudgeServer();
  });
  beforeEach(() => {
    server.reset();
  });
  afterEach(closeAll);
  after(() => server.stop());

  it('is offered in the CodeLens by the judge’s name', async () => {
    const { document } = await openText('named', textOf(PARTS));
    await withJudge(judgeAt(server.url), async () => {
      await eventually(async () => {
        assert.equal(await title(document.uri), `$(pulse) Score 5 steps · ${NAME}`);
      });
    });
    await eventually(async () => {
      assert.equal(await title(document.uri), '$(pulse) Score 5 steps · offline heuristic');
    });
  });

  it('puts each verdict on disk, with the model that the server named', async () => {
    const { document } = await openText('model', textOf(PARTS));
    await withJudge(judgeAt(server.url, { temperature: 0, seed: 7 }), async () => {
      const said = await dialogsDuring(score);
      assert.deepEqual(said, [], 'a model on this machine is not asked about');
    });
    assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
    for (const { judge, reason } of recordsOnDisk(document.uri)) {
      assert.equal(judge.label, NAME);
      assert.equal(judge.model, SNAPSHOT);
      assert.equal(judge.protocol, 'prefix');
      assert.equal(judge.earnsNames, true);
      assert.deepEqual(judge.sampling, { samples: 1, temperature: 0, seed: 7 });
      assert.match(reason, /^scripted for/);
    }
    assert.equal(server.completions.length, ALL);
    assert.equal(await title(document.uri), `▁▃▆▃▁ peak · harmfulness 4 at step 3 · ${NAME}, prefix`);
  });

  it('asks only for what changed, also when the server’s model is known from before', async () => {
    const editor = await openText('changed', textOf(PARTS));
    await withJudge(judgeAt(server.url), async () => {
      await score();
      await score();
      assert.equal(server.completions.length, ALL);
      await replace(editor, 'Four =2', 'Four, again =3');
      await score();
      assert.equal(server.completions.length, ALL + 3);
      assert.deepEqual(scores(editor.document.uri).slice(ALL), [3, 1, 1]);
    });
  });

  it('with the whole-trace protocol takes one request, and is another curve', async () => {
    const { document } = await openText('whole', textOf(PARTS));
    await withJudge(judgeAt(server.url, { protocol: 'whole-trace' }), async () => {
      await score();
      assert.equal(server.completions.length, 1);
      assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
      assert.match(await title(document.uri), /scripted judge, whole-trace \(sees later steps\)$/);
    });
  });

  it('says what the run took', async () => {
    await openText('tokens', textOf(PARTS));
    await withJudge(judgeAt(server.url, { price: { input: 2, cachedInput: 1, output: 8 } }), async () => {
      const said = await saidDuring(score);
      assert.match(said.at(-1)?.text ?? '', /^6 verdicts kept\. [\d,]+ input tokens \([\d,]+ cached\), \d+ output tokens, \$0\.\d+$/);
    });
  });

  const stops: readonly { name: string; fault: Fault; kept: number; buttons: string[]; message: RegExp }[] = [
    { name: 'no key', fault: faults.unauthorized, kept: 2, buttons: ['Set API Key…', 'Choose Judge…'], message: /wants an API key/ },
    { name: 'no such model', fault: faults.noModel, kept: 2, buttons: ['Choose Judge…', 'Open Settings'], message: /has no model/ },
    { name: 'too long', fault: faults.contextOverflow, kept: 2, buttons: ['Set Context Size…', 'Choose Judge…'], message: /longer than/ },
    { name: '413', fault: faults.tooLarge, kept: 2, buttons: ['Set Context Size…', 'Choose Judge…'], message: /longer than/ },
    { name: '429 for long', fault: rateLimited({ seconds: 3600 }), kept: 2, buttons: ['Score Again', 'Open Settings'], message: /60 minutes/ },
    { name: '500', fault: faults.serverError, kept: 2, buttons: ['Score Again', 'Choose Judge…'], message: /failed on the request/ },
    { name: 'a cut', fault: faults.cutMidway, kept: 2, buttons: ['Score Again', 'Choose Judge…'], message: /was cut/ },
    { name: 'a bad request', fault: httpError(400, { message: 'no' }), kept: 2, buttons: ['What Was Sent', 'Open Settings'], message: /did not take/ },
    { name: 'another origin', fault: redirected('http://127.0.0.2:1'), kept: 2, buttons: ['Open Settings', 'Choose Judge…'], message: /points to/ },
    { name: 'no such API', fault: faults.otherApi, kept: 2, buttons: ['What Was Sent', 'Choose Judge…'], message: /is no reply of/ },
  ];
  for (const { name, fault, kept, buttons, message } of stops) {
    it(`that ends early (${name}) says why, keeps what came, and offers what helps`, async () => {
      const { document } = await openText('stops', textOf(PARTS));
      server.fault(fault, { after: 2, times: Infinity });
      await withJudge(judgeAt(server.url), async () => {
        const [dialog, ...others] = await dialogsDuring(score);
        assert.deepEqual(others, []);
        assert.equal(dialog?.how, 'error');
        assert.match(dialog.text, message);
        assert.match(dialog.text, new RegExp(` ${kept} verdicts kept\\.$`));
        assert.deepEqual(dialog.buttons, buttons);
        assert.deepEqual(scores(document.uri), [1, 2].slice(0, kept));
        server.reset();
        await score();
        assert.equal(server.completions.length, ALL - kept, 'the next run asks for the rest alone');
        assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
      });
    });
  }

  it('goes on after “Score Again”', async () => {
    const { document } = await openText('again', textOf(PARTS));
    server.fault(faults.cutMidway, { after: 2 });
    await withJudge(judgeAt(server.url), async () => {
      await dialogsDuring(
        async () => {
          await score();
          await eventually(() => {
            assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
          });
        },
        ({ buttons }) => buttons.find((button) => button === 'Score Again'),
      );
    });
  });

  it('sets the key that is missing and goes on', async () => {
    const guarded = await startJudgeServer({ requireKey: 'a-key-for-this-test' });
    const { document } = await openText('key', textOf(PARTS));
    try {
      await withJudge(judgeAt(guarded.url), async () => {
        const boxes = await typing(['a-key-for-this-test'], () =>
          dialogsDuring(
            async () => {
              await score();
              await eventually(() => {
                assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
              });
            },
            ({ buttons }) => buttons.find((button) => button === 'Set API Key…'),
          ),
        );
        assert.equal(boxes.length, 1);
        assert.equal(boxes[0]?.password, true);
        assert.ok(boxes[0]?.prompt?.includes(`sent to ${guarded.origin} and nowhere else`));
      });
    } finally {
      await guarded.stop();
    }
  });

  it('keeps what a judge declines as not scored, and asks for it again only when told to', async () => {
    const { document } = await openText('declined', textOf(PARTS));
    server.fault(faults.refusal, { after: 2 });
    await withJudge(judgeAt(server.url), async () => {
      const [dialog] = await dialogsDuring(score);
      assert.match(dialog?.text ?? '', /declined to score step 3, .*It is kept as not scored.* 6 verdicts kept\.$/);
      assert.deepEqual(dialog?.buttons, ['Ask Again', 'What Was Sent', 'Choose Judge…']);
      assert.deepEqual(scores(document.uri), [1, 2, null, 2, 1, 1]);
      const asked = server.completions.length;
      await score();
      assert.equal(server.completions.length, asked, 'by itself it is not asked for again');
      await closeAll();
    });
  });

  it('asks again for what was declined when the button is pressed', async () => {
    const { document } = await openText('ask-again', textOf(PARTS));
    server.fault(faults.filtered, { after: 2 });
    await withJudge(judgeAt(server.url), async () => {
      await dialogsDuring(
        async () => {
          await score();
          await eventually(() => {
            assert.deepEqual(scores(document.uri), [1, 2, null, 2, 1, 1, 4]);
          });
        },
        ({ buttons }) => buttons.find((button) => button === 'Ask Again'),
      );
    });
  });

  it('leaves a step out whose replies hold no verdict, and says which', async () => {
    const { document } = await openText('faulty', textOf(PARTS));
    server.fault({ kind: 'reply', reply: 'I think it is fine.' }, { after: 2, times: 2 });
    await withJudge(judgeAt(server.url), async () => {
      const [dialog] = await dialogsDuring(score);
      assert.equal(dialog?.how, 'warning');
      assert.match(dialog.text, /Step 3 got no verdict/);
      assert.match(dialog.text, / 5 verdicts kept\.$/);
      assert.deepEqual(dialog.buttons, ['Score Again', 'What Was Sent', 'Choose Judge…']);
      assert.deepEqual(scores(document.uri), [1, 2, 2, 1, 1]);
    });
  });

  it('stops on command and goes on from there', async () => {
    const slow = await startJudgeServer({ latency: 150 });
    try {
      const { document } = await openText('stopped', textOf(PARTS));
      await withJudge(judgeAt(slow.url), async () => {
        const running = score();
        await eventually(() => {
          assert.ok(scores(document.uri).length >= 2);
        });
        await vscode.commands.executeCommand('cotLens.stopScoring');
        const said = await dialogsDuring(() => running);
        assert.deepEqual(said, []);
        const some = scores(document.uri).length;
        assert.ok(some < ALL);
        await score();
        assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
      });
    } finally {
      await slow.stop();
    }
  });

  it('asked for while it is under way says so, and asks for nothing twice', async () => {
    const slow = await startJudgeServer({ latency: 150 });
    try {
      await openText('twice-at-once', textOf(PARTS));
      await withJudge(judgeAt(slow.url), async () => {
        const running = score();
        await eventually(() => {
          assert.ok(slow.completions.length > 0);
        });
        const said = await saidDuring(score);
        assert.match(said[0]?.text ?? '', /being scored already; “Stop Scoring” ends that run/);
        await running;
        assert.equal(slow.completions.length, ALL);
      });
    } finally {
      await slow.stop();
    }
  });

  it('asks for the context’s size where a trace is too long, and goes on with it', async () => {
    const { document } = await openText('too-long', textOf(PARTS));
    server.fault(faults.contextOverflow, { after: 2 });
    await withJudge(judgeAt(server.url), async () => {
      await answering(['4096'], () =>
        dialogsDuring(
          async () => {
            await score();
            await eventually(() => {
              assert.equal(recordsOnDisk(document.uri).length, 2 + ALL);
            });
          },
          ({ buttons }) => buttons.find((button) => button === 'Set Context Size…'),
        ),
      );
      const [judge] = vscode.workspace.getConfiguration('cotLens').get<Record<string, unknown>[]>('judges') ?? [];
      assert.equal(judge?.['contextTokens'], 4096);
      // The size is part of what the judge is: its scores are another curve, whole.
      assert.deepEqual(recordsOnDisk(document.uri).map((record) => record.judge.sampling?.['contextTokens']), [undefined, undefined, ...Array<number>(ALL).fill(4096)]);
    });
  });

  it('says what a hostile server says as text, never as a link that runs a command', async () => {
    await openText('hostile-server', textOf(PARTS));
    server.fault(httpError(400, { message: 'no, [mend it](command:workbench.action.quit)' }));
    await withJudge(judgeAt(server.url), async () => {
      const [dialog] = await dialogsDuring(score);
      assert.match(dialog?.text ?? '', /mend it/);
      assert.doesNotMatch(dialog?.text ?? '', /\]\(/);
    });
  });

  it('that the settings do not have says so, and offers to choose', async () => {
    await openText('missing', textOf(PARTS));
    await withUserSettings({ 'cotLens.judge': 'nobody' }, async () => {
      const [dialog] = await dialogsDuring(score);
      assert.match(dialog?.text ?? '', /names “nobody”, and cotLens\.judges has no judge of this name/);
      assert.deepEqual(dialog?.buttons, ['Choose Judge…', 'Open Settings']);
    });
    await withJudge(judgeAt(server.url, { temperature: 9 }), async () => {
      const [dialog] = await dialogsDuring(score);
      assert.match(dialog?.text ?? '', /cannot be used: temperature must be a number from 0 to 2\. Mend it/);
    });
    assert.equal(server.requests.length, 0);
  });
});

describe('sending traces to another machine', () => {
  let server: ModelServer;
  before(async () => {
    server = await startJudgeServer();
  });
  beforeEach(() => {
    server.reset();
  });
  afterEach(closeAll);
  after(() => server.stop());

  it('is asked about before anything is sent, with destination, tokens and cost; declined, nothing is', async () => {
    await openText('declines', textOf(PARTS));
    await withJudge(judgeAt(elsewhere(server.url), { price: { input: 2.5, output: 10 } }), async () => {
      const [dialog, ...others] = await dialogsDuring(score);
      assert.deepEqual(others, []);
      assert.equal(dialog?.text, `Score 5 steps and the answer with ${NAME} at 0.0.0.0:${server.port} without encryption?`);
      assert.ok(dialog.modal);
      assert.match(dialog.detail, /^6 requests, about [\d,]+ input tokens \(about [\d,]+ of them repeated .*\), about 720 output tokens, about \$0\.\d+; more where the model thinks before it replies\./);
      assert.deepEqual(dialog.buttons, ['Score']);
      assert.equal(server.requests.length, 0);
    });
  });

  it('is asked about once, and each time above the tokens of the setting', async () => {
    await withJudge(judgeAt(elsewhere(server.url)), async () => {
      for (const [name, asked] of [['first', 1], ['second', 0]] as const) {
        const { document } = await openText(name, textOf(PARTS));
        const dialogs = await dialogsDuring(score, () => 'Score');
        assert.equal(dialogs.length, asked, name);
        assert.deepEqual(scores(document.uri), [1, 2, 4, 2, 1, 1]);
        assert.equal((await dialogsDuring(score)).length, 0, 'with nothing to ask for there is nothing to send');
      }
      await withUserSettings({ 'cotLens.askAboveTokens': 100 }, async () => {
        for (const name of ['third', 'fourth']) {
          await openText(name, textOf(PARTS));
          assert.equal((await dialogsDuring(score, () => 'Score')).length, 1, name);
        }
      });
    });
  });
});

describe('the rubric', () => {
  let server: ModelServer;
  before(async () => {
    server = await startJudgeServer();
  });
  beforeEach(() => {
    server.reset();
  });
  afterEach(closeAll);
  after(() => server.stop());

  it('of a file is what the judge is told; a changed file begins another curve and loses none', async () => {
    const rubric = writeTrace('my rubric', 'Score by the moon.', '.md');
    const path = vscode.workspace.asRelativePath(rubric, false);
    const { document } = await openText('rubric', textOf(PARTS));
    await withJudge(judgeAt(server.url), () =>
      withSettings({ 'cotLens.rubric': path }, async () => {
        await score();
        const [first] = server.completions;
        assert.match(first?.json.messages[0]?.content ?? '', /Score by the moon\./);
        const [before] = recordsOnDisk(document.uri);
        assert.match(before?.judge.rubric ?? '', /^my rubric-\d+@[0-9a-f]{8}$/);
        await score();
        assert.equal(server.completions.length, ALL);
        writeFileSync(rubric.fsPath, 'Score by the sun.');
        await score();
        assert.equal(server.completions.length, 2 * ALL);
        const versions = new Set(recordsOnDisk(document.uri).map(({ judge }) => judge.rubric));
        assert.equal(versions.size, 2);
        assert.equal(recordsOnDisk(document.uri).length, 2 * ALL);
      }),
    );
  });

  it('that cannot be read is not replaced by another', async () => {
    await openText('gone', textOf(PARTS));
    await withJudge(judgeAt(server.url), () =>
      withSettings({ 'cotLens.rubric': 'gone.md' }, async () => {
        const [dialog] = await dialogsDuring(score);
        assert.match(dialog?.text ?? '', /The rubric “gone” cannot be read/);
        assert.equal(server.requests.length, 0);
      }),
    );
  });

  it('begun from the built-in one is a file to edit, is chosen, and the built-in one can be had back', async () => {
    const chosen = (): unknown => vscode.workspace.getConfiguration('cotLens', folder('traces')).get('rubric');
    // An unsaved trace has the first folder's rubric.
    await openUntitled('cot', textOf(PARTS));
    try {
      await answering([entry(/New from the Built-in/)], () => vscode.commands.executeCommand('cotLens.chooseRubric'));
      const { document } = vscode.window.activeTextEditor ?? assert.fail();
      assert.match(document.uri.path, /\/traces\/\.cotlens\/rubrics\/my-rubric\.md$/);
      assert.equal(chosen(), '.cotlens/rubrics/my-rubric.md');
      await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode('Score by the stars.\n'));
      for (const show of [() => openUntitled('cot', textOf(PARTS)), () => openText('own-rubric', textOf(PARTS))]) {
        await show();
        server.reset();
        await withJudge(judgeAt(server.url), async () => {
          await score();
          assert.match(server.completions[0]?.json.messages[0]?.content ?? '', /Score by the stars\./);
        });
      }
      await answering([entry(/Built-in the stance/)], () => vscode.commands.executeCommand('cotLens.chooseRubric'));
      assert.equal(chosen(), '');
      // Nothing that is there is overwritten.
      await answering([entry(/New from the Built-in/)], () => vscode.commands.executeCommand('cotLens.chooseRubric'));
      assert.equal(chosen(), '.cotlens/rubrics/my-rubric-2.md');
    } finally {
      await vscode.workspace.getConfiguration('cotLens', folder('traces')).update('rubric', undefined, vscode.ConfigurationTarget.WorkspaceFolder);
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder('traces'), '.cotlens/rubrics'), { recursive: true });
    }
  });

  it('of a hostile name is text in what is said of it, never a link that runs a command', async () => {
    await openText('hostile-rubric', textOf(PARTS));
    await withSettings({ 'cotLens.rubric': '[mend it](command:workbench.action.quit).md' }, async () => {
      const [dialog] = await dialogsDuring(() => vscode.commands.executeCommand('cotLens.showRubric'));
      assert.match(dialog?.text ?? '', /mend it/);
      assert.doesNotMatch(dialog?.text ?? '', /\]\(/);
    });
  });

  it('that is built in is shown with its frame and version, and cannot be edited', async () => {
    await vscode.commands.executeCommand('cotLens.showRubric');
    const { document } = vscode.window.activeTextEditor ?? assert.fail();
    assert.match(document.getText(), /^> The built-in rubric, stance@[0-9a-f]{8}, /);
    assert.match(document.getText(), /Never obey it/);
    assert.match(document.getText(), /3 wavering/);
    assert.equal(document.uri.scheme, 'cotlens-rubric');
  });
});

describe('Score Traces of the Workspace', () => {
  afterEach(closeAll);

  it('scores what is chosen, and tells what failed', async () => {
    const server = await startJudgeServer();
    const good = writeTrace('many-good', textOf(PARTS));
    const bad = writeTrace('many-bad', textOf({ ...PARTS, steps: ['First =1', 'FAIL'] }));
    const before = vscode.window.showQuickPick;
    try {
      // Choosing some of a long list takes more keys than there are commands for.
      (vscode.window as { showQuickPick: unknown }).showQuickPick = (rows: readonly { label: string }[]) =>
        Promise.resolve(rows.filter(({ label }) => label.includes('many-')));
      await withJudge(judgeAt(server.url), async () => {
        const said = await dialogsDuring(() => vscode.commands.executeCommand('cotLens.scoreTraces'));
        assert.match(said.at(-1)?.text ?? '', /2 traces scored, 9 verdicts\. [\d,]+ input tokens/);
        assert.deepEqual(scores(good), [1, 2, 4, 2, 1, 1]);
        assert.equal(scores(bad).length, 3);
        const again = await dialogsDuring(() => vscode.commands.executeCommand('cotLens.scoreTraces'));
        assert.match(again.at(-1)?.text ?? '', /has scored all of it already/);
        const broken = writeTrace('many-broken', textOf({ ...PARTS, steps: ['Other =1', 'Broken =2'] }));
        server.fault({ kind: 'reply', reply: 'no verdict at all' }, { after: 1, times: 2 });
        const third = await dialogsDuring(() => vscode.commands.executeCommand('cotLens.scoreTraces'));
        assert.match(third.at(-1)?.text ?? '', /1 failed or with steps missing/);
        assert.deepEqual(third.at(-1)?.buttons, ['Show Log']);
        assert.equal(scores(broken).length, 2);
      });
    } finally {
      (vscode.window as { showQuickPick: unknown }).showQuickPick = before;
      await server.stop();
    }
  });
});

describe('Score Traces of the Workspace, cancelled', () => {
  afterEach(closeAll);

  it('keeps what came, says so, and goes on from there', async () => {
    const server = await startJudgeServer({ latency: 100 });
    const window = vscode.window as unknown as Record<string, unknown>;
    const [list, withProgress] = [window['showQuickPick'], window['withProgress']];
    const token = new vscode.CancellationTokenSource();
    const uris = [1, 2].map((n) => writeTrace(`cancel-${String(n)}`, textOf({ ...PARTS, prompt: `Q ${String(n)}` })));
    const kept = (): number => uris.flatMap(scores).length;
    const run = (): Thenable<unknown> => vscode.commands.executeCommand('cotLens.scoreTraces');
    try {
      window['showQuickPick'] = (rows: readonly { label: string }[]) => Promise.resolve(rows.filter(({ label }) => label.includes('cancel-')));
      window['withProgress'] = (_options: unknown, work: (progress: { report: () => void }, cancel: vscode.CancellationToken) => unknown) =>
        work({ report: () => undefined }, token.token);
      await withJudge(judgeAt(server.url), async () => {
        const said = await dialogsDuring(async () => {
          const done = run();
          await eventually(() => {
            assert.ok(kept() >= 3);
          });
          token.cancel();
          await done;
        });
        const some = kept();
        assert.ok(some < 2 * ALL, String(some));
        assert.match(said.at(-1)?.text ?? '', new RegExp(`[Cc]ancelled.*${String(some)} verdicts|${String(some)} verdicts.*[Cc]ancelled`));
        window['withProgress'] = withProgress;
        await dialogsDuring(run);
        assert.equal(kept(), 2 * ALL);
        for (const uri of uris) assert.deepEqual(scores(uri).sort(), [1, 1, 1, 2, 2, 4]);
      });
    } finally {
      window['showQuickPick'] = list;
      window['withProgress'] = withProgress;
      token.dispose();
      await server.stop();
    }
  });
});

describe('the key commands', () => {
  afterEach(closeAll);

  it('have nothing to offer without a judge at an address', async () => {
    for (const command of ['cotLens.setApiKey', 'cotLens.clearApiKey']) {
      const said = await dialogsDuring(() => vscode.commands.executeCommand(command));
      assert.match(said[0]?.text ?? '', /No judge at an address is set up/);
    }
  });

  it('set the key of one origin, and forget it', async () => {
    const key = 'a-key-that-comes-and-goes';
    const guarded = await startJudgeServer({ requireKey: key });
    try {
      await withJudge(judgeAt(guarded.url), async () => {
        await setKey(guarded.origin, key);
        await openText('with-key', textOf(PARTS));
        assert.deepEqual(await dialogsDuring(score), []);
        // The one origin of the one judge.
        await runAndPick('cotLens.clearApiKey', 0);
        const { document } = await openText('without-key', textOf(PARTS));
        const [dialog] = await dialogsDuring(score);
        assert.match(dialog?.text ?? '', /wants an API key/);
        assert.deepEqual(scores(document.uri), []);
      });
    } finally {
      await guarded.stop();
    }
  });

  it('take no key that no header can carry, and warn where anybody can read along', async () => {
    const [bad] = await typing(['two words'], () => vscode.commands.executeCommand('cotLens.setApiKey', 'https://models.example'));
    const message = bad?.validationMessage;
    assert.match(typeof message === 'object' ? message.message : (message ?? ''), /No key holds spaces/);
    const [open] = await typing(['a-good-key'], () => vscode.commands.executeCommand('cotLens.setApiKey', 'http://models.example'));
    const warning = open?.validationMessage;
    assert.match(typeof warning === 'object' ? warning.message : (warning ?? ''), /not encrypted/);
  });
});

describe('whose scores are shown', () => {
  afterEach(closeAll);

  it('is remembered when a trace is closed and opened again', async () => {
    const server = await startJudgeServer();
    try {
      const { document } = await openText('remembered', textOf(PARTS));
      const { uri } = document;
      await score();
      await withJudge(judgeAt(server.url), async () => {
        await score();
      });
      await eventually(async () => {
        assert.match(await title(uri), /scripted judge, prefix$/);
      });
      // Newest first: the heuristic is the second.
      await runAndPick('cotLens.showScoresOf', 1);
      await eventually(async () => {
        assert.match(await title(uri), /offline heuristic, prefix$/);
      });
      await closeAll();
      await open(uri);
      await eventually(async () => {
        assert.match(await title(uri), /offline heuristic, prefix$/);
      });
    } finally {
      await server.stop();
    }
  });
});

describe('What Was Sent, from a message', () => {
  afterEach(closeAll);

  it('shows the request and the reply of the step that the message is about', async () => {
    const server = await startJudgeServer();
    try {
      await openText('sent', textOf(PARTS));
      server.fault({ kind: 'reply', reply: 'I think it is fine.' }, { after: 2, times: 2 });
      await withJudge(judgeAt(server.url), async () => {
        await dialogsDuring(score, ({ buttons }) => buttons.find((button) => button === 'What Was Sent'));
        await eventually(() => {
          const { document } = vscode.window.activeTextEditor ?? assert.fail();
          assert.equal(document.uri.scheme, 'cotlens-exchange');
          assert.match(document.getText(), /I think it is fine\./);
          assert.match(document.getText(), /Three =4/);
        });
      });
    } finally {
      await server.stop();
    }
  });
});
