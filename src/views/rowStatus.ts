import * as vscode from 'vscode';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { rowPlace } from '../host/rowUris';
import type { DatasetRow, EditableDataset } from '../session/datasets/dataset';
import { nameOf } from '../session/datasets/rowPath';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import type { RowTrace } from '../trace/rows/rowTrace';
import { activeRow } from './activeRow';

/** What is known of a row beside its text. */
interface RowFacts {
  readonly row: DatasetRow;
  readonly trace: RowTrace | undefined;
  readonly count: number;
  /** How many edits of the dataset are kept aside. */
  readonly aside: number;
  readonly readOnly: string | undefined;
}

/**
 * What a researcher must know of a row beside its text: in the status bar its number, its format, that there are notes and edits kept aside; the notes and
 * the row's other facts (scores, labels, metadata) in the hover there and over the front matter.
 */
export class RowStatus implements Disposable, vscode.HoverProvider {
  private readonly item = vscode.window.createStatusBarItem('cotLens.row', vscode.StatusBarAlignment.Right, 99);
  private readonly listening: vscode.Disposable[];
  /** To the dataset of the row in front: its edits may be applied or discarded. */
  private following: Disposable | undefined;

  constructor(private readonly datasets: DatasetFiles) {
    this.item.name = 'CoT Lens: Row';
    this.item.command = 'cotLens.chooseFormat';
    const update = (): void => void this.update();
    this.listening = [
      this.item,
      vscode.window.tabGroups.onDidChangeTabs(update),
      vscode.window.tabGroups.onDidChangeTabGroups(update),
      vscode.workspace.onDidSaveTextDocument(update),
      vscode.languages.registerHoverProvider({ scheme: 'cotlens-row' }, this),
    ];
    update();
  }

  dispose(): void {
    for (const one of [...this.listening, this.following]) one?.dispose();
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const end = headEnd(document);
    if (position.line > end) return undefined;
    const facts = await this.factsOf(document.uri).catch(() => undefined);
    return facts === undefined ? undefined : new vscode.Hover(described(facts), new vscode.Range(0, 0, end, document.lineAt(end).text.length));
  }

  private async update(): Promise<void> {
    const uri = activeRow()?.uri;
    const facts = uri === undefined ? undefined : await this.factsOf(uri, (dataset) => this.follow(dataset)).catch(() => undefined);
    // While it was read another tab may have come to the front.
    if (activeRow()?.uri.toString() !== uri?.toString()) return;
    if (facts === undefined) {
      this.item.hide();
      return;
    }
    const { row, trace, count, aside, readOnly } = facts;
    const marks = [readOnly === undefined ? '' : '$(lock) ', (trace?.notes.length ?? 0) > 0 ? '$(info) ' : ''].join('');
    this.item.text = `${marks}Row ${(row.ordinal + 1).toLocaleString('en')} of ${count.toLocaleString('en')} · ${plainLabel(row.format ?? 'no format', 40)}${aside === 0 ? '' : ` · ${keptAside(aside)}`}`;
    this.item.tooltip = described(facts);
    this.item.accessibilityInformation = { label: `${this.item.text.replace(/\$\([a-z]+\) /g, '')}. ${notesOf(facts).join(' ')}` };
    this.item.show();
  }

  private follow(dataset: EditableDataset): void {
    this.following?.dispose();
    this.following = dataset.onDidChange(() => void this.update());
  }

  private async factsOf(uri: vscode.Uri, use?: (dataset: EditableDataset) => void): Promise<RowFacts | undefined> {
    const place = rowPlace(uri);
    if (place === undefined) return undefined;
    return this.datasets.with(place.dataset, async (dataset) => {
      use?.(dataset);
      const ordinal = await dataset.find(place.key, place.ordinal);
      if (ordinal === undefined) return undefined;
      const row = await dataset.row(ordinal);
      const trace = row.traces.find(({ variant }) => variant !== undefined && nameOf(variant) === place.variant) ?? row.traces[0];
      const readOnly = row.problem ?? (await dataset.text(ordinal, place.variant)).readOnly;
      return { row, trace, count: dataset.count, aside: await dataset.editsAside(), readOnly };
    });
  }
}

/** The last line of the front matter, 0-based; the first line where there is none. */
function headEnd(document: vscode.TextDocument): number {
  if (document.lineAt(0).text.trimEnd() !== '---') return 0;
  for (let line = 1; line < Math.min(document.lineCount, 200); line++) if (document.lineAt(line).text.trimEnd() === '---') return line;
  return 0;
}

function keptAside(edits: number): string {
  return `${countOf(edits, 'edit')} kept aside`;
}

function notesOf({ trace, readOnly }: RowFacts): readonly string[] {
  return [...(readOnly === undefined ? [] : [readOnly]), ...(trace?.notes ?? [])];
}

/** Everything from the row goes in as text. */
function described(facts: RowFacts): vscode.MarkdownString {
  const { row, trace, aside } = facts;
  const markdown = new vscode.MarkdownString(undefined, false);
  const line = (text: string): void => {
    markdown.appendText(text.replace(/\s+/g, ' ').slice(0, 500));
    markdown.appendMarkdown('\n\n');
  };
  line(`Row ${String(row.ordinal + 1)} (${row.key}), read as ${row.format ?? 'no known format'}`);
  if (aside > 0) line(`${keptAside(aside)}, not in the file yet: “Apply Edits…” writes them, “Discard Edits…” drops them.`);
  for (const note of notesOf(facts)) line(note);
  for (const { name, text } of (trace?.facts ?? []).slice(0, 30)) line(`${name}: ${text}`);
  const more = (trace?.facts.length ?? 0) - 30;
  if (more > 0) line(`… and ${String(more)} more`);
  return markdown;
}
