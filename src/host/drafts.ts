import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Target } from '../craft/recipe';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { Span } from '../trace/span';
import { DRAFT_SCHEME, DraftFiles } from './draftFiles';

const KEY = 'cotLens.drafts';
/** A longer trace's draft is not kept over a reload, in characters: VS Code holds all that is kept in memory. Ours. */
const MOST_KEPT = 1_000_000;
/** Milliseconds without a key after which what was typed into a draft is kept. */
const KEEP_AFTER = 400;
/** Milliseconds that VS Code is given to show what was put into a draft, and between two looks. */
const SHOWN_WITHIN = 3000;
const LOOK_EVERY = 20;

/** What is drafted: steps that a recipe puts in, or its neighbours so that the seam reads well. */
export type Drafted =
  /** `recipe`: its name. `at`: where it was asked for. `target`: as the recipe gave it for that place of `base`. */
  | { readonly kind: 'insert'; readonly recipe: string; readonly at: Span; readonly target: Target }
  /** `steps`: the injected ones, 0-based, a run of neighbours. */
  | { readonly kind: 'polish'; readonly steps: readonly number[] };

/** What a draft is made of. */
export interface DraftPlan {
  readonly of: Drafted;
  /** The trace's document, and what it is called for people. */
  readonly trace: string;
  readonly name: string;
  /** What the draft is called for people: `Temptation-Correction`, `Polished seam`. */
  readonly label: string;
  /** The trace's text as it was when the draft was begun. */
  readonly base: string;
  /** What the teacher is called in the settings, its model as it is asked for, and the version of its instructions. */
  readonly teacher: string;
  readonly model: string;
  readonly instructions: string;
}

/** How far it is: being written, written to its end, stopped in the middle, or of no use as it came. */
export type DraftStage = 'writing' | 'written' | 'stopped' | 'failed';

/** A teacher's text that is not part of a trace yet. */
export interface Draft extends DraftPlan {
  readonly id: string;
  readonly stage: DraftStage;
  /** How often it was written anew. */
  readonly attempt: number;
  /** Has a person typed into it since the teacher began? */
  readonly typed: boolean;
  /** The teacher as its server names it, the version of its instructions and what it wrote, whole. */
  readonly made?: { readonly model: string; readonly instructions: string; readonly texts: readonly string[] };
}

/**
 * The drafts of this window: each a document in memory. What a person types into one stays, whatever the teacher still sends, and is kept
 * until the draft is accepted or discarded, over a reload too.
 */
export class Drafts implements Disposable {
  private readonly files = new DraftFiles();
  private readonly drafts = new Map<string, Draft>();
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly typing = new vscode.EventEmitter<Draft>();
  private readonly keeping = new Map<string, NodeJS.Timeout>();
  private readonly listening: vscode.Disposable[];

  /** Fires when there is a draft more or less, or one is further. */
  readonly onDidChange = this.changes.event;
  /** Fires when a person begins to type into a draft. */
  readonly onDidType = this.typing.event;

  /** @param memory of the workspace, where drafts are kept */
  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: Logger,
  ) {
    for (const { draft, text } of memory.get<readonly { draft: Draft; text: string }[]>(KEY) ?? []) {
      // Whoever wrote it is gone with the window that asked.
      this.drafts.set(draft.id, draft.stage === 'writing' ? { ...draft, stage: 'stopped' } : draft);
      this.files.put(this.uri(draft), { text, readOnly: false });
      this.files.put(this.baseUri(draft), { text: draft.base, readOnly: true });
    }
    this.listening = [
      this.files,
      this.files.onDidWrite(() => {
        this.keep();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        // What we put there ourselves is no unsaved change. Of a first key VS Code tells before it says that the document has unsaved ones.
        if (document.uri.scheme === DRAFT_SCHEME && document.isDirty) this.typed(document);
      }),
    ];
  }

  dispose(): void {
    for (const timer of this.keeping.values()) clearTimeout(timer);
    for (const one of this.listening) one.dispose();
    this.changes.dispose();
    this.typing.dispose();
  }

  get all(): readonly Draft[] {
    return [...this.drafts.values()];
  }

  /** The draft as it is now; `undefined` where it is accepted or discarded. */
  get(id: string): Draft | undefined {
    return this.drafts.get(id);
  }

  /** The draft that a document shows. */
  of(uri: vscode.Uri): Draft | undefined {
    return uri.scheme === DRAFT_SCHEME ? this.drafts.get(uri.path.split('/')[1] ?? '') : undefined;
  }

  start(plan: DraftPlan): Draft {
    const draft: Draft = { ...plan, id: randomUUID().slice(0, 8), stage: 'writing', attempt: 0, typed: false };
    this.drafts.set(draft.id, draft);
    this.files.put(this.uri(draft), { text: draft.base, readOnly: false });
    this.files.put(this.baseUri(draft), { text: draft.base, readOnly: true });
    if (draft.base.length > MOST_KEPT) this.log.warn(`The draft for ${draft.name} is too large to be kept over a reload of the window.`);
    this.changed();
    return draft;
  }

  /** Notes how far a draft is; nothing where it is gone. */
  update(id: string, more: Partial<Pick<Draft, 'stage' | 'made'>>): Draft | undefined {
    const known = this.drafts.get(id);
    return known === undefined ? undefined : this.replace({ ...known, ...more });
  }

  /** Puts a draft in the place of the one with its id. */
  replace(draft: Draft): Draft {
    const known = this.drafts.get(draft.id);
    this.drafts.set(draft.id, draft);
    if (draft.base !== known?.base) this.files.put(this.baseUri(draft), { text: draft.base, readOnly: true });
    this.changed();
    return draft;
  }

  /** Shows what came so far; nothing happens once a person has typed. */
  show(id: string, text: string): void {
    const draft = this.drafts.get(id);
    if (draft !== undefined && !draft.typed && this.document(draft)?.isDirty !== true) this.files.put(this.uri(draft), { text, readOnly: false });
  }

  /** Before a draft is written anew: what was typed into it is saved, so that VS Code takes what comes. */
  async settle(draft: Draft): Promise<void> {
    clearTimeout(this.keeping.get(draft.id));
    await this.shown(draft.id);
    const document = this.document(draft);
    if (document?.isDirty === true) await document.save();
  }

  /** What stands in the draft now, typed over or not; a document takes what is put there a moment later. */
  text(draft: Draft): string {
    const document = this.document(draft);
    return (document?.isDirty === true ? document.getText() : undefined) ?? this.files.text(this.uri(draft)) ?? draft.base;
  }

  /** Resolves when the document, if one is open, shows what was put there last, or a person has typed into it; at the latest after a while. */
  async shown(id: string): Promise<void> {
    const draft = this.drafts.get(id);
    if (draft === undefined) return;
    const isShown = (): boolean => {
      const document = this.document(draft);
      return document === undefined || document.isDirty || document.getText() === this.files.text(this.uri(draft));
    };
    for (const end = Date.now() + SHOWN_WITHIN; !isShown() && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }

  /** Takes a draft away, with all that was kept of it. Close its editors before. */
  remove(id: string): void {
    const draft = this.drafts.get(id);
    if (draft === undefined) return;
    clearTimeout(this.keeping.get(id));
    this.drafts.delete(id);
    for (const uri of [this.uri(draft), this.baseUri(draft), this.cameUri(draft)]) this.files.remove(uri);
    this.changed();
  }

  uri(draft: Draft): vscode.Uri {
    return vscode.Uri.from({ scheme: DRAFT_SCHEME, path: `/${draft.id}/${fileName(draft)} (draft).cot` });
  }

  /** The trace as it was when the draft was begun, to be read. */
  baseUri(draft: Draft): vscode.Uri {
    return vscode.Uri.from({ scheme: DRAFT_SCHEME, path: `/${draft.id}/${fileName(draft)} (as it was).cot` });
  }

  /** What a teacher said that is of no use, to be read. */
  came(draft: Draft, text: string): vscode.Uri {
    const uri = this.cameUri(draft);
    this.files.put(uri, { text, readOnly: true });
    return uri;
  }

  document(draft: Draft): vscode.TextDocument | undefined {
    const uri = this.uri(draft).toString();
    return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  }

  private cameUri(draft: Draft): vscode.Uri {
    return vscode.Uri.from({ scheme: DRAFT_SCHEME, path: `/${draft.id}/what ${plainName(draft.teacher)} sent.txt` });
  }

  private typed(document: vscode.TextDocument): void {
    const draft = this.of(document.uri);
    if (draft === undefined || document.uri.toString() !== this.uri(draft).toString()) return;
    if (!draft.typed) {
      const typed = { ...draft, typed: true };
      this.drafts.set(draft.id, typed);
      this.typing.fire(typed);
      this.changed();
    }
    clearTimeout(this.keeping.get(draft.id));
    // Saved to memory, so that closing the preview never asks and never loses it.
    this.keeping.set(
      draft.id,
      setTimeout(() => {
        if (!document.isClosed) void document.save();
      }, KEEP_AFTER),
    );
  }

  private changed(): void {
    this.keep();
    this.changes.fire(undefined);
  }

  private keep(): void {
    const kept = this.all.filter(({ base }) => base.length <= MOST_KEPT).map((draft) => ({ draft, text: this.files.text(this.uri(draft)) ?? draft.base }));
    void this.memory.update(KEY, kept);
  }
}

/** The trace's file, without its ending. */
function fileName({ trace }: Draft): string {
  return plainName(vscode.Uri.parse(trace).path.split('/').at(-1)?.replace(/\.[^.]+$/, '') ?? 'trace');
}

/** A name that may stand in a path. */
function plainName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').slice(0, 60);
}
