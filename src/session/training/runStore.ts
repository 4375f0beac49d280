import { EventSource, type Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { runOf, withEvent, type Run, type RunEvent, type RunPlan } from '../../train/runs/run';
import { runLine, wrongPlaceOf, type PlanLine } from './runStoreLine';

const ENDING = '.run.jsonl';
const NEWLINE = 0x0a;

/**
 * The runs of a workspace, in `.cotlens/runs`: a file each, its plan in the first line and one line for all that became known since, so
 * that a crash loses nothing that was said, and other windows see it. Two windows may note at once: lines are appended whole.
 */
export class RunStore implements Disposable {
  private readonly runs = new Map<string, { readonly run: Run; /** Bytes. */ readonly read: number; readonly identity: string | undefined }>();
  private sorted: readonly Run[] | undefined;
  private readonly changes: EventSource<string>;
  private readonly watching: Disposable;
  private before: Promise<unknown> = Promise.resolve();

  /** @param folder `.cotlens/runs`, or what stands for it */
  constructor(
    private readonly folder: string,
    private readonly files: Files,
    private readonly now: () => string,
    private readonly log: Logger,
  ) {
    this.changes = new EventSource((error) => {
      log.error(`A part that shows runs failed: ${String(error)}`);
    });
    this.watching = files.watch(folder, (name) => {
      if (name.endsWith(ENDING)) void this.inTurn(() => this.readOrSay(name.slice(0, -ENDING.length)));
    });
  }

  /** Newest first. */
  get all(): readonly Run[] {
    return (this.sorted ??= [...this.runs.values()].map(({ run }) => run).sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0)));
  }

  get(id: string): Run | undefined {
    return this.runs.get(id)?.run;
  }

  /** Told the id of each run that is new or further. */
  onDidChange(listener: (id: string) => void): Disposable {
    return this.changes.event(listener);
  }

  /** Reads all runs of the folder; what of them cannot be read is said in the log. @throws Error where the folder cannot be read */
  load(): Promise<void> {
    return this.inTurn(async () => {
      for (const name of await this.files.list(this.folder)) if (name.endsWith(ENDING)) await this.readOrSay(name.slice(0, -ENDING.length));
    });
  }

  /** Writes a new run down; settles once it is on disk. @throws Error where a run of this id is there, or the disk is full */
  add(plan: RunPlan): Promise<Run> {
    return this.inTurn(async () => {
      // It would not be read again: a run that nobody can see is never begun.
      const wrong = wrongPlaceOf(plan);
      if (wrong !== undefined) throw new Error(`${wrong}, and a run’s record is not read with such a path. Nothing was submitted. Put the set into the workspace folder, or name the rows’ place from its root, and launch it again.`);
      const line = `${JSON.stringify({ plan } satisfies PlanLine)}\n`;
      let created: boolean;
      try {
        created = await this.files.create(this.path(plan.id), line);
      } catch (error) {
        // Of a full disk the beginning may be there: a file without a plan.
        await this.files.remove(this.path(plan.id)).catch(() => undefined);
        throw new Error(`The run ${plan.title} could not be written down, so nothing was submitted: ${wordsOf(error)}`, { cause: error });
      }
      if (!created) throw new Error(`There is a run ${plan.id} already.`);
      const facts = await this.files.facts(this.path(plan.id));
      const run = runOf(plan, []);
      this.runs.set(plan.id, { run, read: Buffer.byteLength(line), identity: facts?.identity });
      this.changed(plan.id);
      return run;
    });
  }

  /** Writes down what became known of a run; settles once it is on disk. @throws Error where it cannot be, or the run's file is gone */
  note(id: string, event: Omit<RunEvent, 'at'>): Promise<void> {
    return this.inTurn(async () => {
      const facts = await this.files.facts(this.path(id));
      if (facts === undefined) {
        await this.read(id);
        throw new Error(`The file of the run ${id} is gone, so nothing more is written down of it.`);
      }
      const noted: RunEvent = { at: this.now(), ...event };
      try {
        // A line that another window was killed in the middle of writing must not swallow this one.
        await this.files.append(this.path(id), `${(await this.isTorn(id, facts.size)) ? '\n' : ''}${JSON.stringify(noted)}\n`);
      } catch (error) {
        throw new Error(`What became known of the run ${this.runs.get(id)?.run.title ?? id} could not be written down: ${wordsOf(error)}`, { cause: error });
      }
      await this.read(id);
    });
  }

  dispose(): void {
    this.watching.dispose();
    this.changes.dispose();
  }

  private changed(id: string): void {
    this.sorted = undefined;
    this.changes.fire(id);
  }

  private path(id: string): string {
    return `${this.folder}/${id}${ENDING}`;
  }

  private async isTorn(id: string, size: number): Promise<boolean> {
    if (size === 0) return false;
    const [last] = await this.files.read(this.path(id), size - 1);
    return last !== NEWLINE;
  }

  private async readOrSay(id: string): Promise<void> {
    try {
      await this.read(id);
    } catch (error) {
      this.log.error(`The file of the run ${id} cannot be read: ${wordsOf(error)}`);
    }
  }

  /** What is new in a run's file; whole lines only. */
  private async read(id: string): Promise<void> {
    const known = this.runs.get(id);
    const facts = await this.files.facts(this.path(id));
    if (facts === undefined) {
      if (this.runs.delete(id)) this.changed(id);
      return;
    }
    const anew = known === undefined || facts.size < known.read || facts.identity !== known.identity;
    const from = anew ? 0 : known.read;
    const bytes = await this.files.read(this.path(id), from);
    // Counted in bytes: what is torn in the middle of a character has another length once it is decoded.
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    if (whole.length === 0) return;
    let run = anew ? undefined : known.run;
    for (const line of new TextDecoder().decode(whole).split('\n')) {
      if (line.trim() === '') continue;
      const said = runLine(line);
      if (said === undefined) this.log.warn(`A line of the run ${id} cannot be read and is passed over.`);
      else if ('plan' in said) run ??= said.plan.id === id ? runOf(said.plan, []) : undefined;
      else if (run !== undefined) run = withEvent(run, said);
    }
    if (run === undefined) {
      this.log.warn(`The file of the run ${id} does not begin with its plan, so it is not shown.`);
      if (this.runs.delete(id)) this.changed(id);
      return;
    }
    this.runs.set(id, { run, read: from + whole.length, identity: facts.identity });
    this.changed(id);
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.before.then(run);
    this.before = result.catch(() => undefined);
    return result;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
