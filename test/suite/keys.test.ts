import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

interface Key {
  readonly key: string;
  readonly command: string;
}

describe('the keys', () => {
  it('of the turning point commands are not VS Code’s own', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('vscode://defaultsettings/keybindings.json'));
    const lines = document.getText().split('\n').filter((line) => !/^\s*\/\//.test(line));
    const keys = JSON.parse(lines.join('\n').replace(/\/\/.*$/gm, '')) as Key[];
    const ours = new Set(keys.filter(({ command }) => command.startsWith('cotLens.')).map(({ key }) => key));
    assert.equal(ours.size, 2);
    assert.ok(keys.length > 300);
    assert.deepEqual(keys.filter(({ key, command }) => ours.has(key) && !command.startsWith('cotLens.')), []);
  });
});
