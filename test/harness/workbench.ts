import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { changeSettings } from './settings';
import type { Server } from './server';

/** Opens VS Code in a browser tab of its own and waits until it can be used. */
export async function openWorkbench(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  await page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 40_000 });
  return page;
}

/** So close to the lower edge of an editor, in pixels, a line may be hidden in part. */
const EDGE = 120;

const quickInput = (page: Page): Locator => page.locator('.quick-input-widget:visible .quick-input-box input');
const quickRows = (page: Page): Locator => page.locator('.quick-input-list .monaco-list-row');

/** Types into the quick input that is open and clicks a row of what it finds. */
async function choose(page: Page, typed: string, row: Locator): Promise<void> {
  await quickInput(page).fill(typed);
  await row.waitFor();
  await clickSettled(page, typed, row);
}

/** Clicks a row of what was found for `typed`, once the list stands still. */
async function clickSettled(page: Page, typed: string, row: Locator): Promise<void> {
  // The list is built again while results come in; a click on a row that is being replaced is lost.
  const labels = (): Promise<(string | null)[]> =>
    quickRows(page).evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label')));
  for (let before = '', now = '-'; before !== now; ) {
    before = now;
    await page.waitForTimeout(250);
    now = (await labels()).join('\n');
  }
  await row.click();
  // What opens next may use the same box: nothing may be typed before this one is done.
  await page.waitForFunction(
    (text) =>
      [...document.querySelectorAll<HTMLInputElement>('.quick-input-box input')].every(
        (box) => box.value !== text || !box.checkVisibility(),
      ),
    typed,
  );
}

/** How often, and how long in milliseconds, a command is looked for in the palette. */
const PALETTE_TRIES = 6;
const PALETTE_PATIENCE = 4000;

/**
 * Looks a command up by its title in the command palette, and leaves the palette open. It lists what can be run when it opens, and no
 * more; a command that can be run a moment later is found as a person finds it, by opening the palette again.
 */
async function inPalette(page: Page, title: string): Promise<Locator> {
  const row = quickRows(page).filter({ hasText: title }).first();
  for (let tries = 1; ; tries++) {
    await page.keyboard.press('F1');
    try {
      // A window that has just opened may not hear the key yet.
      await quickInput(page).fill(`>${title}`, { timeout: PALETTE_PATIENCE });
      await row.waitFor({ timeout: PALETTE_PATIENCE });
      return row;
    } catch (error) {
      if (tries === PALETTE_TRIES) throw error;
      // Where no palette came, Escape would be what is below it to hear.
      if ((await quickInput(page).count()) === 0) continue;
      await page.keyboard.press('Escape');
      await quickInput(page).waitFor({ state: 'detached' });
    }
  }
}

/** Runs a command by its title in the command palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await clickSettled(page, `>${title}`, await inPalette(page, title));
}

/** Picks a row of the quick pick that is open, by typing what it is called. */
export async function pick(page: Page, text: string): Promise<void> {
  await choose(page, text, quickRows(page).filter({ hasText: text }).first());
}

/** Types into the input box that is open and accepts it. */
export async function answer(page: Page, text: string): Promise<void> {
  await quickInput(page).fill(text);
  await page.keyboard.press('Enter');
}

/** Opens a file of the workspace by its name or path and waits for its text. */
export async function openFile(page: Page, file: string): Promise<void> {
  const name = file.split('/').at(-1) ?? file;
  await page.keyboard.press('Control+P');
  // By its label, since a preview or a diff of the file may be listed before the file itself.
  await choose(page, file, page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`).first());
  await page.locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`).waitFor();
  await activeEditor(page).locator('.view-line').first().waitFor();
}

/** The text editor that is active. */
export function activeEditor(page: Page): Locator {
  return page.locator('.editor-group-container.active .editor-instance .monaco-editor').filter({ visible: true }).first();
}

/** Puts the cursor into the first visible line that holds this text, scrolled away from the edge of the editor as a person would. */
export async function clickLine(page: Page, text: string): Promise<void> {
  const editor = activeEditor(page);
  const line = editor.locator('.view-line').filter({ hasText: text }).first();
  await line.waitFor();
  for (let tries = 0; tries < 5; tries++) {
    const [frame, place] = [await editor.boundingBox(), await line.boundingBox()];
    if (frame === null || place === null || place.y + place.height < frame.y + frame.height - EDGE) break;
    await page.mouse.move(frame.x + frame.width / 3, frame.y + frame.height / 2);
    await page.mouse.wheel(0, EDGE);
    await page.waitForTimeout(200);
  }
  await line.click();
}

/** Reloads the window by VS Code's own command, which writes its state first; a browser's reload may lose the last minute of it. */
export async function reloadWindow(page: Page): Promise<void> {
  await inPalette(page, 'Developer: Reload Window');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
}

/** The visible text of the active editor, line by line. */
export async function visibleLines(page: Page): Promise<string[]> {
  const lines = await activeEditor(page)
    .locator('.view-line')
    .evaluateAll((all) =>
      all.map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent })).sort((a, b) => a.top - b.top),
    );
  // VS Code draws spaces as no-break spaces.
  return lines.map(({ text }) => (text ?? '').replaceAll('\u00a0', ' '));
}

/** The language of the active editor, as the status bar names it. */
export async function languageName(page: Page): Promise<string> {
  return (await page.locator('.statusbar-item[id="status.editor.mode"]').innerText()).trim();
}

/** A status bar item by a part of its text. */
export function statusItem(page: Page, text: string): Locator {
  return page.locator('.statusbar-item').filter({ hasText: text }).first();
}

/** The CodeLenses of the active editor; click one of them as a link. */
export function codeLenses(page: Page): Locator {
  return activeEditor(page).locator('.codelens-decoration a');
}

export function codeLens(page: Page, text: string): Locator {
  return codeLenses(page).filter({ hasText: text }).first();
}

/** Opens the lightbulb's menu at the cursor and runs the entry with this title. */
export async function runCodeAction(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+.');
  const rows = page.locator('.action-widget .monaco-list-row.action');
  await rows.filter({ hasText: title }).first().waitFor();
  const at = (await rows.allTextContents()).findIndex((text) => text.includes(title));
  for (let moved = 0; moved < at; moved += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

/** Shows a view container of the activity bar. A click on the one that shows would hide it. */
export async function openViewContainer(page: Page, title: string): Promise<void> {
  const item = page.locator('.activitybar .action-item').filter({ has: page.locator(`a[aria-label^="${title}"]`) });
  if ((await item.first().getAttribute('aria-expanded')) === 'true') return;
  await item.first().click();
}

/** The rows of the trees in the side bar. */
export function treeRows(page: Page): Locator {
  return page.locator('.sidebar .pane-body .monaco-list-row');
}

/** The messages of the notifications that show. */
export function notifications(page: Page): Locator {
  return page.locator('.notifications-toasts .notification-list-item-message');
}

/** The inside of the webview that shows. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').first().frameLocator('iframe#active-frame');
}

/** The built-in themes, with the class that the workbench has under each. */
export const themes = {
  dark: { name: 'Dark Modern', class: 'vs-dark' },
  light: { name: 'Light Modern', class: 'vs' },
  'high contrast dark': { name: 'Default High Contrast', class: 'hc-black' },
  'high contrast light': { name: 'Default High Contrast Light', class: 'hc-light' },
} as const;

/** Changes the colour theme and waits until it shows. */
export async function setTheme(page: Page, server: Server, theme: keyof typeof themes): Promise<void> {
  changeSettings(server, { 'workbench.colorTheme': themes[theme].name });
  await page.locator(`.monaco-workbench.${themes[theme].class}`).waitFor();
}
