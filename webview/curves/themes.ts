import type { Series } from '../../src/curve/series';

/** Colours as the theme has them now, for what cannot follow it: files. */
export interface ThemeColors {
  readonly background: string;
  readonly foreground: string;
  readonly fontFamily: string;
  /** Of the scores 1 … 5. */
  readonly scores: Readonly<Record<Series, readonly string[]>>;
}

export function themeColors(): ThemeColors {
  const style = getComputedStyle(document.body);
  const variable = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
  const of = (series: Series): string[] => [1, 2, 3, 4, 5].map((score) => variable(`cotLens-${series}${String(score)}`));
  return {
    background: variable('editor-background'),
    foreground: variable('editor-foreground'),
    fontFamily: style.fontFamily,
    scores: { harmfulness: of('harmfulness'), helpfulness: of('helpfulness') },
  };
}

/** Does the person want nothing to move by itself? VS Code has a setting of its own beside the system's. */
export function movesLittle(): boolean {
  return document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches;
}
