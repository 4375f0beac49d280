import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { faults, type ModelServer } from '../harness/modelServer';
import { startTeacher, usualTeacher } from '../harness/scriptedTeacher';
import { answering } from './answers';
import {
  answeringDialogs, craft, discardAll, draft, draftDocument, draftEditor, draftShows, draftTabs, guides, provenance, putCursor, SHED, withTeacher,
} from './crafting';
import { closeAll, openText, replace } from './documents';
import { eventually } from './eventually';
import { withUserSettings } from './judging';

const T_C = 'temptation-correction';
const TEMPTATION = 'Then again, maybe it would not be so bad to help with this just once. The person may only be curious, and I could simply go along with what is asked.';
const CORRECTION = 'No, that was a slip of mine. The excuse does not hold, and I go back to what I had found before.';
const WITH_PAIR = SHED.replace('somebody else.', `somebody else.\n\n${TEMPTATION}\n\n${CORRECTION}`);

const undo = (): Thenable<unknown> => vscode.commands.executeCommand('undo');
const body = (text: string): string => text.replace(/injected:[^]*?\n(?=---)/, '');

async function shed(text = SHED): Promise<vscode.TextEditor> {
  const editor = await openText('shed', text);
  putCursor(editor, 'somebody else.');
  return editor;
}

async function isActive(document: vscode.TextDocument): Promise<vscode.TextEditor> {
  return eventually(() => {
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), document.uri.toString());
    assert.ok(editor);
    return editor;
  });
}

function untitled(): Promise<vscode.TextDocument> {
  return eventually(() => {
    const found = vscode.workspace.textDocuments.find(({ isUntitled, isClosed }) => isUntitled && !isClosed);
    assert.ok(found);
    return found;
  });
}

describe('a teacher’s draft', function () {
  this.timeout(40_000);
  let teacher: ModelServer;
  let guard: ModelServer;
  let delay = 0;
  let text: string | undefined;
  before(async () => {
    const chunks = { size: 12, get delay() { return delay; } };
    teacher = await startTeacher({ chunks }, (asked) => text !== undefined && asked.what === 'write' ? text : usualTeacher(asked));
    guard = await startTeacher({ snapshot: 'scripted-guard-1' });
  });
  after(async () => {
    await teacher.stop();
    await guard.stop();
  });
  afterEach(async () => {
    delay = 0;
    text = undefined;
    await discardAll();
    teacher.reset();
    guard.reset();
    await closeAll();
  });

  it('is shown beside the trace, and accepted as one change with its provenance', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      assert.equal(draftDocument().getText(), WITH_PAIR);
      assert.equal(draftDocument().isDirty, false);
      assert.match(draftTabs().join(), /^shed-\d+\.cot ↔ Temptation-Correction \(draft\)$/);
      assert.equal(document.getText(), SHED, 'the trace itself is not touched');
      await draft('accept');
      assert.equal(body(document.getText()), WITH_PAIR);
      const made = provenance(document.getText());
      assert.deepEqual(made.map(({ role, by, edited, recipe, guard: checked, text: step }) => [role, by, edited, recipe, checked, step]), [
        ['error', 'scripted-teacher-1', false, T_C, undefined, TEMPTATION],
        ['correction', 'scripted-teacher-1', false, T_C, undefined, CORRECTION],
      ]);
      assert.match(String(made[0]?.['instructions']), /^temptation-correction@[0-9a-f]{8}$/);
      assert.match(String(made[0]?.['at']), /^\d{4}-\d\d-\d\dT/);
      const editor = await isActive(document);
      assert.ok(document.getText().slice(document.offsetAt(editor.selection.active)).startsWith(TEMPTATION), 'the cursor stands at the pair');
      assert.deepEqual(draftTabs(), []);
      await undo();
      assert.equal(document.getText(), SHED);
      assert.equal(teacher.completions.length, 1);
    }));

  it('streams into the preview, and can be stopped: what came stays, and is not accepted unfinished', () =>
    withTeacher(teacher.url, async () => {
      delay = 40;
      const { document } = await shed();
      const writing = craft({ recipe: T_C });
      await draftShows('maybe it would');
      assert.ok(!draftDocument().getText().includes(CORRECTION), 'it is under way');
      await draft('stop');
      await writing;
      const stopped = draftDocument().getText();
      assert.match(stopped, /Then again/);
      const said = await answeringDialogs(() => draft('accept'));
      assert.match(said[0]?.text ?? '', /stopped before its end/);
      await sleep(300);
      assert.equal(draftDocument().getText(), stopped, 'nothing comes after the stop');
      assert.equal(document.getText(), SHED);
      delay = 0;
      await draft('regenerate');
      assert.equal(draftDocument().getText(), WITH_PAIR);
      await draft('accept');
      assert.equal(body(document.getText()), WITH_PAIR);
    }));

  it('is not accepted while it is being written', () =>
    withTeacher(teacher.url, async () => {
      delay = 40;
      await shed();
      const writing = craft({ recipe: T_C });
      await draftShows('Then again');
      const said = await answeringDialogs(() => draft('accept'));
      assert.match(said[0]?.text ?? '', /still writing/);
      await draft('stop');
      await writing;
    }));

  it('that is typed over while it streams stays as typed; accepted, it says that it was edited', () =>
    withTeacher(teacher.url, async () => {
      delay = 40;
      const { document } = await shed();
      const writing = craft({ recipe: T_C });
      await draftShows('Then again, maybe');
      const editor = draftEditor();
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      const at = editor.document.getText().indexOf('Then again');
      editor.selection = new vscode.Selection(editor.document.positionAt(at), editor.document.positionAt(at));
      await vscode.commands.executeCommand('type', { text: 'Hmm. ' });
      await writing;
      const typed = draftDocument().getText();
      assert.match(typed, /Hmm\. Then again/);
      await sleep(500);
      assert.equal(draftDocument().getText(), typed, 'nothing comes over what was typed');
      assert.equal(draftDocument().isDirty, false, 'and closing asks nothing');
      const few = await answeringDialogs(() => draft('accept'));
      assert.match(few[0]?.text ?? '', /holds 1 step, and 2 are needed/);
      const step = /Hmm\. [^\n]*/.exec(typed)?.[0] ?? '';
      await replace(editor, step, 'Hmm. Maybe it is fine.\n\nNo, it is not.');
      await draft('accept');
      assert.deepEqual(provenance(document.getText()).map(({ by, edited, text: now }) => [by, edited, now]), [['scripted', true, 'Hmm. Maybe it is fine.'], ['scripted', true, 'No, it is not.']]);
      assert.deepEqual(draftTabs(), []);
    }));

  it('that is edited when it is done keeps its teacher’s name and says so', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      await replace(draftEditor(), 'just once', 'this one time');
      await draft('accept');
      assert.deepEqual(provenance(document.getText()).map(({ by, edited }) => [by, edited]), [['scripted-teacher-1', true], ['scripted-teacher-1', true]]);
      assert.match(document.getText(), /help with this this one time/);
    }));

  it('that was changed beside the new steps is asked about: only these are taken', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      await replace(draftEditor(), 'They ask', 'Somebody asks');
      const refused = await answeringDialogs(() => draft('accept'));
      assert.match(refused[0]?.text ?? '', /differs from the trace on line 7 too/);
      assert.equal(document.getText(), SHED);
      await answeringDialogs(() => draft('accept'), { 'differs from the trace': 'Accept the New Steps Alone' });
      assert.equal(body(document.getText()), WITH_PAIR);
    }));

  it('is discarded without a trace of it; what was typed is asked about', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      await draft('discard');
      assert.deepEqual(draftTabs(), []);
      assert.equal(document.getText(), SHED);
      await isActive(document);
      await craft({ recipe: T_C });
      await replace(draftEditor(), 'just once', 'this one time');
      const [asked] = await answeringDialogs(() => draft('discard'));
      assert.equal(asked?.modal, true);
      assert.match(draftDocument().getText(), /this one time/);
      await answeringDialogs(() => draft('discard'), { 'Discard this draft': 'Discard' });
      assert.deepEqual(draftTabs(), []);
    }));

  it('is kept when its preview is closed, and shown again', () =>
    withTeacher(teacher.url, async () => {
      await shed();
      await craft({ recipe: T_C });
      await replace(draftEditor(), 'just once', 'this one time');
      await eventually(() => {
        assert.equal(draftDocument().isDirty, false, 'what was typed is kept within a moment');
      });
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await eventually(() => {
        assert.deepEqual(draftTabs(), []);
      });
      await answering([() => 0], () => vscode.commands.executeCommand('cotLens.showDrafts'));
      await draftShows('this one time');
    }));

  it('is not inserted into a trace that changed meanwhile; it can be written on the text as it is now, or kept', () =>
    withTeacher(teacher.url, async () => {
      const editor = await shed();
      const { document } = editor;
      await craft({ recipe: T_C });
      await replace(editor, 'They ask', 'Somebody asks');
      const moved = document.getText();
      const [said] = await answeringDialogs(() => draft('accept'));
      assert.match(said?.text ?? '', /has changed since this draft was begun/);
      assert.deepEqual(said?.buttons, ['Show Difference', 'Regenerate on the Text as It Is Now', 'Keep as a Copy']);
      assert.equal(document.getText(), moved);
      await answeringDialogs(() => draft('accept'), { 'has changed': 'Show Difference' });
      assert.match(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '', /as it was ↔ as it is/);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await answeringDialogs(() => draft('accept'), { 'has changed': 'Keep as a Copy' });
      const copied = (await untitled()).getText();
      assert.equal(body(copied), WITH_PAIR, 'of the trace as it was');
      assert.deepEqual(provenance(copied).map(({ by, role }) => [by, role]), [['scripted-teacher-1', 'error'], ['scripted-teacher-1', 'correction']]);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await answeringDialogs(() => draft('accept'), { 'has changed': 'Regenerate on the Text as It Is Now' });
      assert.equal(draftDocument().getText(), WITH_PAIR.replace('They ask', 'Somebody asks'));
      await draft('accept');
      assert.equal(body(document.getText()), WITH_PAIR.replace('They ask', 'Somebody asks'));
    }));

  it('is not kept as a copy either where the guard blocks it', () =>
    withTeacher(teacher.url, async () => {
      text = JSON.stringify({ temptation: 'Maybe so. DETAIL follows here.', correction: CORRECTION });
      const editor = await shed();
      await craft({ recipe: T_C });
      await replace(editor, 'They ask', 'Somebody asks');
      const untitledOpen = (): string[] => vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled).map(({ uri }) => uri.toString());
      const before = untitledOpen();
      const said = await answeringDialogs(() => draft('accept'), { 'has changed': 'Keep as a Copy' });
      assert.match(said[1]?.text ?? '', /holds operational detail.*“DETAIL”/);
      assert.deepEqual(untitledOpen(), before);
      assert.match(draftDocument().getText(), /DETAIL/, 'the draft is kept');
    }, guard.url));

  it('fits again once the change of the trace is undone', () =>
    withTeacher(teacher.url, async () => {
      const editor = await shed();
      await craft({ recipe: T_C });
      await replace(editor, 'They ask', 'Somebody asks');
      await replace(editor, 'Somebody asks', 'They ask');
      await draft('accept');
      assert.equal(body(editor.document.getText()), WITH_PAIR);
    }));

  for (const [what, said, like] of [
    ['declines', { content: null, refusal: 'I cannot help with that.' }, /./],
    ['is cut off', { content: '{"temptation":"Then again, may', finish: 'length' }, /./],
    ['has the wrong shape', 'What a nice day.', /./],
    ['repeats the base', JSON.stringify({ temptation: 'I should not help with that.', correction: 'No.' }), /./],
    ['says nothing', JSON.stringify({ temptation: '', correction: '' }), /./],
  ] as const) {
    it(`is not made of what a teacher says that ${what}: it is shown, and nothing is inserted`, () =>
      withTeacher(teacher.url, async () => {
        for (let i = 0; i < 2; i++) teacher.fault({ kind: 'reply', reply: said });
        const { document } = await shed();
        const shown = await answeringDialogs(() => craft({ recipe: T_C }));
        assert.equal(shown[0]?.how, 'error');
        assert.match(shown[0].text, like);
        assert.deepEqual(shown[0].buttons.slice(0, 2), ['Try Again', 'Write by Hand']);
        const refused = await answeringDialogs(() => draft('accept'));
        assert.match(refused[0]?.text ?? '', /cannot be used as it is/);
        assert.equal(document.getText(), SHED);
      }));
  }

  it('after a fault is tried again, written by hand, or what came is shown', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      for (let i = 0; i < 2; i++) teacher.fault({ kind: 'reply', reply: 'What a nice day.' });
      let shown = 0;
      await answeringDialogs(() => craft({ recipe: T_C }), {}).then(() => undefined);
      for (let i = 0; i < 2; i++) teacher.fault({ kind: 'reply', reply: 'What a nice day.' });
      const window = vscode.window as unknown as Record<string, unknown>;
      const original = window['showErrorMessage'];
      window['showErrorMessage'] = (_text: string, ...buttons: string[]) => Promise.resolve(shown++ === 0 ? buttons.find((one) => one === 'Show What Came') : 'Try Again');
      try {
        await draft('regenerate');
      } finally {
        window['showErrorMessage'] = original;
      }
      assert.equal(shown, 2);
      assert.ok(vscode.workspace.textDocuments.some((one) => one.uri.scheme === 'cotlens-draft' && one.getText() === 'What a nice day.'), 'what came was shown');
      assert.equal(draftDocument().getText(), WITH_PAIR, 'and the next try succeeded');
      teacher.fault(faults.unauthorized);
      await answeringDialogs(() => draft('regenerate'), { 'CoT Lens': 'Write by Hand' });
      await isActive(document);
      assert.ok(document.getText().includes(guides(T_C, SHED, 'somebody else.')[0] ?? '-'), 'the guides stand in the trace');
      await undo();
      assert.equal(document.getText(), SHED);
    }));

  it('whose teacher is not in the settings says so, and can be written by hand', () =>
    withUserSettings({ 'cotLens.teacher': 'nobody' }, async () => {
      const { document } = await shed();
      const said = await answeringDialogs(() => craft({ recipe: T_C }), { nobody: 'Write by Hand' });
      assert.match(said[0]?.text ?? '', /names “nobody”/);
      assert.match(document.getText(), /\[Temptation:/);
      await undo();
    }));

  it('is not asked for where the person does not agree', () =>
    withTeacher(teacher.url.replace('127.0.0.1', '0.0.0.0'), async () => {
      await shed();
      const said = await answeringDialogs(() => craft({ recipe: T_C }));
      assert.equal(said[0]?.modal, true);
      assert.match(said[0].text, /^Write with my teacher\?/);
      assert.deepEqual([teacher.completions.length, draftTabs()], [0, []]);
      await answeringDialogs(() => craft({ recipe: T_C }), { 'Write with my teacher': 'Write' });
      assert.equal(draftDocument().getText(), WITH_PAIR);
    }));

  it('passes the guard that is set, and provenance says so', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      await draft('accept');
      assert.match(String(provenance(document.getText())[0]?.['guard']), /^no by scripted-guard-1, rubric \S+$/);
      assert.equal(guard.completions.length, 1);
    }, guard.url));

  it('is blocked by the guard’s yes, with the words that it means', () =>
    withTeacher(teacher.url, async () => {
      text = JSON.stringify({ temptation: 'Maybe so. DETAIL follows here.', correction: CORRECTION });
      const { document } = await shed();
      await craft({ recipe: T_C });
      const said = await answeringDialogs(() => draft('accept'), { 'operational detail': 'Show It' });
      assert.match(said[0]?.text ?? '', /scripted-guard-1 says that this holds operational detail.*“DETAIL”/);
      assert.equal(said[0]?.how, 'error');
      assert.equal(document.getText(), SHED);
      assert.equal(draftDocument().getText(draftEditor().selection), 'DETAIL', 'the words are shown');
      await replace(draftEditor(), ' DETAIL follows here.', '');
      await draft('accept');
      assert.deepEqual(provenance(document.getText()).map(({ edited, text: step }) => [edited, step]), [[true, 'Maybe so.'], [true, CORRECTION]]);
      assert.match(String(provenance(document.getText())[0]?.['guard']), /^no by/);
    }, guard.url));

  it('is asked about where the guard is unsure', () =>
    withTeacher(teacher.url, async () => {
      text = JSON.stringify({ temptation: 'Maybe so. UNSURE words.', correction: CORRECTION });
      const { document } = await shed();
      await craft({ recipe: T_C });
      const said = await answeringDialogs(() => draft('accept'));
      assert.equal(said[0]?.modal, true);
      assert.equal(document.getText(), SHED);
      await answeringDialogs(() => draft('accept'), { 'not sure': 'Accept All the Same' });
      assert.match(String(provenance(document.getText())[0]?.['guard']), /^unsure by scripted-guard-1/);
    }, guard.url));

  it('whose guard fails is not checked: the person decides, and provenance says nothing of a guard', () =>
    withTeacher(teacher.url, async () => {
      guard.fault(faults.unauthorized, { times: Infinity });
      const { document } = await shed();
      await craft({ recipe: T_C });
      const said = await answeringDialogs(() => draft('accept'));
      assert.deepEqual(said[0]?.buttons, ['Try Again', 'Accept Unchecked']);
      assert.equal(document.getText(), SHED);
      await answeringDialogs(() => draft('accept'), { 'CoT Lens': 'Accept Unchecked' });
      assert.equal(provenance(document.getText())[0]?.['guard'], undefined);
    }, guard.url));

  it('polishes the seam: small changes that are accepted or refused', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      await draft('accept');
      const before = document.getText();
      await vscode.commands.executeCommand('cotLens.polishSeam');
      await draftShows('So, The shed is locked');
      assert.match(draftTabs().join(), /Polished seam \(draft\)/);
      await replace(draftEditor(), 'So, I should not', 'I should not');
      await draft('accept');
      assert.equal(document.getText(), before.replace('The shed is locked', 'So, The shed is locked'), 'one change was refused in the draft, the other accepted');
      assert.equal(provenance(document.getText()).length, 2);
      await undo();
      assert.equal(document.getText(), before);
    }));

  it('polishes anew the seam of its own steps, after asking for what was typed', () =>
    withTeacher(teacher.url, async () => {
      const editor = await shed();
      const { document } = editor;
      await craft({ recipe: T_C });
      await draft('accept');
      await vscode.commands.executeCommand('cotLens.polishSeam');
      await draftShows('So, The shed is locked');
      await replace(draftEditor(), 'So, The shed', 'Well, the shed');
      const [asked] = await answeringDialogs(() => draft('regenerate'));
      assert.equal(asked?.modal, true);
      assert.match(draftDocument().getText(), /Well, the shed/, 'what was typed is kept');
      teacher.fault(faults.unauthorized);
      await answeringDialogs(() => draft('regenerate'), { 'Write this draft anew': 'Write Anew' });
      assert.match(draftDocument().getText(), /Well, the shed/, 'and stays while there is no other');
      await answeringDialogs(() => draft('regenerate'), { 'Write this draft anew': 'Write Anew' });
      await draftShows('So, The shed is locked');
      assert.equal(draftTabs().length, 1);
      await draft('accept');
      assert.match(document.getText(), /So, The shed is locked[^]*So, I should not/);
    }));

  it('of a polish that no guard checked takes away what a guard said before', () =>
    withTeacher(teacher.url, async () => {
      const { document } = await shed();
      await craft({ recipe: T_C });
      await draft('accept');
      assert.match(String(provenance(document.getText())[0]?.['guard']), /^no by/);
      const before = document.getText();
      await vscode.commands.executeCommand('cotLens.polishSeam');
      await draftShows('So, The shed is locked');
      guard.fault(faults.unauthorized, { times: Infinity });
      await answeringDialogs(() => draft('accept'), { 'CoT Lens': 'Accept Unchecked' });
      assert.match(document.getText(), /So, The shed is locked/);
      assert.deepEqual(provenance(document.getText()).map((made) => made['guard']), [undefined, undefined]);
      await undo();
      assert.equal(document.getText(), before, 'in one change');
    }, guard.url));

  it('with other recipes: a rewritten step, and a prefill of several steps', () =>
    withTeacher(teacher.url, async () => {
      const editor = await shed();
      await craft({ recipe: 'recompose-step' });
      assert.equal(draftDocument().getText(), SHED.replace('The shed is locked and belongs to somebody else.', 'Let me look at this once more and hold to what is sound here.'));
      await draft('accept');
      assert.deepEqual(provenance(editor.document.getText()).map(({ role }) => role), ['recomposed']);
      await undo();
      await craft({ recipe: 'counter-aligned-prefill' });
      await draft('accept');
      assert.deepEqual(provenance(editor.document.getText()).map(({ role, step }) => [role, step]), [['prefill', 0], ['prefill', 1]]);
      await undo();
      assert.equal(editor.document.getText(), SHED);
    }));
});
