import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll } from './documents';
import { eventually } from './eventually';
import { lens } from './shown';

describe('Open a Sample', () => {
  afterEach(closeAll);

  it('shows a copy of the first sample as an untitled trace, ready to be scored', async () => {
    const done = vscode.commands.executeCommand('cotLens.openSample');
    // The samples are read before the list opens; what is pressed before goes nowhere.
    const document = await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const shown = vscode.window.activeTextEditor?.document;
      assert.ok(shown);
      return shown;
    });
    await done;
    assert.equal(document.uri.scheme, 'untitled');
    assert.equal(document.languageId, 'cot');
    assert.match(document.getText(), /^---\nid: flat-refusal\n/);
    const { title } = await eventually(() => lens(document.uri));
    assert.equal(title, '$(pulse) Score 10 steps · offline heuristic');
  });
});
