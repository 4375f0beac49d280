import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type Settings = Readonly<Record<string, unknown>>;

/** A quiet VS Code: no network, no tips, nothing that competes for space in screenshots. */
export const quietSettings: Settings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.commandCenter': false,
  'files.simpleDialog.enable': true,
};

type Layer = 'User' | 'Machine';
const fileIn = (userData: string, layer: Layer): string => path.join(userData, layer, 'settings.json');

function write(userData: string, layer: Layer, settings: Settings): void {
  mkdirSync(path.dirname(fileIn(userData, layer)), { recursive: true });
  writeFileSync(fileIn(userData, layer), JSON.stringify(settings, null, 2));
}

/** Writes the settings that VS Code starts with. */
export function writeSettings(userData: string, settings: Settings): void {
  write(userData, 'User', settings);
  write(userData, 'Machine', {});
}

/**
 * Changes settings under a running VS Code, which sees it within half a second. They go to the machine's
 * layer, since a VS Code in a browser does not watch the user's; so `application` settings need a new start.
 */
export function changeSettings({ userData }: { readonly userData: string }, settings: Settings): void {
  const before = JSON.parse(readFileSync(fileIn(userData, 'Machine'), 'utf8')) as Settings;
  write(userData, 'Machine', { ...before, ...settings });
}
