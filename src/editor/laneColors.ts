import * as vscode from 'vscode';
import type { Series } from '../curve/series';

/** The contributed theme colour of a score, 1 … 5. */
export function scoreColor(series: Series, score: number): vscode.ThemeColor {
  return new vscode.ThemeColor(`cotLens.${series}${String(score)}`);
}

/** The same as a CSS value, for what has to be written as CSS; follows the theme by itself. */
export function scoreColorCss(series: Series, score: number): string {
  return `var(--vscode-cotLens-${series}${String(score)})`;
}

/** Harmfulness is marked at the ruler's right, helpfulness at its left, so that both can be read at once. */
export function rulerLane(series: Series): vscode.OverviewRulerLane {
  return series === 'harmfulness' ? vscode.OverviewRulerLane.Right : vscode.OverviewRulerLane.Left;
}
