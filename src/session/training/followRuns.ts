import type { Clock } from '../../trace/clock';
import { EventSource, type Disposable } from '../../trace/event';
import type { Logger } from '../../trace/logger';
import { BackendFault, type Backend, type RunSeen } from '../../train/backends/backend';
import { BEGINNING } from '../../train/logs/trainerVersions';
import { nextLook } from '../../train/runs/pollPlan';
import { RequestBudget } from '../../train/runs/requestBudget';
import { hasEnded, isUncertain, type Run } from '../../train/runs/run';
import { firstAndMore } from './followRunsMay';
import { newsOf, reasonFromLog, versionsFromLog } from './followRunsNews';
import { FollowTime } from './followRunsTime';
import { lacksLog, newTrack, type Lane, type Track } from './followRunsTrack';
import type { RunLogs } from './runLogFile';
import type { RunStore } from './runStore';

/** What runs are followed with. */
export interface FollowTools {
  readonly store: RunStore;
  readonly logs: RunLogs;
  /** @returns `undefined` where the settings have none at its address any more */
  readonly backendOf: (run: Pick<Run, 'backend'>) => Promise<Backend | undefined>;
  /** Of all windows one follows. */
  readonly lease: { take(): Promise<boolean>; giveBack(): Promise<void>; dispose(): void };
  /** Looks up a run of which it is not certain whether a backend has it, and notes what it is: `recoverRun`. @returns why the backend could not say */
  readonly recover: (run: Run, backend: Pick<Backend, 'see' | 'launchesOnce' | 'name'> | undefined, signal: AbortSignal) => Promise<string | undefined>;
  /** `unlessLaunching` of `followLease.ts`, for the folder of the runs. */
  readonly unlessLaunching: (id: string, run: () => Promise<void>) => Promise<boolean>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Runs something after so many milliseconds, unless it is disposed before. */
  readonly after: (ms: number, run: () => void) => Disposable;
}

/** Of the requests of a minute, those for the state of runs; the rest is for logs. Ours. */
const LOOKS_PER_MINUTE = 20;
/** Milliseconds between tries to become the window that follows. */
const TRY_LEASE = 5_000;
/** A run that appears is being launched by somebody: only what goes nowhere for so long is looked up. */
const LAUNCHING = 30_000;
/** The log of a run that nobody looks at is read so often at most, and that of any run the more rarely the longer it is. */
const UNSEEN_LOG = 60_000;
/** One of the logs that nobody looks at, of all runs, after so long: others are left enough of the minute. */
const BETWEEN_UNSEEN = 6_000;
const PER_CHARACTER = 5_000 / (2 * 1024 * 1024);
/** What is to be stopped is asked for again so often: Ray forgets it of a run that has not begun. */
const STOP_AGAIN = 60_000;
/** A run that the backend has none of is lost after so many looks in a row over so long. Ours. */
const LOST = { looks: 3, over: 600_000 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A log that an ended run left behind is given up after so many answers over so long that refuse it, and asked for each hour once it was not had so `often`. Ours. */
const LAST = { refusals: 5, over: DAY, often: 15 };
/** A launch that its backend can only find by listing is looked up so rarely after an hour: where the backend answers, and where it does not. Ours. */
const UNKNOWN = { answered: DAY, unanswered: HOUR };
/** After an error of our own. */
const REST = 30_000;
const END_OF_LOG = 65_536;

/** What comes first where not all can be asked for; looks count their requests themselves. */
const [LOOK, STOP, RECOVERY, LAST_LOG, SHOWN, UNSEEN] = [0, 1, 2, 3, 4, 5];

interface Job {
  readonly lane: Lane;
  /** The lower, the sooner. */
  readonly order: number;
  readonly due: number;
  readonly run: () => Promise<void>;
}

/**
 * Asks backends how the runs of a workspace are, in one window of all that show it: ever more rarely, with all runs of a backend in one
 * question, and never again once a run has ended and its log is read. All that becomes known is noted in `store` and `logs`, so that any
 * window can go on from there, after a week as well.
 */
export class RunFollower implements Disposable {
  private readonly tracks = new Map<string, Track>();
  private readonly lanes = new Map<string, Lane>();
  private readonly time: FollowTime;
  private readonly budget: RequestBudget;
  private readonly looks: RequestBudget;
  private readonly ends: EventSource<Run>;
  /** What ended before anybody listened; `undefined` once somebody did. */
  private untold: Run[] | undefined = [];
  private readonly troubles = new EventSource<undefined>();
  private readonly over = new AbortController();
  private readonly listening: Disposable[] = [];
  private shownRuns: ReadonlySet<string> = new Set();
  private timer: Disposable | undefined;
  private turning = false;
  private again = false;
  private following = false;
  private nextUnseen = 0;
  /** When runs of which it is uncertain whether a backend has them were first seen in this window; 0: they were there at its start. */
  private readonly appeared = new Map<string, number>();

  constructor(private readonly tools: FollowTools) {
    this.time = new FollowTime(tools.clock);
    const now = (): number => this.time.now();
    this.budget = new RequestBudget(now);
    this.looks = new RequestBudget(now, LOOKS_PER_MINUTE);
    this.ends = new EventSource((error) => {
      tools.log.error(`A part that tells of ended runs failed: ${wordsOf(error)}`);
    });
  }

  /** Follows what has not ended, now and whenever a run is added; the store must have been loaded. */
  start(): void {
    if (this.listening.length > 0) return;
    this.appear(0);
    this.listening.push(this.tools.store.onDidChange(() => { this.wake(); }));
    this.wake();
  }

  /** Runs that somebody looks at: their logs come first. */
  shown(ids: readonly string[]): void {
    this.shownRuns = new Set(ids);
    this.wake();
  }

  /**
   * Told each run that ended while this window followed it, once, with the reason where it failed. Whoever listens first is told at once
   * what ended before: a run that ended while VS Code was closed is mostly seen to have before anything listens.
   */
  readonly onDidEnd = (listener: (run: Run) => void): Disposable => {
    const listening = this.ends.event(listener);
    const { untold = [] } = this;
    this.untold = undefined;
    for (const run of untold) this.ends.fire(run);
    return listening;
  };

  /** What keeps a run from being followed now, in words. */
  troubleOf(run: Pick<Run, 'backend'>): string | undefined {
    return this.lanes.get(laneOf(run))?.trouble;
  }

  readonly onDidChangeTrouble = (listener: () => void): Disposable => this.troubles.event(listener);

  /**
   * Asks for a run because a person wants to know, in any window, also one that the backend was taken to have none of.
   * @param signal given up by the person @throws Error in words where nobody answers; the signal's reason
   */
  async lookNow(id: string, signal?: AbortSignal): Promise<void> {
    const until = signal === undefined ? this.over.signal : AbortSignal.any([this.over.signal, signal]);
    const run = this.runOf(id);
    // What was never submitted needs no backend to be settled.
    if (run.state === 'preparing') {
      await this.lookUp(id, undefined);
      return;
    }
    const backend = await this.backendFor(run);
    if (isUncertain(run.state)) {
      this.budget.count();
      const reason = await this.lookUp(id, backend, undefined, until);
      until.throwIfAborted();
      this.says(this.laneFor(run), reason);
      if (reason !== undefined) throw new Error(reason);
    } else if (!hasEnded(run.state) || run.state === 'lost' || (run.state === 'not started' && backend.launchesOnce)) {
      this.budget.count();
      const seen = await backend.see(run, until, firstAndMore(this.budget));
      await this.heard(run, seen);
      if (seen.kind === 'unreachable') throw new Error(seen.reason);
    }
    const now = this.tools.store.get(id);
    if (now === undefined || (!hasLog(now) && !lacksLog(now))) return;
    this.budget.count();
    await this.readLog(now, backend, until);
    this.wake();
  }

  /**
   * Asks for a run's end. That it was asked for is noted first, and stays so until the backend says that it has ended.
   * @throws Error in words where the backend could not be asked; the window that follows asks again then
   */
  async stop(id: string): Promise<void> {
    const run = this.runOf(id);
    if (hasEnded(run.state)) return;
    if (isUncertain(run.state)) throw new Error(run.state === 'unknown' ? `It is not known whether ${run.backend.name} has this run. Look again first.` : 'This run is being launched just now. Stop it once the backend has it.');
    const backend = await this.backendFor(run);
    await this.tools.store.note(id, { state: 'stop requested' });
    const track = this.tracks.get(id);
    if (track !== undefined) [track.stopAsked, track.look] = [this.time.now(), { ...track.look, changed: this.time.now() }];
    this.budget.count();
    await backend.stop(run, this.over.signal);
    this.wake();
  }

  dispose(): void {
    this.over.abort(new Error('The window was closed.'));
    this.timer?.dispose();
    for (const one of this.listening) one.dispose();
    this.tools.lease.dispose();
    this.ends.dispose();
    this.troubles.dispose();
  }

  private wake(): void {
    if (this.listening.length === 0 || this.over.signal.aborted) return;
    if (this.turning) {
      this.again = true;
      return;
    }
    this.timer?.dispose();
    this.timer = this.tools.after(0, () => void this.turn());
  }

  private async turn(): Promise<void> {
    if (this.turning || this.over.signal.aborted) return;
    this.turning = true;
    let wait: number | undefined;
    try {
      do {
        this.again = false;
        wait = await this.step();
      } while (this.again && !this.over.signal.aborted);
    } catch (error) {
      this.tools.log.error(`Following runs failed, and is tried again: ${wordsOf(error)}`);
      wait = REST;
    } finally {
      this.turning = false;
    }
    if (wait === undefined || this.over.signal.aborted) return;
    this.timer?.dispose();
    this.timer = this.tools.after(Math.max(20, Math.ceil(wait)), () => void this.turn());
  }

  /** Begins what is due. @returns milliseconds until more is; `undefined`: not before something happens */
  private async step(): Promise<number | undefined> {
    this.appear(this.time.now());
    if (!this.tools.store.all.some((run) => !hasEnded(run.state) || lacksLog(run)) && this.tracks.size === 0) {
      if (this.following) await this.tools.lease.giveBack();
      this.following = false;
      return undefined;
    }
    if (!(await this.tools.lease.take())) {
      // Another window follows, and tells of what ends.
      this.following = false;
      this.tracks.clear();
      return TRY_LEASE;
    }
    if (!this.following) {
      this.following = true;
      // What the other window noted last may not have been heard of here.
      await this.tools.store.load();
    }
    const now = this.time.now();
    this.sync(now);
    let next = Infinity;
    for (const { lane, order, due, run } of this.jobs(now).sort((a, b) => a.order - b.order || a.due - b.due)) {
      const wait = Math.max(due - now, lane.rests - now, this.budget.wait(), order === LOOK ? this.looks.wait() : 0, order === UNSEEN ? this.nextUnseen - now : 0);
      if (lane.busy) continue;
      if (wait > 0) next = Math.min(next, wait);
      else {
        if (order !== LOOK) this.budget.take();
        if (order === UNSEEN) this.nextUnseen = now + BETWEEN_UNSEEN;
        void this.run(lane, run);
      }
    }
    return next === Infinity ? undefined : next;
  }

  private async run(lane: Lane, run: () => Promise<void>): Promise<void> {
    lane.busy = true;
    try {
      await run();
    } catch (error) {
      if (!this.over.signal.aborted) {
        lane.rests = this.time.now() + REST;
        this.tools.log.error(`Following the runs at ${lane.name} failed, and is tried again: ${wordsOf(error)}`);
      }
    } finally {
      lane.busy = false;
      this.wake();
    }
  }

  private appear(now: number): void {
    for (const { id, state } of this.tools.store.all) {
      if (!isUncertain(state)) this.appeared.delete(id);
      else if (!this.appeared.has(id)) this.appeared.set(id, now);
    }
  }

  /** Takes notice of runs that are new, have ended, or are gone. */
  private sync(now: number): void {
    const all = new Map(this.tools.store.all.map((run) => [run.id, run]));
    for (const id of this.tracks.keys()) if (!all.has(id)) this.tracks.delete(id);
    for (const run of all.values()) {
      const ended = hasEnded(run.state);
      let track = this.tracks.get(run.id);
      if (track === undefined) {
        if (ended && !lacksLog(run)) continue;
        track = newTrack(now);
        track.told = ended;
        this.tracks.set(run.id, track);
      }
      if (track.noticed?.heard !== run.heard) track.noticed = { heard: run.heard, at: now };
      if (!ended) continue;
      // Who launches a run says itself that it was not started.
      if (run.state === 'not started' && !track.recovered) track.told = true;
      if (lacksLog(run)) continue;
      this.tell(run, track);
      this.tracks.delete(run.id);
    }
  }

  private tell(run: Run, track: Track): void {
    if (track.told) return;
    track.told = true;
    if (this.untold === undefined) this.ends.fire(run);
    else this.untold.push(run);
  }

  private jobs(now: number): Job[] {
    const jobs: Job[] = [];
    const asked = new Map<Lane, { readonly run: Run; readonly track: Track; readonly due: number }[]>();
    for (const [id, track] of this.tracks) {
      const run = this.tools.store.get(id);
      if (run === undefined) continue;
      const lane = this.laneFor(run);
      const one = (order: number, due: number, work: () => Promise<void>): void => {
        jobs.push({ lane, order, due, run: work });
      };
      if (isUncertain(run.state)) one(RECOVERY, this.recoveryDue(id, track, now), () => this.recover(run, track, lane));
      else if (hasEnded(run.state)) one(LAST_LOG, Math.max(afterFailures(track.log, now), track.log.failures > LAST.often ? track.log.asked + HOUR : 0), () => this.lastLog(run, track));
      else {
        const due = nextLook(run, track.look, now) ?? Infinity;
        asked.set(lane, [...(asked.get(lane) ?? []), { run, track, due }]);
        // A backend that does not answer is asked for nothing else.
        if (track.look.asked === 0 || track.look.failures > 0 || track.absent !== undefined) continue;
        if (run.state === 'stop requested') one(STOP, (track.stopAsked ?? -Infinity) + STOP_AGAIN, () => this.stopAgain(run, track));
        if (hasLog(run)) one(this.shownRuns.has(id) ? SHOWN : UNSEEN, this.logDue(run, track, now), () => this.nextLog(run, track));
      }
    }
    for (const [lane, runs] of asked) {
      // Those that are due soon come along: it is one question.
      const due = Math.min(...runs.map((one) => one.due));
      const along = runs.filter((one) => one.due - now <= (one.due - one.track.look.asked) / 2);
      jobs.push({ lane, order: LOOK, due, run: () => this.lookAt(lane, along.sort((a, b) => a.track.look.asked - b.track.look.asked).map(({ run }) => run)) });
    }
    return jobs;
  }

  /** What has just appeared is being launched by somebody; what was left behind is looked up at once. */
  private recoveryDue(id: string, { look, rare = 0 }: Track, now: number): number {
    if (look.asked > 0) return Math.max(afterFailures(look, now), look.asked + rare);
    const appeared = this.appeared.get(id) ?? now;
    return appeared === 0 ? now : appeared + LAUNCHING;
  }

  private logDue({ id, state }: Run, { log, logLength }: Track, now: number): number {
    // What was never read has waited longest.
    if (log.asked === 0) return log.changed;
    const due = Math.max(afterFailures(log, now), nextLook({ state }, log, now) ?? Infinity, log.asked + logLength * PER_CHARACTER);
    return this.shownRuns.has(id) ? due : Math.max(due, log.asked + UNSEEN_LOG);
  }

  private async lookAt(lane: Lane, runs: readonly Run[]): Promise<void> {
    const backend = await this.tools.backendOf({ backend: lane.backend });
    let refused = false;
    const may = {
      take: () => {
        const yes = this.looks.wait() === 0 && this.budget.take();
        if (yes) this.looks.count();
        refused ||= !yes;
        return yes;
      },
    };
    let answers: ReadonlyMap<string, RunSeen> = new Map();
    let reason = backend === undefined ? noBackend(lane.backend.name) : 'The backend said nothing of this run.';
    if (backend !== undefined) {
      try {
        answers = await backend.seeAll(runs, may, this.over.signal);
      } catch (error) {
        this.over.signal.throwIfAborted();
        reason = wordsOf(error);
        refused = false;
      }
    }
    for (const run of runs) {
      const seen = answers.get(run.id);
      // What there was no request left for is asked for as soon as there is.
      if (seen === undefined && refused) continue;
      await this.heard(this.tools.store.get(run.id) ?? run, seen ?? { kind: 'unreachable', reason });
    }
  }

  /** Notes what a backend said of a run, where it is news. */
  private async heard(run: Run, seen: RunSeen): Promise<void> {
    const now = this.time.now();
    const track = this.tracks.get(run.id) ?? newTrack(now);
    const { look } = track;
    this.says(this.laneFor(run), seen.kind === 'unreachable' ? seen.reason : undefined);
    switch (seen.kind) {
      case 'unreachable':
        track.look = { asked: now, changed: look.changed, failures: look.failures + 1 };
        return;
      case 'absent': {
        track.look = { asked: now, changed: look.changed, failures: 0 };
        const absent = (track.absent = { since: track.absent?.since ?? now, looks: (track.absent?.looks ?? 0) + 1 });
        if (absent.looks < LOST.looks || now - absent.since < LOST.over || hasEnded(run.state)) return;
        await this.tools.store.note(run.id, { state: 'lost', reason: `${run.backend.name} has no such run any more: it was restarted, somebody deleted the run there, or another server answers at its address now, as where a port is forwarded to another cluster. Should that be so, put it right and choose “Look Now”. ${track.seen ?? `The last that was heard of it, ${minuteOf(run.heard)}: ${run.state}.`}` });
        return;
      }
      case 'seen': {
        const news = newsOf(run, seen);
        track.look = { asked: now, changed: news === undefined ? look.changed : now, failures: 0 };
        track.absent = undefined;
        track.seen = `It was last seen there ${minuteOf(new Date(this.tools.clock.now()).toISOString())}: ${seen.state}.`;
        if (seen.state === 'failed') track.message = seen.reason;
        if (news !== undefined) await this.tools.store.note(run.id, news);
      }
    }
  }

  private async recover(run: Run, track: Track, lane: Lane): Promise<void> {
    track.look = { ...track.look, asked: this.time.now(), failures: track.look.failures + 1 };
    const isPreparing = run.state === 'preparing';
    const backend = isPreparing ? undefined : await this.tools.backendOf(run);
    if (backend === undefined && !isPreparing) {
      this.says(lane, noBackend(run.backend.name));
      return;
    }
    const reason = await this.lookUp(run.id, backend, track);
    const now = this.tools.store.get(run.id);
    if (now === undefined || !isUncertain(now.state)) track.look = { asked: 0, changed: this.time.now(), failures: 0 };
    if (backend === undefined) return;
    this.says(lane, reason);
    if (!backend.launchesOnce && now?.state === 'unknown' && this.unheard(now, track) >= HOUR) track.rare = reason === undefined ? UNKNOWN.answered : UNKNOWN.unanswered;
  }

  /** @returns why the backend could not say */
  private async lookUp(id: string, backend: Backend | undefined, track?: Track, signal = this.over.signal): Promise<string | undefined> {
    let reason: string | undefined;
    await this.tools.unlessLaunching(id, async () => {
      // Whoever held the lock before may have noted what it is.
      const now = this.tools.store.get(id);
      if (now === undefined || !isUncertain(now.state)) return;
      if (track !== undefined) track.recovered = true;
      const may = firstAndMore(this.budget);
      const asked = backend && { name: backend.name, launchesOnce: backend.launchesOnce, see: (run: Run, until: AbortSignal) => backend.see(run, until, may) };
      reason = await this.tools.recover(this.byOwnTime(now), asked, signal);
    });
    return reason;
  }

  /** The run, heard of no later than by this window's own time: what lies ahead of a clock that was set back would else not be over until it is there again. */
  private byOwnTime(run: Run): Run {
    const noticed = this.tracks.get(run.id)?.noticed;
    if (noticed?.heard !== run.heard) return run;
    const at = this.tools.clock.now() - (this.time.now() - noticed.at);
    return at < Date.parse(run.heard) ? { ...run, heard: new Date(at).toISOString() } : run;
  }

  /** For how long nothing was heard of it, in milliseconds, whatever the clock on the wall says meanwhile. */
  private unheard({ heard }: Run, { look }: Track): number {
    return Math.max(this.time.now() - look.changed, this.tools.clock.now() - Date.parse(heard));
  }

  private async stopAgain(run: Run, track: Track): Promise<void> {
    track.stopAsked = this.time.now();
    try {
      await (await this.tools.backendOf(run))?.stop(run, this.over.signal);
    } catch (error) {
      if (!this.over.signal.aborted) this.tools.log.warn(`The run ${run.title} could not be asked to stop, and will be again: ${wordsOf(error)}`);
    }
  }

  private async nextLog(run: Run, track: Track): Promise<void> {
    const backend = await this.tools.backendOf(run);
    try {
      if (backend !== undefined) await this.readLog(run, backend);
    } catch (error) {
      this.logFailed(run, track, error);
    }
  }

  /** Reads what is left of the log of a run that has ended, and says why it failed. */
  private async lastLog(run: Run, track: Track): Promise<void> {
    const backend = await this.tools.backendOf(run);
    try {
      if (backend === undefined) throw new BackendFault('unreachable', noBackend(run.backend.name));
      await this.readLog(run, backend);
    } catch (error) {
      this.logFailed(run, track, error);
      if (backend !== undefined && this.isGone(track, error)) await this.close(run);
      // Nobody waits for a log to be told of an end.
      this.tell(this.tools.store.get(run.id) ?? run, track);
    }
  }

  /** Will nobody give the log of a run that has ended any more? Who cannot be asked has said nothing. */
  private isGone(track: Track, error: unknown): boolean {
    const kind = error instanceof BackendFault ? error.kind : undefined;
    if (kind === 'gone') return true;
    if (kind === undefined || kind === 'unreachable' || kind === 'auth' || kind === 'busy') return false;
    const now = this.time.now();
    const { since, count } = (track.refusals = { since: track.refusals?.since ?? now, count: (track.refusals?.count ?? 0) + 1 });
    return count >= LAST.refusals && now - since >= LAST.over;
  }

  private logFailed(run: Run, track: Track, error: unknown): void {
    this.over.signal.throwIfAborted();
    track.log = { ...track.log, asked: this.time.now(), failures: track.log.failures + 1 };
    if (track.log.failures === 1) this.tools.log.warn(`The log of the run ${run.title} could not be read: ${wordsOf(error)}`);
  }

  private async readLog(run: Run, backend: Backend, signal = this.over.signal): Promise<void> {
    const before = await this.tools.logs.read(run.id);
    const { next } = before;
    const beginning = before.beginning(BEGINNING);
    const part = await backend.log(run, next, signal, firstAndMore(this.budget));
    // Noted before the log is kept: should this window be killed between the two, the part is read again.
    const versions = versionsFromLog(this.tools.store.get(run.id) ?? run, part.next < next ? '' : beginning, part.text);
    if (versions !== undefined) await this.tools.store.note(run.id, versions);
    const { length } = await this.tools.logs.append(run.id, part, next);
    // Of a run that goes on there may be something again.
    if (part.gone === true && lacksLog(run)) throw new BackendFault('gone', `${run.backend.name} has nothing of this run’s log any more. What was read of it before is kept.`);
    const now = this.time.now();
    const track = this.tracks.get(run.id);
    if (track !== undefined) {
      track.log = { asked: now, changed: part.text === '' && (part.metrics ?? []).length === 0 && part.more !== true ? track.log.changed : now, failures: 0 };
      track.logLength = length;
    }
    // Asked for while it ran, it may not be whole though it has ended since.
    if (lacksLog(run) && part.more !== true) await this.close(run);
  }

  private async close(run: Run): Promise<void> {
    const log = await this.tools.logs.read(run.id);
    await this.tools.store.note(run.id, { logRead: true, ...reasonFromLog(run, log.end(END_OF_LOG), this.tracks.get(run.id)?.message) });
  }

  private runOf(id: string): Run {
    const run = this.tools.store.get(id);
    if (run === undefined) throw new Error('This run is not known any more: its file was removed.');
    return run;
  }

  private async backendFor(run: Run): Promise<Backend> {
    const backend = await this.tools.backendOf(run);
    if (backend === undefined) throw new Error(noBackend(run.backend.name));
    return backend;
  }

  private laneFor(run: Run): Lane {
    const key = laneOf(run);
    let lane = this.lanes.get(key);
    if (lane === undefined) this.lanes.set(key, (lane = { name: run.backend.name, backend: run.backend, busy: false, rests: 0, trouble: undefined }));
    return lane;
  }

  private says(lane: Lane, trouble: string | undefined): void {
    if (lane.trouble === trouble) return;
    lane.trouble = trouble;
    this.troubles.fire(undefined);
  }
}

/** Runs that are under way have a log; what waits for its turn has none yet. */
function hasLog({ state, started }: Run): boolean {
  return state === 'running' || state === 'paused' || (state === 'stop requested' && started !== undefined);
}

/** Ever later, as for a backend that does not answer. */
function afterFailures(of: Track['look'], now: number): number {
  return of.failures === 0 ? of.asked : (nextLook({ state: 'running' }, of, now) ?? now);
}

function laneOf({ backend: { kind, name, url } }: Pick<Run, 'backend'>): string {
  return JSON.stringify([kind, name, url]);
}

function noBackend(name: string): string {
  return `The settings have no backend ${name} any more at the address that this run was given to. Add it again (cotLens.backends) to follow the run.`;
}

function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
