import * as vscode from 'vscode';
import { followSlots, movedSpan, type FollowedSlot } from '../craft/followSlots';
import { isRefusal, type Recipe, type Refusal, type Slot, type Target } from '../craft/recipe';
import { craftSnippet, isUnwritten } from '../craft/snippet';
import { injectedOf, type Making } from '../trace/provenance';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import type { OpenTraces } from './openTraces';

/** Milliseconds without a key after which provenance follows what was typed. Ours. */
const PAUSE = 1000;

interface Written extends FollowedSlot {
  readonly slot: Slot;
}

/**
 * Crafting without a teacher: the guides stand in the document as a snippet's placeholders, put in together with their provenance as one
 * undo step. While a person writes over them, their entries in the front matter follow.
 */
export class HandCrafting implements Disposable {
  private readonly following = new Set<Following>();
  private readonly listening: vscode.Disposable[];

  constructor(
    private readonly traces: Pick<OpenTraces, 'state'>,
    private readonly log: Logger,
  ) {
    const each = (document: vscode.TextDocument, act: (one: Following) => void): void => {
      for (const one of [...this.following]) if (one.document === document) act(one);
    };
    this.listening = [
      vscode.workspace.onDidChangeTextDocument((event) => {
        each(event.document, (one) => {
          one.changed(event);
        });
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        each(textEditor.document, (one) => {
          one.moved(textEditor);
        });
      }),
      vscode.workspace.onWillSaveTextDocument((event) => {
        each(event.document, (one) => {
          event.waitUntil(one.anchor().then(() => []));
        });
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        each(document, (one) => {
          one.end();
        });
      }),
    ];
  }

  dispose(): void {
    for (const one of this.listening) one.dispose();
    for (const one of [...this.following]) one.end();
  }

  /** Puts the snippet into the document that this editor shows. @returns why not, where it cannot be */
  async insert(editor: vscode.TextEditor, trace: Trace, recipe: Recipe, target: Target): Promise<Refusal | undefined> {
    const { document } = editor;
    const making: Making = { recipe: recipe.name, by: 'person', at: new Date().toISOString() };
    const made = craftSnippet(trace, target, making);
    if (isRefusal(made)) return made;
    const { craft, at, body } = made;
    const [, head] = craft.edits;
    // VS Code runs a snippet in the active editor alone; in any other its placeholders would be plain text.
    await vscode.window.showTextDocument(document, editor.viewColumn === undefined ? {} : { viewColumn: editor.viewColumn });
    const edit = new vscode.WorkspaceEdit();
    const snippet = new vscode.SnippetTextEdit(rangeOf(document, at), new vscode.SnippetString(body));
    // An indented line must not indent what is put in behind it.
    snippet.keepWhitespace = true;
    edit.set(document.uri, [snippet, new vscode.TextEdit(rangeOf(document, head), head.text)]);
    if (document.getText() !== trace.text || !(await vscode.workspace.applyEdit(edit))) {
      return { reason: 'The document changed while this was put in, so nothing was. Try again.' };
    }
    const one: Following = new Following(document, craft.trace.text, writtenSlots(craft.trace, craft.slots, target), this.traces, this.log, () => {
      this.following.delete(one);
    });
    this.following.add(one);
    return undefined;
  }
}

/** Each slot with its place in the document and the entries that name its steps. */
function writtenSlots(trace: Trace, spans: readonly { readonly start: number; readonly end: number }[], target: Target): Written[] {
  const { injected } = trace.frontMatter;
  const { steps } = injectedOf(trace);
  return target.slots.flatMap((slot, i) => {
    const span = spans[i];
    if (span === undefined) return [];
    const inside = steps.filter(({ step }) => {
      const { start, end } = trace.chain.steps[step] ?? { start: -1, end: -1 };
      return start >= span.start && end <= span.end;
    });
    return [{ slot, ...span, entries: [inside.flatMap(({ entry }) => (isObject(injected[entry]) ? [injected[entry]] : []))] }];
  });
}

/** One insertion that a person is still writing. */
class Following {
  private timer: NodeJS.Timeout | undefined;
  private anchoring: Promise<boolean> | undefined;
  private readonly begun: readonly Written[];
  private ended = false;

  constructor(
    readonly document: vscode.TextDocument,
    /** The document right after the insertion. */
    private readonly inserted: string,
    private slots: readonly Written[],
    private readonly traces: Pick<OpenTraces, 'state'>,
    private readonly log: Logger,
    private readonly onEnd: () => void,
  ) {
    this.begun = slots;
  }

  changed({ contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    // Given from the last place to the first, so that each one's offsets hold when its turn comes.
    for (const { rangeOffset, rangeLength, text } of contentChanges) {
      const change = { start: rangeOffset, end: rangeOffset + rangeLength, length: text.length };
      this.slots = this.slots.map((slot) => ({ ...slot, ...movedSpan(slot, change) }));
    }
    clearTimeout(this.timer);
    if (reason !== undefined) {
      // An undone change takes its provenance with it, and an edit of ours would make an end of what can be redone.
      if (this.document.getText() === this.inserted) this.slots = this.begun.map((one) => ({ ...one, entries: this.slots.find(({ slot }) => slot === one.slot)?.entries ?? one.entries }));
      return;
    }
    if (this.anchoring === undefined && contentChanges.length > 0) this.later();
  }

  moved(editor: vscode.TextEditor): void {
    const [first, last] = [this.slots[0], this.slots.at(-1)];
    const at = editor.document.offsetAt(editor.selection.active);
    if (first === undefined || last === undefined || (at >= first.start && at <= last.end)) return;
    const text = this.document.getText();
    if (this.slots.some((one) => isUnwritten(text.slice(one.start, one.end), one.slot))) return;
    void this.anchor().then((isUpToDate) => {
      if (isUpToDate) this.end();
    });
  }

  /** Points the entries at the steps as they stand now. Never throws. @returns are they up to date? */
  anchor(): Promise<boolean> {
    clearTimeout(this.timer);
    this.anchoring ??= this.anchorNow()
      .catch((error: unknown) => {
        this.log.warn(`${this.document.uri.path}: what was typed could not be noted as injected: ${error instanceof Error ? error.message : String(error)}`);
        return false;
      })
      .finally(() => {
        this.anchoring = undefined;
      });
    return this.anchoring;
  }

  end(): void {
    clearTimeout(this.timer);
    this.ended = true;
    this.onEnd();
  }

  private later(): void {
    this.timer = setTimeout(() => {
      void this.anchor();
    }, PAUSE);
  }

  private async anchorNow(): Promise<boolean> {
    const state = this.ended || this.document.isClosed ? undefined : this.traces.state(this.document);
    if (state === undefined) return true;
    const followed = followSlots(state.trace, this.slots);
    if (isRefusal(followed)) {
      this.log.warn(`${this.document.uri.path}: ${followed.reason}`);
      return false;
    }
    const entries = new Map(followed.slots.map(({ slot, entries: now }) => [slot, now]));
    if (followed.edit !== undefined && !(await this.apply(followed.edit))) {
      // Somebody typed in the meantime.
      this.later();
      return false;
    }
    this.slots = this.slots.flatMap((one) => (entries.has(one.slot) ? [{ ...one, entries: entries.get(one.slot) ?? one.entries }] : []));
    if (this.slots.length === 0) this.end();
    return true;
  }

  /** Without an undo stop of its own: what was typed and its provenance are undone together. */
  private async apply(edit: TextEdit): Promise<boolean> {
    const { document } = this;
    const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
    const range = rangeOf(document, edit);
    if (editor !== undefined) return editor.edit((builder) => { builder.replace(range, edit.text); }, { undoStopBefore: false, undoStopAfter: false });
    const change = new vscode.WorkspaceEdit();
    change.replace(document.uri, range, edit.text);
    return vscode.workspace.applyEdit(change);
  }
}

function rangeOf(document: vscode.TextDocument, { start, end }: { readonly start: number; readonly end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
