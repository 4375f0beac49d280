import type { Page } from 'playwright-core';
import { activeEditor } from './workbench';

/** A whole-line decoration as the browser paints it, in pixels of the page. */
export interface PaintedLine {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly backgroundColor: string;
  readonly backgroundImage: string;
  readonly backgroundPosition: string;
  readonly backgroundSize: string;
  readonly borderLeft: string;
}

/** The whole-line decorations of the active editor that paint something, from top to bottom. */
export async function paintedLines(page: Page): Promise<PaintedLine[]> {
  return activeEditor(page)
    .locator('.view-overlays .cdr')
    .evaluateAll((elements) =>
      elements
        // Selections and highlighted words stand in the same place and are narrower.
        .filter((element) => (element as HTMLElement).style.width === '100%')
        .map((element) => {
          const { top, left, width, height } = element.getBoundingClientRect();
          const style = getComputedStyle(element);
          const { backgroundColor, backgroundImage, backgroundPosition, backgroundSize } = style;
          const borderLeft = `${style.borderLeftWidth} ${style.borderLeftStyle} ${style.borderLeftColor}`;
          return {
            ...{ top, left, width, height },
            ...{ backgroundColor, backgroundImage, backgroundPosition, backgroundSize, borderLeft },
          };
        })
        .filter(
          (line) =>
            line.backgroundImage !== 'none' ||
            line.backgroundColor !== 'rgba(0, 0, 0, 0)' ||
            !line.borderLeft.startsWith('0px'),
        )
        .sort((a, b) => a.top - b.top),
    );
}

/** The texts that decorations attach before or after the text; they stand in no DOM node. */
export async function attachedTexts(page: Page): Promise<string[]> {
  const contents = await activeEditor(page)
    .locator('.view-line span')
    .evaluateAll((spans) =>
      spans.flatMap((span) => ['::before', '::after'].map((pseudo) => getComputedStyle(span, pseudo).content)),
    );
  return contents
    .filter((content) => content.startsWith('"') && content !== '""')
    .map((content) => content.slice(1, -1).replaceAll('\\"', '"'));
}
