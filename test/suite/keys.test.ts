import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

interface Key {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

describe('the keys', () => {
  it('of our commands are not VS Code’s own', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('vscode://defaultsettings/keybindings.json'));
    const lines = document.getText().split('\n').filter((line) => !/^\s*\/\//.test(line));
    const keys = JSON.parse(lines.join('\n').replace(/\/\/.*$/gm, '')) as Key[];
    const isOurs = ({ command }: Key): boolean => command.startsWith('cotLens.');
    // While somebody scores by hand plain keys score; they are VS Code's own at all other times.
    const byHand = keys.filter((one) => isOurs(one) && one.when?.includes('cotLens.scoringByHand'));
    assert.equal(byHand.length, 18);
    for (const { when, key } of byHand) assert.equal(when, 'cotLens.scoringByHand && editorTextFocus', key);
    // In a view of ours its list has the keys that lists have.
    const inView = keys.filter((one) => isOurs(one) && /focusedView == '?cotLens\./.test(one.when ?? ''));
    const views = inView.map(({ key, when }) => `${/focusedView == '?(cotLens\.\w+)/.exec(when ?? '')?.[1] ?? ''} ${key}`);
    assert.deepEqual(views.sort(), ['cotLens.curatedSet ctrl+z', 'cotLens.curatedSet delete', 'cotLens.curatedSet f2', 'cotLens.runs delete']);
    const ours = new Set(keys.filter((one) => isOurs(one) && !byHand.includes(one) && !inView.includes(one)).map(({ key }) => key));
    for (const key of ['ctrl+f8', 'ctrl+shift+f8', 'ctrl+alt+f8', 'ctrl+shift+alt+f8']) assert.ok(ours.has(key), `${key} of ${[...ours].join()}`);
    assert.ok(keys.length > 300);
    assert.deepEqual(keys.filter(({ key, command }) => ours.has(key) && !command.startsWith('cotLens.')), []);
  });
});
