import * as vscode from 'vscode';
import type { MixTarget } from '../curate/mix';
import { recipeNames } from '../curate/recipeNames';
import type { BrokenLine } from '../curate/sample';
import { plainLabel } from '../host/plainLabel';
import type { CuratedSet, SampleCard } from '../session/curated/curatedSet';
import { countOf } from '../trace/countOf';
import type { CheckedSet, FoundAcross } from './curatedSetViewChecked';
import { badgeOf, cardInWords, cardLines, codeInWords, findingsOf, flawedOf, groupsOf, mixLines, runsOf, setInWords } from './curatedSetViewWords';

/** An entry of the *Curated Set* view; menus and commands are given these. */
export interface SetNode {
  /** `vscode.TreeItem.contextValue` says the same to menus. */
  readonly kind: 'set' | 'problems' | 'finding' | 'broken' | 'group' | 'run' | 'sample' | 'word';
  /** The set's file. */
  readonly path: string;
  readonly item: vscode.TreeItem;
  readonly parent: SetNode | undefined;
  readonly card?: SampleCard;
  /** 1-based line of the file. */
  readonly line?: number;
  /** Made when the entry is opened; absent: it cannot be. */
  readonly children?: () => readonly SetNode[];
}

/** Tells a click on an entry, after which the view keeps the focus, from a choice in its menu. */
export const CLICKED = 'clicked';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
/** Groups of at most so many samples are open from the start. Ours. */
const OPEN_UP_TO = 50;
/** Characters of a title, a note, a line of a tooltip. */
const TITLE = 120;
const LINE = 500;

/** What the tree says of one set. */
export function setNode(set: CuratedSet, target: MixTarget, checked: CheckedSet | undefined): SetNode {
  const { path, cards } = set;
  const across = checked?.now(cards) ?? [];
  const lines = mixLines(cards, target);
  const node: SetNode = made({ kind: 'set', path, parent: undefined }, `${path}`, plainLabel(set.name), Expanded, {
    description: setInWords(set, target, across.length),
    tooltip: tooltip([vscode.workspace.asRelativePath(path), ...lines]),
    icon: 'archive',
    spoken: [set.name, ...lines].join('. '),
    children: () => [
      ...mixNodes(node, lines),
      problemsNode(node, set, checked, across),
      ...groupsOf(cards, target).flatMap(({ recipe, cards: of, target: wanted }) => (of.length === 0 ? [] : [groupNode(node, recipe, of, wanted)])),
    ],
  });
  return node;
}

/** A set that cannot be read, with the reason. */
export function unreadableSet(path: string, why: string): SetNode {
  return made({ kind: 'word', path, parent: undefined }, path, plainLabel(vscode.workspace.asRelativePath(path)), None, { description: plainLabel(why, LINE), tooltip: plainLabel(why, LINE), icon: 'error' });
}

/** What is missing from the mix, in words. */
function mixNodes(parent: SetNode, lines: readonly string[]): SetNode[] {
  return lines.slice(1).map((line, i) => made({ kind: 'word', path: parent.path, parent }, `${parent.path} mix ${String(i)}`, line, None, { icon: 'symbol-ruler', tooltip: line }));
}

function problemsNode(parent: SetNode, set: CuratedSet, checked: CheckedSet | undefined, across: readonly FoundAcross[]): SetNode {
  const { path } = parent;
  const id = `${path} problems`;
  const count = across.length + set.broken.length + flawedOf(set.cards).length;
  const stale = checked !== undefined && checked.isStale(set.cards);
  const node: SetNode = made({ kind: 'problems', path, parent }, id, 'Problems', Collapsed, {
    description: [count === 0 ? 'none found' : count.toLocaleString('en-US'), ...(checked === undefined ? ['not checked across samples'] : stale ? ['changed since the last check'] : [])].join(' · '),
    icon: count === 0 ? 'pass' : 'warning',
    children: () => [
      ...set.broken.map((broken) => brokenNode(node, broken)),
      ...across.map((found, i) => acrossNode(node, found, `${id} across ${String(i)}`)),
      ...findingsOf(set.cards).map(({ code, cards }) => findingNode(node, code, cards)),
      ...(checked === undefined || stale ? [checkNode(node, checked !== undefined)] : []),
    ],
  });
  return node;
}

function brokenNode(parent: SetNode, { line, why, text }: BrokenLine): SetNode {
  const node: SetNode = made({ kind: 'broken', path: parent.path, parent }, `${parent.path} line ${String(line)}`, `Line ${line.toLocaleString('en-US')}`, None, {
    description: plainLabel(why, TITLE),
    tooltip: tooltip([why, 'The line is left as it is, whatever is changed in the set.', text]),
    icon: 'error',
    line,
    command: { command: 'cotLens.set.reveal', title: 'Reveal Line in File' },
  });
  return node;
}

function acrossNode(parent: SetNode, { finding, cards }: FoundAcross, id: string): SetNode {
  const node: SetNode = made({ kind: 'finding', path: parent.path, parent }, id, codeInWords(finding.code), Collapsed, {
    description: plainLabel(finding.message, TITLE),
    tooltip: tooltip([finding.message]),
    icon: finding.severity === 'error' ? 'error' : 'warning',
    children: () => cards.map((card) => sampleNode(node, card, id)),
  });
  return node;
}

function findingNode(parent: SetNode, code: string, cards: readonly SampleCard[]): SetNode {
  const id = `${parent.path} code ${code}`;
  const node: SetNode = made({ kind: 'finding', path: parent.path, parent }, id, plainLabel(codeInWords(code)), Collapsed, {
    description: `${countOf(cards.length, 'sample')}, found when added`,
    tooltip: 'What the samples’ own checks found when they were added. Open a sample to see it in its text.',
    icon: 'warning',
    children: () => samplesOrRuns(node, cards, id),
  });
  return node;
}

function checkNode(parent: SetNode, again: boolean): SetNode {
  return made({ kind: 'word', path: parent.path, parent }, `${parent.path} check`, again ? 'Check again across samples' : 'Check across samples', None, {
    description: 'duplicates, reused errors, overlap with evaluations',
    icon: 'checklist',
    command: { command: 'cotLens.checkSet', title: 'Check Set' },
  });
}

function groupNode(parent: SetNode, recipe: string, cards: readonly SampleCard[], target: number): SetNode {
  const id = `${parent.path} recipe ${recipe}`;
  const count = cards.length.toLocaleString('en-US');
  const node: SetNode = made({ kind: 'group', path: parent.path, parent }, id, plainLabel(recipeNames(recipe).label), cards.length <= OPEN_UP_TO ? Expanded : Collapsed, {
    description: target > 0 ? `${count} of ${target.toLocaleString('en-US')}` : count,
    icon: 'beaker',
    children: () => samplesOrRuns(node, cards, id),
  });
  return node;
}

/** Of thousands only runs are listed, and of those the one that is opened. */
function samplesOrRuns(parent: SetNode, cards: readonly SampleCard[], id: string): readonly SetNode[] {
  const runs = runsOf(cards.length);
  if (runs.length < 2) return cards.map((card) => sampleNode(parent, card, id));
  return runs.map(({ from, to }): SetNode => {
    const run: SetNode = made({ kind: 'run', path: parent.path, parent }, `${id} run ${String(from)}`, `${(from + 1).toLocaleString('en-US')} to ${to.toLocaleString('en-US')}`, Collapsed, {
      children: () => cards.slice(from, to).map((card) => sampleNode(run, card, id)),
    });
    return run;
  });
}

function sampleNode(parent: SetNode, card: SampleCard, under: string): SetNode {
  const badge = badgeOf(card);
  return made({ kind: 'sample', path: parent.path, parent }, `${under} sample ${card.id}`, plainLabel(card.title, TITLE) || '(no prompt)', None, {
    description: plainLabel(cardInWords(card), TITLE),
    tooltip: tooltip(cardLines(card)),
    icon: card.findings.length > 0 ? 'warning' : badge === 'not checked' ? 'circle-outline' : 'pass',
    spoken: [card.title, badge, card.note === undefined ? '' : `note: ${card.note}`].filter((part) => part !== '').join(', '),
    card,
    line: card.line,
    command: { command: 'cotLens.set.open', title: 'Open Sample' },
  });
}

interface Looks {
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  /** What a screen reader says of it. */
  readonly spoken?: string;
  readonly card?: SampleCard;
  readonly line?: number;
  /** What a click does, with the node as its argument. */
  readonly command?: Omit<vscode.Command, 'arguments'>;
  readonly children?: () => readonly SetNode[];
}

function made(base: Pick<SetNode, 'kind' | 'path' | 'parent'>, id: string, label: string, state: vscode.TreeItemCollapsibleState, looks: Looks): SetNode {
  const { description, icon, spoken, card, line, command, children } = looks;
  const item = new vscode.TreeItem(label, state);
  const node: SetNode = { ...base, item, ...(card === undefined ? {} : { card }), ...(line === undefined ? {} : { line }), ...(children === undefined ? {} : { children }) };
  item.id = id;
  item.contextValue = base.kind;
  // Never a file's own name and decorations: labels are ours.
  if (description !== undefined) item.description = description;
  item.tooltip = looks.tooltip ?? [label, description].filter((part) => part !== undefined).join(': ');
  if (icon !== undefined) item.iconPath = new vscode.ThemeIcon(icon);
  if (spoken !== undefined) item.accessibilityInformation = { label: plainLabel(spoken, LINE) };
  if (command !== undefined) item.command = { ...command, arguments: [node, CLICKED] };
  return node;
}

/** Plain text, a line each: whatever a file says stays words. */
function tooltip(lines: readonly string[]): string {
  return lines.map((line) => plainLabel(line, LINE)).join('\n');
}
