import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { sharedUi } from '../harness/ui';
import { languageName, openFile, visibleLines } from '../harness/workbench';

describe('the installed extension', () => {
  let page: Page;
  before(async () => {
    page = await (await sharedUi()).open();
  });
  after(() => page.context().close());

  it('opens a .cot file as a reasoning trace', async () => {
    await openFile(page, 'lock.cot');
    assert.equal(await languageName(page), 'Reasoning Trace');
    assert.ok((await visibleLines(page)).includes('<think>'));
  });
});
