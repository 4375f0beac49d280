import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openText, openUntitled, replace } from './documents';
import { eventually } from './eventually';
import { recordsOnDisk } from './scoreFiles';
import { folds, hovers, lens, lenses, outline, outlineNames, problemCodes, problems } from './shown';

const { Error: ERROR, Warning: WARNING, Information: INFORMATION } = vscode.DiagnosticSeverity;

/** A bad trace: its text, the steps it is read as, and its problems with the text they mark. */
interface Bad {
  readonly text: string | Uint8Array;
  readonly steps: readonly string[];
  readonly problems: readonly (readonly [code: string, severity: vscode.DiagnosticSeverity, marks: string])[];
}

const bad: Readonly<Record<string, Bad>> = {
  'bytes that are no UTF-8': {
    text: Buffer.concat([Buffer.from('<think>\nA '), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from(' B\n\nC\n</think>\nD')]),
    steps: ['A \uFFFD\uFFFD\uFFFD B', 'C'],
    problems: [['not-utf8', WARNING, '\uFFFD']],
  },
  'the opening tag missing': {
    text: 'A\n\nB\n</think>\n\nC',
    steps: ['A', 'B'],
    problems: [['missing-open-tag', INFORMATION, '</think>']],
  },
  'the closing tag missing': {
    text: 'Q\n<think>\nA\n\nB',
    steps: ['A', 'B'],
    problems: [['missing-close-tag', WARNING, '<think>']],
  },
  'a doubled opening tag': {
    text: 'Q\n<think>\n<think>\nA\n\nB\n</think>\nC',
    steps: ['<think> A', 'B'],
    problems: [['doubled-open-tag', WARNING, '<think>']],
  },
  'a doubled closing tag': {
    text: '<think>\nA\n</think>\nB\n</think>\nC',
    steps: ['A', 'B'],
    problems: [['doubled-close-tag', WARNING, '</think>'], ['several-blocks', INFORMATION, 'B\n']],
  },
  'nested tags': {
    text: '<think>\nA\n<think>\nB\n</think>\nC\n</think>\nD',
    steps: ['A <think> B </think> C'],
    problems: [['nested-tag', INFORMATION, '<think>']],
  },
  'no reasoning between the tags': {
    text: 'Q\n<think>\n\n</think>\nA',
    steps: [],
    problems: [['empty-reasoning', INFORMATION, '<think>\n\n</think>']],
  },
  'nothing at all': { text: '', steps: [], problems: [['empty-trace', INFORMATION, '']] },
  'white space alone': { text: ' \n\n\t\n', steps: [], problems: [['empty-trace', INFORMATION, ' ']] },
  'front matter that is no YAML': {
    text: '---\nintent: [harmful\n---\n<think>\nA\n</think>\nB',
    steps: ['A'],
    problems: [['front-matter-invalid', ERROR, '']],
  },
  'front matter that is a list': {
    text: '---\n- a\n---\n<think>\nA\n</think>\nB',
    steps: ['A'],
    problems: [['front-matter-invalid', ERROR, '---\n- a\n---']],
  },
  'front matter that explodes': {
    text: `---\na: &a [x]\n${['b', 'c', 'd', 'e', 'f'].map((name, i) => `${name}: &${name} [${`*${'abcdef'[i] ?? ''},`.repeat(9)}]`).join('\n')}\n---\n<think>\nA\n</think>\nB`,
    steps: ['A'],
    problems: [['front-matter-invalid', ERROR, '---\na: &a']],
  },
  'front matter that never ends': {
    text: '---\nintent: harmful\n\n<think>\nA\n</think>\nB',
    steps: ['A'],
    problems: [['front-matter-unclosed', ERROR, '---']],
  },
  'an intent that nobody knows': {
    text: '---\nintent: evil\n---\n<think>\nA\n</think>\nB',
    steps: ['A'],
    problems: [['unknown-intent', WARNING, 'evil']],
  },
};

const stepNames = async (uri: vscode.Uri): Promise<string[]> =>
  (await outline(uri)).flatMap(({ children }) => children.map(({ name }) => name.replace(/^\d+ {2}/, '')));

describe('a bad trace', () => {
  afterEach(closeAll);

  for (const [what, { text, steps, problems: expected }] of Object.entries(bad)) {
    it(`with ${what} is read, told of, and scored`, async () => {
      const { document } = await openText('bad', text);
      const found = await eventually(() => {
        const now = problems(document.uri);
        assert.deepEqual(now.map(({ code }) => code), expected.map(([code]) => code));
        return now;
      });
      for (const [i, problem] of found.entries()) {
        const [, severity, marks] = expected[i] ?? [];
        assert.equal(problem.source, 'CoT Lens');
        assert.equal(problem.severity, severity);
        const marked = document.getText(problem.range).replaceAll('\r\n', '\n');
        assert.ok(marks !== undefined && marked.startsWith(marks), `marks ${JSON.stringify(marked)}`);
        assert.ok(document.validateRange(problem.range).isEqual(problem.range), 'the range lies in the text');
        assert.match(problem.message, /\.$/, 'a whole sentence');
      }
      assert.deepEqual(await stepNames(document.uri), steps);
      assert.equal((await lenses(document.uri)).length, steps.length > 0 ? 1 : 0);
      await folds(document.uri);
      await vscode.commands.executeCommand('cotLens.score');
      assert.equal(recordsOnDisk(document.uri).filter(({ target }) => target === 'step').length, steps.length);
      if (steps.length > 0) assert.match((await lens(document.uri)).title, /offline heuristic/);
      await hovers(document, document.getText().slice(0, 1));
    });
  }

  it('with half a character is told of', async () => {
    const { document } = await openUntitled('cot', '<think>\nA \uD83D B\n</think>\nC');
    // A VS Code that mends such text before anybody sees it puts U+FFFD in its place.
    const expected = document.getText().isWellFormed() ? 'not-utf8' : 'broken-character';
    await eventually(() => {
      assert.deepEqual(problemCodes(document.uri), [expected]);
    });
  });

  it('loses its problem when it is mended, and gets it back on undo', async () => {
    const editor = await openText('mended', 'Q\n<think>\nA\n\nB');
    const { uri } = editor.document;
    await eventually(() => {
      assert.deepEqual(problemCodes(uri), ['missing-close-tag']);
    });
    await replace(editor, 'B', 'B\n</think>\nC');
    await eventually(() => {
      assert.deepEqual(problemCodes(uri), []);
    });
    await vscode.commands.executeCommand('undo');
    await eventually(() => {
      assert.deepEqual(problemCodes(uri), ['missing-close-tag']);
    });
  });

  it('loses its problem when it is closed', async () => {
    const { document } = await openText('closed', 'Q\n<think>\nA');
    await eventually(() => {
      assert.deepEqual(problemCodes(document.uri), ['missing-close-tag']);
    });
    await closeAll();
    await eventually(() => {
      assert.deepEqual(problemCodes(document.uri), []);
    });
  });

  it('keeps the place of its problem right while text is put in above', async () => {
    const editor = await openText('moved', 'Q\n<think>\nA');
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), 'New line\n');
    });
    await eventually(() => {
      assert.deepEqual(problems(editor.document.uri).map(({ range }) => [range.start.line, range.start.character, range.end.character]), [[2, 0, 7]]);
    });
  });
});

describe('an unusual but good trace', () => {
  afterEach(closeAll);

  it('has no problem and keeps its bytes: BOM, CRLF, emoji and CJK at the edges of steps', async () => {
    const steps = ['😀 begins and ends 🏳️‍🌈', '中文步骤。', 'a\r\n第二行 👩🏽‍🚀', '🧪'];
    const text = `\uFEFF---\r\nintent: harmful\r\n---\r\n問い\r\n\r\n<think>\r\n${steps.join('\r\n\r\n')}\r\n</think>\r\n\r\n答え 🎉`;
    const editor = await openText('unusual', text);
    const { document } = editor;
    const [prompt, reasoning, answer] = await outline(document.uri);
    assert.equal(document.getText(prompt?.range), '問い');
    assert.deepEqual(reasoning?.children.map(({ range }) => document.getText(range)), steps);
    assert.equal(document.getText(answer?.range), '答え 🎉');
    assert.deepEqual(problemCodes(document.uri), []);
    assert.equal((await lens(document.uri)).line, 6);
    await vscode.commands.executeCommand('cotLens.score');
    assert.equal(recordsOnDisk(document.uri).length, 5);
    assert.equal(recordsOnDisk(document.uri)[0]?.intent, 'harmful');
    assert.equal(readFileSync(document.uri.fsPath, 'utf8'), text, 'scoring leaves the file alone');
    await replace(editor, '🧪', '🧪!');
    await document.save();
    assert.equal(readFileSync(document.uri.fsPath, 'utf8'), text.replace('🧪', '🧪!'), 'saving changes what was edited and nothing else');
  });

  it('may speak of tags in the middle of a line', async () => {
    const { document } = await openText('speaks', 'What does <think> mean?\n\n<think>\nThe tag </think> closes it.\n\nB\n</think>\n\nIt marks reasoning.');
    assert.deepEqual(await outlineNames(document.uri), ['Prompt', ['Reasoning', ['1  The tag </think> closes it.', '2  B']], 'Answer']);
    assert.deepEqual(problemCodes(document.uri), []);
  });
});
