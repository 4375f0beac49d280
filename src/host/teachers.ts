import * as vscode from 'vscode';
import type { GuardVerdict } from '../craft/guard';
import type { Recipe, Slot } from '../craft/recipe';
import type { Instructions, Polished, SuggestedBoundary, WriteRequest, Written } from '../craft/teacher';
import { isEndpointJudge, type JudgeSetting, type Price } from '../judge/judgeSetting';
import type { Destination } from '../model/chat';
import type { Disposable } from '../trace/event';
import type { Trace } from '../trace/trace';
import type { ConfiguredJudges } from './configuredJudges';
import type { InstructionFiles } from './instructions';
import type { Judges } from './judges';
import type { Sending } from './readyJudge';
import type * as OnDemand from './teachers.onDemand';

/** A model that has been given a part in crafting, with what a person must know before text goes to it (see `SendConsent.askToCraft`). */
export interface ReadyModel {
  /** What it is called in the settings. */
  readonly name: string;
  /** Where the text of a trace goes. */
  readonly destination: Destination;
  /** What its tokens cost, where the settings say so. */
  readonly price: Price | undefined;
}

/**
 * A teacher that can be asked now. All that it does rejects with a `TeacherFault` where the reply cannot be used, with a `ModelError` where the
 * endpoint failed (told apart by `isTeacherFault` and `isModelError`, never by class), and with the signal's reason when stopped.
 */
export interface ReadyTeacher extends ReadyModel {
  /**
   * The instructions for these slots of a recipe, from the workspace's own file where it has one and is trusted.
   * @throws Error in words where that file cannot be used: never are others used in its place
   */
  instructionsFor(recipe: Recipe, slots: readonly Slot[]): Instructions;
  /** What `write` will send, about. @throws as `instructionsFor` */
  estimate(request: WriteRequest): Sending;
  /** @param heard called with the slots' texts so far, one for each slot, whenever more came; also with what is thrown away in the end */
  write(request: WriteRequest, signal: AbortSignal, heard: (texts: readonly string[]) => void): Promise<Written>;
  /**
   * What `polish` will send, about; `undefined` where there is nothing to polish, since no step that was not injected stands beside these.
   * @throws as `instructionsFor`
   */
  estimatePolish(trace: Trace, steps: readonly number[]): Sending | undefined;
  /**
   * Proposes small changes of the steps before and after injected ones, so that the seam reads well.
   * @param steps the injected steps, 0-based, a run of neighbours
   * @param attempt how often this seam was polished before
   */
  polish(trace: Trace, steps: readonly number[], signal: AbortSignal, attempt?: number): Promise<Polished>;
  /** What `suggest` will send, about. @throws as `instructionsFor` */
  estimateSuggest(trace: Trace, recipe: Recipe): Sending;
  /** The boundaries where the teacher would put what the recipe inserts, best first, at most five. */
  suggest(trace: Trace, recipe: Recipe, signal: AbortSignal): Promise<readonly SuggestedBoundary[]>;
}

/** A guard that can be asked now. */
export interface ReadyGuard extends ReadyModel {
  estimate(texts: readonly string[], trace: Trace): Sending;
  /**
   * Does any of these texts hold operational detail? Rejects with a `GuardFault` where the reply is no verdict (then the texts are not checked),
   * with a `ModelError` where the endpoint failed, with the signal's reason when stopped.
   */
  check(texts: readonly string[], trace: Trace, signal: AbortSignal): Promise<GuardVerdict>;
}

/** The two parts that a model can have in crafting; each is a setting of the same name. */
export type CraftPart = 'teacher' | 'guard';

/** The teacher and the guard that the settings name, out of the judges there. What they need loads with the first. */
export class Teachers implements Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly listening: vscode.Disposable;

  /** Fires when another teacher or guard may be set, or the same one is set otherwise. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly configured: ConfiguredJudges,
    private readonly judges: Judges,
    private readonly files: InstructionFiles,
  ) {
    const fire = (): void => {
      this.changes.fire(undefined);
    };
    this.listening = vscode.Disposable.from(
      configured.onDidChange(fire),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('cotLens.teacher') || event.affectsConfiguration('cotLens.guard')) fire();
      }),
    );
  }

  dispose(): void {
    this.listening.dispose();
    this.changes.dispose();
  }

  /** The name that is set for a part; `undefined` where none is. It may name a judge that is not there. */
  nameOf(part: CraftPart): string | undefined {
    const value: unknown = vscode.workspace.getConfiguration('cotLens').get(part);
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  }

  /** Sets who has a part, for the user; `undefined`: nobody. */
  async choose(part: CraftPart, name: string | undefined): Promise<void> {
    await vscode.workspace.getConfiguration('cotLens').update(part, name, vscode.ConfigurationTarget.Global);
  }

  /**
   * The teacher that is set, with the instructions of this document's folder; `undefined` where none is.
   * @throws Error that says what is to be mended where the setting names no judge that can be used
   */
  async teacher(resource: vscode.Uri | undefined): Promise<ReadyTeacher | undefined> {
    const setting = this.settingOf('teacher');
    if (setting === undefined) return undefined;
    const [parts, chat, texts] = await Promise.all([this.parts(), this.judges.chatOf(setting), this.files.read(resource)]);
    return { ...readyModel(setting, chat.destination), ...parts.teacherOf(chat, setting, (name) => texts(name)) };
  }

  /**
   * The guard that is set; `undefined` where none is.
   * @throws as `teacher`
   */
  async guard(_resource: vscode.Uri | undefined): Promise<ReadyGuard | undefined> {
    const setting = this.settingOf('guard');
    if (setting === undefined) return undefined;
    const [parts, chat] = await Promise.all([this.parts(), this.judges.chatOf(setting)]);
    return { ...readyModel(setting, chat.destination), ...parts.guardOf(chat, setting) };
  }

  /** What is loaded on demand, for commands that show instructions. */
  parts(): Promise<typeof OnDemand> {
    return import('./teachers.onDemand');
  }

  private settingOf(part: CraftPart): JudgeSetting | undefined {
    const name = this.nameOf(part);
    if (name === undefined) return undefined;
    const setting = this.configured.named(name);
    if (setting !== undefined) return setting;
    const problem = this.configured.problems.find(({ entry }) => entry === name);
    const command = part === 'teacher' ? 'Choose Teacher…' : 'Choose Guard…';
    throw new Error(
      problem === undefined
        ? `The setting cotLens.${part} names “${name}”, and cotLens.judges has no model of this name. Choose one with “${command}”.`
        : `The ${part} “${name}” cannot be used: ${problem.what}. Mend it in the setting cotLens.judges, or choose another with “${command}”.`,
    );
  }
}

function readyModel(setting: JudgeSetting, destination: Destination): ReadyModel {
  return { name: setting.name, destination, price: isEndpointJudge(setting) ? setting.price : undefined };
}
