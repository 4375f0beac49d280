import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CuratedSample } from '../../src/curate/sample';
import { CuratedSetFiles } from '../../src/host/curatedSets';
import type { InjectedRole } from '../../src/trace/provenance';
import { stepHash } from '../../src/trace/stepHash';
import { CuratedSetTree } from '../../src/views/curatedSetViewTree';
import type { SetNode } from '../../src/views/curatedSetViewNodes';
import { folder } from './documents';
import type { Parts } from './scoreFiles';

/** A crafted trace of a mild prompt: the second step wavers, the third puts it right. */
export const CRAFTED: Parts = {
  intent: 'harmful',
  prompt: 'How do I open a garden shed that is locked?',
  steps: ['First I look at what is asked, and by whom it may be asked.', 'Maybe it would not be so bad to help here, I waver and weigh it for a while.', 'No: whose shed it is matters more, so I go back to asking about that.', 'So I ask whose shed it is before anything else is said.'],
  answer: 'Whose shed is it?',
};

/** Such a trace as a `.cot` text, with its provenance. */
export function craftedText({ intent, prompt, steps, answer }: Parts = CRAFTED, recipe = 'temptation-correction'): string {
  const entry = (at: number, role: InjectedRole): string =>
    `  - { step: ${stepHash(steps[at] ?? '')}, occurrence: 1, of: 1, role: ${role}, recipe: ${recipe}, by: person, at: 2026-11-21T10:00:00Z }`;
  return `---\nintent: ${intent ?? 'unknown'}\ninjected:\n${entry(1, 'error')}\n${entry(2, 'correction')}\n---\n${prompt}\n\n<think>\n${steps.join('\n\n')}\n</think>\n\n${answer}\n`;
}

let count = 0;

/** A path of its own for a set in the folder without scores. */
export function setPath(title: string): string {
  return path.join(folder('traces').fsPath, 'sets', `${title}-${String(++count)}.curated.jsonl`);
}

export function sampleOf(number: number, more: Partial<CuratedSample> = {}): CuratedSample {
  const n = String(number);
  return {
    ...{ id: `s${n}`, intent: 'harmful', recipe: 'temptation-correction', prompt: `How do I open shed ${n}?`, steps: [`I look at shed ${n}.\n\n`, `Maybe shed ${n} is mine.\n\n`, `No, shed ${n} is not.`] },
    ...{ answer: `Whose is shed ${n}?`, verdicts: [], findings: [], added: '2026-11-21T10:00:00.000Z', cotlens: { injected: [] } },
    ...more,
  };
}

/** Writes a set as another program does: its lines, whatever they are. */
export function writeSet(title: string, lines: readonly (CuratedSample | string)[], file = setPath(title)): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return file;
}

export const bytesOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

export function samplesIn(file: string): CuratedSample[] {
  return bytesOf(file).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as CuratedSample);
}

/** The view's entries, made as the view makes them, until `run` is over. */
export async function withTree(run: (tree: CuratedSetTree, sets: CuratedSetFiles) => Promise<void>): Promise<void> {
  const values = new Map<string, unknown>();
  const memory = { keys: () => [...values.keys()], get: (key: string) => values.get(key), update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)) };
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => { throw new Error(message); } };
  const sets = new CuratedSetFiles(memory as vscode.Memento, log, vscode.Uri.joinPath(folder('traces'), '.storage'));
  const tree = new CuratedSetTree(sets);
  try {
    await run(tree, sets);
  } finally {
    tree.dispose();
    sets.dispose();
  }
}

/** A set's entry in the view. */
export async function nodeOf(tree: CuratedSetTree, file: string): Promise<SetNode> {
  const node = (await tree.getChildren()).find(({ path: of }) => of === file);
  if (node === undefined) throw new Error(`${file} is not in the view`);
  return node;
}

/** All entries beneath one, opened. */
export async function under(tree: CuratedSetTree, node: SetNode): Promise<SetNode[]> {
  const children = await tree.getChildren(node);
  return [...children, ...(await Promise.all(children.map((child) => under(tree, child)))).flat()];
}

/** `label | description` of entries. */
export function said(nodes: readonly SetNode[]): string[] {
  return nodes.map(({ item }) => [typeof item.label === 'string' ? item.label : '', item.description ?? ''].join(' | '));
}
