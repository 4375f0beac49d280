import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { printSample } from '../../src/curate/sampleLine';
import { trainingRecipe } from '../../src/train/recipes';
import { startFakeRay, type FakeRay } from '../harness/fakeRay';
import { picture } from '../harness/picture';
import { root } from '../harness/root';
import { changeSettings } from '../harness/settings';
import { sampleOf } from '../harness/shedSamples';
import { startUi, type Ui } from '../harness/ui';
import { openViewContainer, pick, runCommand, setTheme } from '../harness/workbench';
import { PLAIN } from '../unit/curate/chatTemplates';

/** The pictures of README.md of a launch, up to its last question: `npm run screenshots` takes them anew in media/screenshots/. */
describe('pictures of a launch', () => {
  let ui: Ui;
  let page: Page;
  let ray: FakeRay;
  let model = '';
  before(async () => {
    ray = await startFakeRay();
    ui = await startUi({ settings: { 'workbench.colorTheme': 'Light Modern', 'window.dialogStyle': 'custom' } });
    changeSettings(ui.server, { 'cotLens.backends': [{ kind: 'ray', name: 'lab cluster', url: ray.url }] });
    model = path.join(ui.workspace, 'models/qwen-3-4b');
    mkdirSync(model, { recursive: true });
    writeFileSync(path.join(model, 'tokenizer_config.json'), JSON.stringify({ ...PLAIN.tokens, chat_template: PLAIN.template }));
    const samples = Array.from({ length: 128 }, (_one, i) => sampleOf(i));
    writeFileSync(path.join(ui.workspace, 'sheds.curated.jsonl'), samples.map((sample) => `${printSample(sample)}\n`).join(''));
    const read = trainingRecipe('advchain-sft')?.read({ recipe: 'advchain-sft', model: 'Qwen/Qwen3-4B', outputDir: '/shared/runs/sheds' });
    if (read === undefined || 'faults' in read) throw new Error(read?.faults.join('\n') ?? 'no recipe');
    writeFileSync(path.join(ui.workspace, 'sheds.advchain-sft.recipe.json'), JSON.stringify(read.values, undefined, 2));
    page = await ui.open();
    await page.locator('.activitybar a[aria-label^="CoT Lens"]').waitFor({ timeout: 40_000 });
    await openViewContainer(page, 'CoT Lens');
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  after(async () => {
    await ui.stop();
    await ray.stop();
  });

  const keep = async (name: string): Promise<void> => {
    await page.mouse.move(1200, 880);
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };
  const row = (text: string) => page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();

  async function toTheLastQuestion(): Promise<void> {
    await runCommand(page, 'CoT Lens: Launch Fine-Tune…');
    await pick(page, 'sheds');
    await pick(page, 'lab cluster');
    await row('the recipe file beside the set').click();
    await row('as before').click();
    await page.locator('.quick-input-widget:visible .quick-input-message').filter({ hasText: 'Where the trained model is written' }).waitFor();
    await page.keyboard.press('Enter');
    await row('Launch on lab cluster').or(row('Model’s Folder…')).first().waitFor({ timeout: 60_000 });
    if (await row('qwen-3-4b').isVisible()) await row('qwen-3-4b').click();
    else {
      await row('Model’s Folder…').click();
      const place = page.locator('.quick-input-widget:visible .quick-input-box input');
      await page.locator('.quick-input-widget:visible .monaco-button').first().waitFor();
      // The dialog lists its first folder before it hears what is typed.
      await page.waitForTimeout(1500);
      await place.fill(`${model}/`);
      await page.waitForTimeout(500);
      await page.locator('.quick-input-widget:visible .monaco-button').first().click();
    }
    await row('Launch on lab cluster').waitFor({ timeout: 60_000 });
  }

  it('what was looked at before a launch, in each theme and narrow', async () => {
    await toTheLastQuestion();
    await keep('launch-light');
    await page.keyboard.press('Escape');
    for (const [theme, name] of [['dark', 'launch-dark'], ['high contrast dark', 'launch-high-contrast']] as const) {
      await setTheme(page, ui.server, theme);
      await toTheLastQuestion();
      await keep(name);
      await page.keyboard.press('Escape');
    }
    await setTheme(page, ui.server, 'light');
    await page.setViewportSize({ width: 500, height: 900 });
    await toTheLastQuestion();
    await keep('launch-narrow');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('everything that would be sent, and the question', async () => {
    await toTheLastQuestion();
    await row('Preview Everything').click();
    await page.locator('.editor-group-container.active .view-line').filter({ hasText: '/api/packages/gcs/' }).first().waitFor();
    await row('Back to What Was Looked At').waitFor();
    await keep('launch-preview');
  });
});
