import { EventSource, type Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { runOf, withEvent, type Run, type RunEvent, type RunPlan } from '../../train/runs/run';

/** The beginning of a run's file. */
interface PlanLine {
  readonly plan: RunPlan;
}

const ENDING = '.run.jsonl';

/**
 * The runs of a workspace, in `.cotlens/runs`: a file each, its plan in the first line and one line for all that became known since, so
 * that a crash loses nothing that was said, and other windows see it. Two windows may note at once: lines are appended whole.
 */
export class RunStore implements Disposable {
  private readonly runs = new Map<string, { run: Run; read: number }>();
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
      if (name.endsWith(ENDING)) void this.inTurn(() => this.load(name.slice(0, -ENDING.length)));
    });
  }

  /** Newest first. */
  get all(): readonly Run[] {
    return [...this.runs.values()].map(({ run }) => run).sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
  }

  get(id: string): Run | undefined {
    return this.runs.get(id)?.run;
  }

  /** Told the id of each run that is new or further. */
  onDidChange(listener: (id: string) => void): Disposable {
    return this.changes.event(listener);
  }

  /** Reads all runs of the folder. @throws Error where it cannot be read */
  load(id?: string): Promise<void> {
    return id === undefined ? this.inTurn(async () => {
      for (const name of await this.files.list(this.folder)) if (name.endsWith(ENDING)) await this.read(name.slice(0, -ENDING.length));
    }) : this.read(id);
  }

  /** Writes a new run down; settles once it is on disk. @throws Error where a run of this id is there, or the disk is full */
  add(plan: RunPlan): Promise<Run> {
    return this.inTurn(async () => {
      const line = `${JSON.stringify({ plan } satisfies PlanLine)}\n`;
      if (!(await this.files.create(this.path(plan.id), line))) throw new Error(`There is a run ${plan.id} already.`);
      const run = runOf(plan, []);
      this.runs.set(plan.id, { run, read: Buffer.byteLength(line) });
      this.changes.fire(plan.id);
      return run;
    });
  }

  /** Writes down what became known of a run; settles once it is on disk. */
  note(id: string, event: Omit<RunEvent, 'at'>): Promise<void> {
    return this.inTurn(async () => {
      const noted: RunEvent = { at: this.now(), ...event };
      // A line that another window was killed in the middle of writing must not swallow this one.
      await this.files.append(this.path(id), `${(await this.isTorn(id)) ? '\n' : ''}${JSON.stringify(noted)}\n`);
      await this.read(id);
    });
  }

  dispose(): void {
    this.watching.dispose();
    this.changes.dispose();
  }

  private path(id: string): string {
    return `${this.folder}/${id}${ENDING}`;
  }

  private async isTorn(id: string): Promise<boolean> {
    const facts = await this.files.facts(this.path(id));
    if (facts === undefined || facts.size === 0) return false;
    const [last] = await this.files.read(this.path(id), facts.size - 1);
    return last !== 0x0a;
  }

  /** What is new in a run's file; whole lines only. */
  private async read(id: string): Promise<void> {
    const known = this.runs.get(id);
    const facts = await this.files.facts(this.path(id));
    if (facts === undefined) {
      if (this.runs.delete(id)) this.changes.fire(id);
      return;
    }
    const from = known === undefined || facts.size < known.read ? 0 : known.read;
    const text = new TextDecoder().decode(await this.files.read(this.path(id), from));
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '') return;
    let run = from === 0 ? undefined : known?.run;
    for (const line of whole.split('\n')) {
      const said = parsed(line);
      if (said === undefined) {
        if (line.trim() !== '') this.log.warn(`A line of the run ${id} cannot be read and is passed over.`);
      } else if (isPlan(said)) run = runOf(said.plan, []);
      else if (run !== undefined) run = withEvent(run, said as RunEvent);
    }
    if (run === undefined) {
      this.log.warn(`The file of the run ${id} does not begin with its plan, so it is not shown.`);
      return;
    }
    this.runs.set(id, { run, read: from + Buffer.byteLength(whole) });
    this.changes.fire(id);
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.before.then(run);
    this.before = result.catch(() => undefined);
    return result;
  }
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPlan(said: object): said is PlanLine {
  const plan: unknown = (said as Partial<PlanLine>).plan;
  return typeof plan === 'object' && plan !== null && typeof (plan as Partial<RunPlan>).id === 'string' && typeof (plan as Partial<RunPlan>).created === 'string';
}
