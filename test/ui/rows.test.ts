import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { laneView } from '../harness/lane';
import { writeScoredRows } from '../harness/scoredRows';
import { startUi, type Ui } from '../harness/ui';
import { answer, clickLine, codeLenses, notifications, openFile, runCommand, visibleLines } from '../harness/workbench';

const starRow = (id: string): string => {
  const response = `<think>\nFirst of ${id}.\n\nSecond of ${id}.\n\nThird of ${id}.\n</think>\n\nAnswer ${id}.`;
  return JSON.stringify({ id, question: `Question ${id}?`, response, category: ['Kitchen'], source: 'garden', score: { a: 5 } });
};
const TEN = Array.from({ length: 10 }, (_, i) => `${starRow(String(i + 1))}\n`).join('');

async function eventually<T>(check: () => T | Promise<T>, within = 15_000): Promise<T> {
  for (const end = Date.now() + within; ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(100);
  }
}

describe('rows of a dataset in windows', () => {
  let ui: Ui;
  let count = 0;
  let name = '';
  const pages: Page[] = [];
  before(async function () {
    this.timeout(180_000);
    ui = await startUi();
  });
  after(() => ui.stop());
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });

  const file = (): string => path.join(ui.workspace, name);
  const onDisk = (): string => readFileSync(file(), 'utf8');

  /** A window that shows a row of a dataset. */
  async function windowWithRow(number: number): Promise<Page> {
    const page = await ui.open();
    pages.push(page);
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    await openFile(page, name);
    await runCommand(page, 'CoT Lens: Open Row…');
    await answer(page, String(number));
    await page.locator(`.tab.active[data-resource-name="${String(number)}.row${String(number)}.cot"]`).waitFor();
    await shows(page, `Second of ${String(number)}.`);
    return page;
  }

  const shows = (page: Page, text: string): Promise<void> =>
    eventually(async () => {
      const lines = await visibleLines(page);
      assert.ok(lines.some((line) => line.includes(text)), `“${text}” shows in ${JSON.stringify(lines)}`);
    });

  async function type(page: Page, line: string, text: string): Promise<void> {
    await clickLine(page, line);
    await page.keyboard.press('End');
    await page.keyboard.type(text);
    await page.locator('.tab.active.dirty').waitFor();
  }

  async function saved(page: Page): Promise<void> {
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active:not(.dirty)').waitFor();
  }

  /** Waits until VS Code has noted that an editor is open: in a browser it does so every few seconds, and not when the page goes away. */
  const noted = (page: Page, tab: string): Promise<void> =>
    eventually(async () => {
      const states = await page.evaluate(async () => {
        const databases = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('vscode-web-state-db') ? [name] : []));
        const answer = <T>(request: IDBRequest<T>): Promise<T> =>
          new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(new Error('IndexedDB did not answer'));
          });
        return Promise.all(
          databases.map(async (name) => {
            const database = await answer(indexedDB.open(name));
            const state: unknown = await answer(database.transaction('ItemTable').objectStore('ItemTable').get('memento/workbench.parts.editor'));
            database.close();
            return String(state);
          }),
        );
      });
      assert.ok(states.some((state) => state.includes(tab)), `VS Code has noted ${tab}`);
    }, 30_000);

  async function reload(page: Page, tab = '.tab.dirty'): Promise<void> {
    // Unsaved text is backed up within a second or two.
    await sleep(3000);
    const shown = await page.locator('.tab.active').getAttribute('data-resource-name');
    await noted(page, shown ?? '');
    await page.reload();
    await page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
    // Unsaved rows of windows that are closed by now may come back in this one, beside its own.
    const own = tab.includes('[') ? tab : `${tab}[data-resource-name="${shown ?? ''}"]`;
    await page.locator(own).waitFor({ timeout: 40_000 });
    // VS Code notes only now and then which tab is in front; the dataset's own may be.
    await page.locator(own).click();
    await page.locator(own.replace('.tab', '.tab.active')).waitFor();
  }

  const asksAbout = (page: Page, words: string): Promise<void> => notifications(page).filter({ hasText: words }).first().waitFor();

  const press = (page: Page, button: string): Promise<void> =>
    page.locator('.notifications-toasts .monaco-button').filter({ hasText: button }).first().click();

  function newDataset(): void {
    name = `set${String(++count)}.jsonl`;
    writeFileSync(file(), TEN);
  }

  it('after a reload unsaved text is there again, and is saved as ever', async () => {
    newDataset();
    const page = await windowWithRow(3);
    await type(page, 'Second of 3.', ' Mine.');
    await reload(page);
    await shows(page, 'Second of 3. Mine.');
    await clickLine(page, 'Second of 3.');
    await saved(page);
    assert.equal(onDisk(), TEN.replace('Second of 3.', 'Second of 3. Mine.'));
  }).timeout(180_000);

  it('after a reload a row shows text, lane and lens, clean and with unsaved changes', async () => {
    name = `set${String(++count)}.jsonl`;
    const steps = (id: string): string[] => [`First of ${id}.`, `Second of ${id}.`, `Third of ${id}.`];
    const rows = ['1', '2'].map((id) => ({ id, prompt: `Question ${id}?`, steps: steps(id), answer: `Answer ${id}.`, harmfulness: [1, 4, 2] as const }));
    writeScoredRows(ui.workspace, name, rows);
    const page = await windowWithRow(1);
    const showsAll = async (): Promise<void> => {
      await shows(page, 'Second of 1.');
      await eventually(async () => {
        assert.ok((await codeLenses(page).count()) > 0, 'the lens is there');
        assert.ok((await laneView(page)).rows.some(({ pieces }) => pieces.length > 0), 'the curve is drawn');
      }, 30_000);
    };
    await showsAll();
    await reload(page, '.tab[data-resource-name="1.row1.cot"]');
    await showsAll();
    // And it is followed: what changes on disk shows.
    writeFileSync(file(), onDisk().replace('Third of 1.', 'Third, by another.'));
    await shows(page, 'Third, by another.');
    await type(page, 'Third, by another.', ' Mine.');
    await reload(page);
    await showsAll();
    await shows(page, 'Third, by another. Mine.');
  }).timeout(180_000);

  it('after a reload a change on disk meanwhile is a conflict: nothing is written unasked', async () => {
    newDataset();
    const page = await windowWithRow(4);
    await type(page, 'Second of 4.', ' Mine.');
    const other = TEN.replace('First of 4.', 'Fists of 4.');
    writeFileSync(file(), other);
    await reload(page);
    await shows(page, 'Second of 4. Mine.');
    await clickLine(page, 'Second of 4.');
    await page.keyboard.press('Control+S');
    await asksAbout(page, 'changed on disk');
    assert.equal(onDisk(), other);
    await press(page, 'Overwrite');
    await eventually(() => {
      assert.equal(onDisk(), TEN.replace('Second of 4.', 'Second of 4. Mine.'));
    });
    await page.locator('.tab.active:not(.dirty)').waitFor();
  }).timeout(180_000);

  it('two windows on one row: the later save asks, and each sees what the other saved', async () => {
    newDataset();
    const [one, two] = [await windowWithRow(5), await windowWithRow(5)];
    await type(one, 'Second of 5.', ' One.');
    await type(two, 'Third of 5.', ' Two.');
    await saved(two);
    assert.equal(onDisk(), TEN.replace('Third of 5.', 'Third of 5. Two.'));
    await clickLine(one, 'Second of 5.');
    await one.keyboard.press('Control+S');
    await asksAbout(one, 'changed on disk');
    assert.equal(onDisk(), TEN.replace('Third of 5.', 'Third of 5. Two.'));
    await press(one, 'Overwrite');
    await eventually(() => {
      assert.equal(onDisk(), TEN.replace('Second of 5.', 'Second of 5. One.'));
    });
    await shows(two, 'Second of 5. One.');
  }).timeout(180_000);

  it('two windows on two rows of one file: both are saved, and nobody is asked', async () => {
    newDataset();
    const [one, two] = [await windowWithRow(6), await windowWithRow(7)];
    await type(one, 'Second of 6.', ' One.');
    await type(two, 'Second of 7.', ' Two.');
    await saved(two);
    await clickLine(one, 'Second of 6.');
    await saved(one);
    assert.equal(onDisk(), TEN.replace('Second of 6.', 'Second of 6. One.').replace('Second of 7.', 'Second of 7. Two.'));
  }).timeout(180_000);

  it('what the other window saw does not stand for what this one did, also after a reload', async () => {
    newDataset();
    const [one, two] = [await windowWithRow(8), await windowWithRow(8)];
    await type(one, 'Second of 8.', ' One.');
    await type(two, 'Third of 8.', ' Two.');
    await saved(two);
    const other = onDisk();
    await reload(one);
    await clickLine(one, 'Second of 8.');
    await one.keyboard.press('Control+S');
    await asksAbout(one, 'changed on disk');
    assert.equal(onDisk(), other);
  }).timeout(180_000);
});
