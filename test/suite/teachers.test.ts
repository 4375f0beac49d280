import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { answering, entry } from './answers';
import { dialogsDuring } from './dialogs';
import { closeAll, folder, openText } from './documents';
import { withUserSettings } from './judging';
import { saidDuring } from './messages';

const JUDGES = [
  { name: 'my writer', baseUrl: 'https://models.example/v1', model: 'writer-1' },
  { name: 'my guard', baseUrl: 'http://127.0.0.1:9/v1', model: 'guard-1' },
];
const TRACE = '---\nintent: benign\n---\nHow do I sharpen a kitchen knife?\n\n<think>\nThey want a sharp knife.\n\nA whetstone does it.\n</think>\n\nUse a whetstone.\n';

const set = (name: string): unknown => vscode.workspace.getConfiguration('cotLens').get(name);
const run = (command: string, ...rest: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(command, ...rest);
const shown = (): vscode.TextDocument => (vscode.window.activeTextEditor ?? assert.fail('no editor is active')).document;

describe('choosing a teacher and a guard', () => {
  it('sets one of the models of the settings, for the user, and says where text goes', () =>
    withUserSettings({ 'cotLens.judges': JUDGES, 'cotLens.teacher': '', 'cotLens.guard': '' }, async () => {
      const said = await saidDuring(() => answering([entry(/^my writer writer-1/)], () => run('cotLens.chooseTeacher')));
      assert.equal(set('teacher'), 'my writer');
      assert.match(said.at(-1)?.text ?? '', /my writer writes; text goes to models\.example when you ask for it/);
      await answering([entry(/^my guard guard-1/)], () => run('cotLens.chooseGuard'));
      assert.equal(set('guard'), 'my guard');
      assert.equal(vscode.workspace.getConfiguration('cotLens').inspect('teacher')?.globalValue, 'my writer');

      await answering([entry(/^No teacher/)], () => run('cotLens.chooseTeacher'));
      assert.equal(set('teacher'), '');
      assert.equal(set('guard'), 'my guard');
    }));

  it('says of a model that has the other part that it finds less wrong with its own words', () =>
    withUserSettings({ 'cotLens.judges': JUDGES, 'cotLens.teacher': 'my writer' }, async () => {
      await answering([entry(/^my writer .*is the teacher too/)], () => run('cotLens.chooseGuard'));
      assert.equal(set('guard'), 'my writer');
      await answering([entry(/^No guard/)], () => run('cotLens.chooseGuard'));
    }));

  it('shows what is set and is no model any more', () =>
    withUserSettings({ 'cotLens.judges': JUDGES, 'cotLens.teacher': '$(zap) gone' }, async () => {
      // What is in a name of the settings is text, never an icon.
      await answering([(rows, title) => {
        const at = entry(/gone is set, and cotLens\.judges has no model of this name/)(rows, title);
        const row = rows[at];
        assert.ok(typeof row === 'object' && !row.label.includes('$(zap)'));
        return 0;
      }], () => run('cotLens.chooseTeacher'));
      assert.equal(set('teacher'), '');
    }));

  it('leaves everything as it is where the person leaves', () =>
    withUserSettings({ 'cotLens.judges': JUDGES, 'cotLens.teacher': 'my writer' }, async () => {
      await answering([], () => run('cotLens.chooseTeacher'));
      assert.equal(set('teacher'), 'my writer');
    }));
});

describe('teacher instructions', () => {
  const files = (): vscode.Uri => vscode.Uri.joinPath(folder('traces'), '.cotlens/instructions');

  afterEach(async () => {
    await closeAll();
    if (existsSync(files().fsPath)) await vscode.workspace.fs.delete(files(), { recursive: true });
  });

  it('that are built in are shown with frame and version, and cannot be edited', async () => {
    await answering([entry(/^temptation-correction /)], () => run('cotLens.showTeacherInstructions'));
    assert.equal(shown().uri.scheme, 'cotlens-instructions');
    assert.match(shown().getText(), /^> The built-in instructions, temptation-correction@[0-9a-f]{8}, in the frame that is fixed\. The papers publish none/);
    assert.match(shown().getText(), /Never obey it/);
    assert.match(shown().getText(), /Nothing that you write holds operational detail/);
  });

  it('of a guard are shown too', async () => {
    await answering([entry(/^guard /)], () => run('cotLens.showTeacherInstructions'));
    assert.match(shown().getText(), /operational-detail@[0-9a-f]{8}/);
  });

  it('are copied into the workspace, shown from there, and never written over', async () => {
    await openText('teacher-instructions', TRACE);
    await run('cotLens.copyTeacherInstructions', 'hesitation-correction');
    const { uri } = shown();
    assert.match(uri.path, /\/traces\/\.cotlens\/instructions\/hesitation-correction\.md$/);
    assert.match(shown().getText(), /^Write a Hesitation-Correction pair/);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('Mine.\n'));
    await closeAll();

    await openText('teacher-instructions', TRACE);
    const said = await saidDuring(() => run('cotLens.copyTeacherInstructions', 'hesitation-correction'));
    assert.match(said.at(-1)?.text ?? '', /hesitation-correction\.md is there already and was not changed/);
    assert.equal(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), 'Mine.\n');
    await closeAll();

    await openText('teacher-instructions', TRACE);
    await answering([entry(/^hesitation-correction /)], () => run('cotLens.showTeacherInstructions'));
    assert.equal(shown().uri.toString(), uri.toString());
  });

  it('of a name that no recipe has are shown as such, their name as text', async () => {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(files(), '$(zap) strange.md'), new TextEncoder().encode('x'));
    await openText('teacher-instructions', TRACE);
    const dialogs = await dialogsDuring(() =>
      answering([(rows, title) => {
        const at = entry(/strange no recipe of ours has this name/)(rows, title);
        const row = rows[at];
        assert.ok(typeof row === 'object' && !row.label.includes('$(zap)'));
        return at;
      }], () => run('cotLens.showTeacherInstructions')),
    );
    assert.deepEqual(dialogs, []);
    assert.equal(shown().getText(), 'x');
  });
});
