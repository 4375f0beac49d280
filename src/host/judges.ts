import * as vscode from 'vscode';
import { destinationOf } from '../judge/destinationOf';
import type { JudgeIdentity, Protocol } from '../judge/judge';
import { isEndpointJudge, type JudgeSetting } from '../judge/judgeSetting';
import { offlineJudge } from '../judge/offline/offlineJudge';
import { identityKey } from '../judge/scoreRecord';
import type { Chat } from '../model/chat';
import type { LocalServer } from '../model/localServers';
import { originOf } from '../model/origin';
import type { CalibrationOf } from '../session/calibrationNote';
import { judgeName } from '../session/traceSummary';
import type { Disposable } from '../trace/event';
import type { ApiKeys } from './apiKeys';
import type { ConfiguredJudges } from './configuredJudges';
import type * as OnDemand from './modelJudges.onDemand';
import type { ReadyJudge } from './readyJudge';
import type { Rubrics } from './rubrics';

const SNAPSHOTS = 'cotLens.snapshots';

/** How a judge differs from the chosen one. */
export interface JudgeVariant {
  /** One of the settings; the chosen one where absent. */
  readonly setting?: JudgeSetting;
  readonly protocol?: Protocol;
}

/** A server has asked us to wait, or failed for the moment; what was put off is tried again by itself. */
export interface PutOff {
  readonly origin: string;
  readonly why: 'rate-limited' | 'server-error' | 'connection-lost';
  readonly seconds?: number;
}

/** Makes the judge that is chosen in the settings, and others like it. Model judges and what they need load with the first. */
export class Judges implements Disposable {
  private readonly puttingOff = new vscode.EventEmitter<PutOff>();
  private loaded: Promise<{ parts: typeof OnDemand; models: OnDemand.ModelJudges }> | undefined;

  /** Fires when another judge may be chosen, or the chosen one is another. */
  readonly onDidChange: vscode.Event<undefined>;
  readonly onDidPutOff = this.puttingOff.event;

  /** @param memory where the models are kept that servers named, over windows and restarts */
  constructor(
    private readonly configured: ConfiguredJudges,
    private readonly keys: ApiKeys,
    private readonly rubrics: Rubrics,
    private readonly memory: vscode.Memento,
    private readonly calibrationOf: CalibrationOf = () => undefined,
  ) {
    this.onDidChange = configured.onDidChange;
  }

  dispose(): void {
    this.puttingOff.dispose();
  }

  /** The chosen judge's name for people. */
  get label(): string {
    const name = this.configured.chosenName;
    return name === 'offline' ? offlineJudge.identity.label : name;
  }

  /** Is the chosen one the heuristic, which sends nothing anywhere? */
  get isOffline(): boolean {
    return this.configured.chosenName === 'offline';
  }

  /** The chosen judge's entry in the settings; `undefined` for the heuristic, and where the settings name none. */
  get setting(): JudgeSetting | undefined {
    return this.configured.named(this.configured.chosenName);
  }

  /**
   * The chosen judge, or with a variant one like it, ready for this document, with its folder's rubric.
   * @throws Error that says what is to be mended where settings or rubric cannot be used, or the heuristic is to have another protocol
   */
  async judgeWith({ setting = this.setting, protocol }: JudgeVariant, resource: vscode.Uri | undefined): Promise<ReadyJudge> {
    if (setting === undefined) {
      if (!this.isOffline) throw new Error(this.notThere());
      if (protocol === 'whole-trace') throw new Error('The offline heuristic knows one protocol, prefix. Choose a language model with “Choose Judge…” first.');
      return this.offline();
    }
    const rubric = await this.rubrics.read(resource);
    const { parts, models } = await this.load();
    const { judge, chat, sending } = models.make(setting, protocol ?? setting.protocol, parts.rubricFor(rubric), this.snapshotOf(setting));
    return {
      judge,
      name: setting.name,
      destination: chat.destination,
      price: isEndpointJudge(setting) ? setting.price : undefined,
      sending,
      remember: () => {
        this.rememberSnapshot(setting, judge.identity);
      },
      renewed: () => this.judgeWith({ setting: this.configured.named(setting.name) ?? setting, ...(protocol === undefined ? {} : { protocol }) }, resource),
    };
  }

  /** The chat of a judge's entry, the same that the judge asks by: who else speaks to its model waits in the same line. */
  async chatOf(setting: JudgeSetting): Promise<Chat> {
    return (await this.load()).models.chatOf(setting);
  }

  /** The servers that run on this machine at their usual places, with their models; none when aborted. Sends no key. */
  async serversHere(signal: AbortSignal): Promise<readonly LocalServer[]> {
    try {
      return await (await this.parts()).findLocalServers(signal);
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  /**
   * The models that an endpoint lists, asked with its key if one is set.
   * @throws ModelError in words for the researcher
   */
  async modelsAt(baseUrl: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.parts()).listModels(baseUrl, await this.keys.of(originOf(baseUrl)), signal);
  }

  /** What this judge is called where its numbers are shown, with its calibration; `undefined` where it cannot be used now. */
  async nameOf(setting: JudgeSetting, resource: vscode.Uri | undefined): Promise<string | undefined> {
    try {
      const { identity } = (await this.judgeWith({ setting }, resource)).judge;
      return judgeName(identity, this.calibrationOf(identityKey(identity)));
    } catch {
      // Why it cannot be used is said when somebody scores with it.
      return undefined;
    }
  }

  /** What is loaded on demand, for commands that show a rubric. */
  async parts(): Promise<typeof OnDemand> {
    return (await this.load()).parts;
  }

  private offline(): ReadyJudge {
    return {
      judge: offlineJudge,
      name: 'offline',
      destination: undefined,
      price: undefined,
      sending: () => ({ requests: 0, inputTokens: 0, repeatedTokens: 0, outputTokens: 0 }),
      remember: () => undefined,
      renewed: () => Promise.resolve(this.offline()),
    };
  }

  private load(): Promise<{ parts: typeof OnDemand; models: OnDemand.ModelJudges }> {
    return (this.loaded ??= import('./modelJudges.onDemand').then((parts) => ({
      parts,
      models: new parts.ModelJudges(
        (origin) => this.keys.of(origin),
        (origin, waiting) => {
          this.puttingOff.fire({ origin, ...waiting });
        },
      ),
    })));
  }

  private notThere(): string {
    const name = this.configured.chosenName;
    const problem = this.configured.problems.find(({ entry }) => entry === name);
    return problem === undefined
      ? `The setting cotLens.judge names “${name}”, and cotLens.judges has no judge of this name. Choose one with “Choose Judge…”.`
      : `The judge “${name}” cannot be used: ${problem.what}. Mend it in the setting cotLens.judges, or choose another with “Choose Judge…”.`;
  }

  private snapshotOf(setting: JudgeSetting): string | undefined {
    return this.memory.get<Record<string, string>>(SNAPSHOTS)?.[snapshotKey(setting)];
  }

  private rememberSnapshot(setting: JudgeSetting, { model }: JudgeIdentity): void {
    if (model === undefined || model === this.snapshotOf(setting)) return;
    void this.memory.update(SNAPSHOTS, { ...this.memory.get<Record<string, string>>(SNAPSHOTS), [snapshotKey(setting)]: model });
  }
}

function snapshotKey(setting: JudgeSetting): string {
  const { origin, model } = destinationOf(setting);
  return isEndpointJudge(setting) ? `${origin} ${setting.baseUrl} ${model}` : `vscode ${model} ${setting.vscode.id ?? ''}`;
}
