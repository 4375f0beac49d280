import * as vscode from 'vscode';
import { readShard } from '../host/rowScoreFiles';
import { scoreFileName } from '../judge/scoreFileName';
import { digest } from '../judge/textChain';
import type { Dataset, DatasetChange, DatasetRow, RowText } from '../session/datasets/dataset';
import { nodeFiles } from '../session/nodeFiles';
import { nameOf } from '../session/datasets/rowPath';
import type { RowScoreSource, ScoredRowFile } from '../session/rows/rowScoreIndex';
import { EventSource, type Disposable } from '../trace/event';
import { parseTrace } from '../trace/parseTrace';
import type { RowMessage, RowTrace } from '../trace/rows/rowTrace';
import type { Trace } from '../trace/trace';
import { findTraceFiles } from './datasetList';

/** The workspace's `.cot` files as if they were the rows of a dataset. */
export class TraceFileSet implements Dataset {
  readonly path = '';
  readonly container = 'cot';
  readonly formats: readonly string[] = [];
  readonly writable = true;
  readonly size = 0;
  readonly problems: readonly string[] = [];
  private readonly changes = new EventSource<DatasetChange>();
  private readonly listening: Disposable[];
  private timer: NodeJS.Timeout | undefined;

  private constructor(private uris: readonly vscode.Uri[]) {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.cot');
    const later = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.look(), 300);
    };
    this.listening = [
      watcher,
      watcher.onDidCreate(later),
      watcher.onDidDelete(later),
      watcher.onDidChange((uri) => {
        const at = this.uris.findIndex((one) => one.toString() === uri.toString());
        if (at !== -1) this.changes.fire({ all: false, rows: [at] });
      }),
    ];
  }

  static async open(): Promise<TraceFileSet> {
    return new TraceFileSet(await findTraceFiles());
  }

  get count(): number {
    return this.uris.length;
  }

  get onDidChange(): (listener: (change: DatasetChange) => void) => Disposable {
    return this.changes.event;
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const one of this.listening) one.dispose();
    this.changes.dispose();
  }

  uri(ordinal: number): vscode.Uri | undefined {
    return this.uris[ordinal];
  }

  /** @returns −1 where it is none of them */
  ordinalOf(uri: vscode.Uri): number {
    return this.uris.findIndex((one) => one.toString() === uri.toString());
  }

  async row(ordinal: number): Promise<DatasetRow> {
    const uri = this.at(ordinal);
    const key = keyOf(uri);
    try {
      const text = await textOf(uri);
      return { ordinal, key, hash: digest('file', text), format: 'cot', traces: [rowTrace(parseTrace(text), uri)], problem: undefined };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ordinal, key, hash: '', format: undefined, traces: [], problem: `${vscode.workspace.asRelativePath(uri)} cannot be read: ${why}` };
    }
  }

  async *rows(signal: AbortSignal, from = 0, to = this.count): AsyncIterable<DatasetRow> {
    for (let i = from; i < Math.min(to, this.count); i++) {
      signal.throwIfAborted();
      yield await this.row(i);
    }
  }

  find(key: string): Promise<number | undefined> {
    const at = this.uris.findIndex((uri) => keyOf(uri) === key);
    return Promise.resolve(at === -1 ? undefined : at);
  }

  async text(ordinal: number): Promise<RowText> {
    const uri = this.at(ordinal);
    const text = await textOf(uri);
    return { ordinal, key: keyOf(uri), variant: undefined, text, hash: digest('file', text), readOnly: undefined };
  }

  /** Where the scores of these files are. */
  scores(): RowScoreSource {
    return {
      list: async (signal) => {
        const files: ScoredRowFile[] = [];
        for (const folder of vscode.workspace.workspaceFolders ?? []) {
          const scores = vscode.Uri.joinPath(folder.uri, '.cotlens', 'scores').fsPath;
          const names = new Set(await nodeFiles.list(scores));
          for (const uri of this.uris) {
            signal.throwIfAborted();
            if (vscode.workspace.getWorkspaceFolder(uri) !== folder) continue;
            const path = `${scores}/${scoreFileName(vscode.workspace.asRelativePath(uri, false))}`;
            const facts = names.has(path.slice(scores.length + 1)) ? await nodeFiles.facts(path) : undefined;
            if (facts !== undefined) {
              files.push({ key: keyOf(uri), variant: undefined, stamp: `${String(facts.size)} ${String(facts.modified)} ${facts.identity}`, read: () => readShard(path) });
            }
          }
        }
        return files;
      },
      onDidChange: (listener) => {
        const watches = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => nodeFiles.watch(vscode.Uri.joinPath(uri, '.cotlens', 'scores').fsPath, listener));
        return {
          dispose: () => {
            for (const watch of watches) watch.dispose();
          },
        };
      },
    };
  }

  private at(ordinal: number): vscode.Uri {
    const uri = this.uris[ordinal];
    if (uri === undefined) throw new RangeError(`There is no trace file ${String(ordinal + 1)}, only ${String(this.count)}.`);
    return uri;
  }

  private async look(): Promise<void> {
    this.uris = await findTraceFiles();
    this.changes.fire({ all: true, rows: [] });
  }
}

function keyOf(uri: vscode.Uri): string {
  return nameOf(vscode.workspace.asRelativePath(uri));
}

/** As in its editor, where it is open. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
  return open?.getText() ?? new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
}

function rowTrace({ text, intent, frontMatter, chain: turn }: Trace, uri: vscode.Uri): RowTrace {
  const reasoning = turn.blocks.map((_block, number) => {
    const steps = turn.steps.filter(({ block }) => block === number);
    return { kind: 'reasoning' as const, text: text.slice(steps[0]?.start ?? 0, steps.at(-1)?.end ?? 0) };
  });
  const user: readonly RowMessage[] = turn.prompt === undefined ? [] : [{ role: 'user', parts: [{ kind: 'text', text: turn.prompt.text }] }];
  const answer = turn.answer === undefined ? [] : [{ kind: 'text' as const, text: turn.answer.text }];
  // Without a tag nothing can be said of an answer: the assistant does not seem to break off.
  const open: readonly RowMessage[] = turn.ending === 'unmarked' ? [{ role: 'user', parts: [] }] : [];
  const value = (given: string | undefined): { value: string } | undefined => (given === undefined ? undefined : { value: given });
  return {
    variant: undefined,
    id: { value: vscode.workspace.asRelativePath(uri) },
    ...{ intent, model: value(frontMatter.model), source: value(frontMatter.source) },
    messages: [...user, { role: 'assistant', parts: [...reasoning, ...answer] }, ...open],
    notes: [],
    facts: [],
  };
}
