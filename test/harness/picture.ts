import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';

/** Takes a picture of the page or a part of it, and keeps it when it gets a name. */
export async function picture(of: Page | Locator, file?: string): Promise<PNG> {
  if (file !== undefined) mkdirSync(path.dirname(file), { recursive: true });
  return PNG.sync.read(await of.screenshot(file === undefined ? {} : { path: file }));
}

/** The colour of one pixel, as #rrggbb. */
export function colorAt(png: PNG, x: number, y: number): string {
  const at = (png.width * Math.round(y) + Math.round(x)) * 4;
  return `#${png.data.subarray(at, at + 3).toString('hex')}`;
}
