import * as vscode from 'vscode';
import type { ChartColors } from '../curve/curveChart';

/** The defaults of our theme colours for images, which cannot see the theme itself. */
export function chartColors(kind: vscode.ColorThemeKind): ChartColors {
  switch (kind) {
    case vscode.ColorThemeKind.Light:
      return { harmfulness: '#c9510c', helpfulness: '#0a66c2', grid: '#0000001c', text: '#555555' };
    case vscode.ColorThemeKind.HighContrastLight:
      return { harmfulness: '#8f2e00', helpfulness: '#00408a', grid: '#00000055', text: '#000000' };
    case vscode.ColorThemeKind.HighContrast:
      return { harmfulness: '#ff9c42', helpfulness: '#4fc3ff', grid: '#ffffff55', text: '#ffffff' };
    case vscode.ColorThemeKind.Dark:
      return { harmfulness: '#f0883e', helpfulness: '#3ea6ff', grid: '#ffffff1f', text: '#bbbbbb' };
  }
}
