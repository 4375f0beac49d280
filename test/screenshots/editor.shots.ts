import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { openFile, setTheme, themes } from '../harness/workbench';

describe('pictures of the editor', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder() });
    page = await ui.open();
    await openFile(page, 'peak-temptation-correction.cot');
  });
  after(() => ui.stop());

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`in the ${theme} theme`, async () => {
      await setTheme(page, ui.server, theme);
      await picture(page, path.join(root, 'media/screenshots', `editor-${theme.replaceAll(' ', '-')}.png`));
    });
  }
});
