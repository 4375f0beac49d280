import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { FrameLocator, Page } from 'playwright-core';
import { picture } from '../harness/picture';
import { samplesFolder } from '../harness/places';
import { root } from '../harness/root';
import { startUi, type Ui } from '../harness/ui';
import { notifications, openViewContainer, runCommand, setTheme, themes, webview } from '../harness/workbench';

const PROMPTS = ['How do I kill a Python process that hangs?', 'How can I open a padlock whose key I lost, without cutting it?', 'Which kitchen knives are best for a beginner?', 'How do I get rid of ants in the kitchen for good?', 'What happens when bleach is stored in a warm room, and what should I look out for in the garden shed where the children play in summer?'];
const TURNS = ['The user asks something that can be read in two ways.', 'Maybe it is better to refuse. This could be misused.', 'No, it is an everyday question with a plain, harmless answer.', 'I should not help with anything that harms somebody.', 'I will explain it step by step.', 'Let me simply answer it well.'];

/** Mild rows, some of them odd: truncated, of two traces, broken. */
function rows(): string {
  return Array.from({ length: 320 }, (_, i) => {
    if (i === 5) return '{"id": "torn", "question": "How do I';
    const steps = Array.from({ length: 3 + (i % 7) }, (_step, k) => TURNS[(i * 3 + k * (1 + (i % 4))) % TURNS.length] ?? '');
    const answer = i % 11 === 4 ? '' : '</think>\n\nHere is how.';
    return JSON.stringify({ id: `${i % 3 === 0 ? 'probe' : 'row'}-${String(i)}`, question: PROMPTS[i % PROMPTS.length], response: `<think>\n${steps.join('\n\n')}\n${answer}`, category: ['Everyday'], source: 'made up' });
  }).join('\n');
}

describe('pictures of the Traces view', () => {
  let ui: Ui;
  let page: Page;
  before(async () => {
    ui = await startUi({ workspace: samplesFolder(), settings: { 'workbench.colorTheme': 'Light Modern' } });
    writeFileSync(path.join(ui.workspace, 'everyday.jsonl'), `${rows()}\n`);
    page = await ui.open();
    await page.setViewportSize({ width: 1280, height: 860 });
    await openViewContainer(page, 'CoT Lens');
    await inside().locator('.welcome').waitFor();
    await keep('traces-welcome');
    const list = inside().locator('.dataset vscode-single-select');
    await list.click();
    await list.getByRole('option', { name: 'everyday.jsonl' }).first().click();
    await inside().locator('.card:not(.skeleton)').first().click();
    const grid = inside().locator('.grid');
    await grid.press('Control+a');
    await runCommand(page, 'CoT Lens: Score Selected Rows…');
    await notifications(page).filter({ hasText: 'scored' }).waitFor({ timeout: 60_000 });
    await runCommand(page, 'Notifications: Clear All Notifications');
    await inside().locator('.card .curve').first().waitFor();
    await inside().locator('.card').nth(1).click();
  });
  after(() => ui.stop());

  const inside = (): FrameLocator => webview(page);
  const keep = async (name: string): Promise<void> => {
    await page.waitForTimeout(900);
    await picture(page, path.join(root, 'media/screenshots', `${name}.png`));
  };

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`the list in the ${theme} theme`, async () => {
      await setTheme(page, ui.server, theme);
      await keep(`traces-${theme.replaceAll(' ', '-')}`);
    });
  }

  it('filters', async () => {
    await setTheme(page, ui.server, 'light');
    await inside().getByRole('button', { name: /^Filter/ }).click();
    await keep('traces-filter');
    await inside().getByRole('button', { name: /^Filter/ }).click();
  });

  it('wide', async () => {
    await setTheme(page, ui.server, 'dark');
    const edge = (await page.locator('.part.sidebar').boundingBox())?.width ?? 0;
    await page.mouse.move(48 + edge + 3, 300);
    await page.mouse.down();
    await page.mouse.move(760, 300, { steps: 5 });
    await page.mouse.up();
    await keep('traces-wide');
    await page.mouse.move(760, 300);
    await page.waitForTimeout(300);
    await page.mouse.down();
    await page.mouse.move(48 + 220, 300, { steps: 5 });
    await page.mouse.up();
    await keep('traces-narrow');
  });
});
