import { createHash } from 'node:crypto';
import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs';
import { modelNames } from '../../../model/listModels';
import { cleanBaseUrl } from '../../../model/origin';
import type { RunPlan } from '../../runs/run';
import type { FineTuningJob, TrainingJob } from '../../trainingRecipe';
import { BackendFault, type Artifact, type Backend, type BackendCheck, type LaunchOutcome, type LogPart, type MayAsk, type PlannedRequest, type Pushed, type RunName, type RunSeen, type Shipment } from '../backend';
import { isCertainNo } from '../certainNo';
import { eventLines, eventMetrics, isAscending, jobEvent, leadsToRead, unread, type EventMark, type JobEvent } from './eventLog';
import { NoRightFault, notUnderstood } from './fineTuningFaults';
import { checkpointTold, fieldsOf, fileTold, jobTold, pageOf, seenOf, type CheckpointTold, type FineTuningJobTold, type TrainingFileTold } from './fineTuningReplies';
import { FineTuningServer, isGood, type Called } from './fineTuningServer';
import { KeptWalks, NotYet } from './keptWalks';
import { modelProblem, windDownProblem } from './launchProblems';
import { BeginsAnew, ListWalk, MOST_PAGES, type PageRead, type WalkEnd } from './listWalk';
import { doubtful, isBefore, jobOf, RUN_MARK } from './runsAmongJobs';

export interface OpenAiBackendOptions {
  readonly name: string;
  /** http or https, mostly ending in /v1. */
  readonly url: string;
  /** Bound to the origin by whoever gives it. */
  readonly key?: string | undefined;
  /** Milliseconds without a sign of life; 30,000 for what is small, 120,000 for a file and for the start of a job, where absent. */
  readonly timeouts?: { readonly soon: number; readonly upload: number };
}

const TIMEOUTS = { soon: 30_000, upload: 120_000 };
/** Of lists, what is asked for at once. Ours. */
const PAGE = 100;
/** A server that fails to tell of so many jobs in a row is taken to be down, for now. Ours. */
const DOWN = 3;
/** Where nobody counts. */
const ANY_TIME: MayAsk = { take: () => true };
/** Of the shown place where the file's id will stand, which the server makes up. */
const FILE_ID = '(the id that the server gives the file above)';
const OF_A_CLUSTER = 'This recipe is for a cluster, not for a fine-tuning API.';
/** What may stand in metadata; a suffix is as long as a key at most. */
const LONGEST_SUFFIX = 64;
const LONGEST_METADATA = 512;

/**
 * A server with OpenAI's files and fine-tuning API, by the `openai` package. It makes up the names of jobs itself, so a run carries its
 * own id in the job's metadata, and in its model's suffix where the recipe sets none.
 */
export class OpenAiBackend implements Backend {
  readonly kind = 'openai';
  /** Asked twice, the API starts two jobs. */
  readonly launchesOnce = false;
  readonly name: string;
  readonly url: string;
  private readonly server: FineTuningServer;
  private readonly timeouts: { readonly soon: number; readonly upload: number };
  private readonly marks = new Map<string, EventMark>();
  private readonly eventWalks = new KeptWalks<JobEvent>();
  private readonly jobWalks = new KeptWalks<FineTuningJobTold>();
  private readonly checkpointWalks = new KeptWalks<CheckpointTold>();
  /** The run at which the others were not asked for any more. */
  private gaveUpAt: string | undefined;

  /** @throws Error where the address cannot be used */
  constructor({ name, url, key, timeouts = TIMEOUTS }: OpenAiBackendOptions) {
    this.name = name;
    this.url = cleanBaseUrl(url);
    this.timeouts = timeouts;
    const trimmed = key?.trim();
    this.server = new FineTuningServer(this.url, trimmed === '' ? undefined : trimmed);
  }

  async check(signal: AbortSignal, model?: string): Promise<BackendCheck> {
    const { server } = this;
    const listing = 'list its models';
    const called = await server.call(this.soon(listing, signal), (client) => client.models.list());
    if (called.kind === 'failed') throw called.fault;
    const { reply } = called;
    const problems: string[] = windDownProblem(this.url);
    let version = 'OpenAI’s fine-tuning API';
    if (isGood(reply.status)) {
      const models = modelNames(reply.text);
      if (models === undefined) throw notUnderstood(`${listing}: it is no list of models`, server.origin, reply.text);
      version += `, ${String(models.length)} models listed`;
      if (model !== undefined) problems.push(...modelProblem(model, models, server.origin));
    } else {
      const refusal = server.refusal(reply, listing);
      if (!isMissing(reply.status)) throw refusal;
      if (model !== undefined) problems.push(`Whether ${server.origin} knows the model “${model}” shows only at the launch, since it lists none. ${refusal.message}`);
    }
    // The models are told to anyone by some; jobs are not.
    try {
      await this.jobs(undefined, signal, ANY_TIME, 1);
    } catch (error) {
      if (!(error instanceof BackendFault) || error.kind !== 'refused') throw error;
      problems.push(`A run whose start is not answered could not be found again. ${error.message}`);
    }
    return { version, problems };
  }

  planned(plan: RunPlan, { rows, job }: Shipment, signal: AbortSignal): Promise<readonly PlannedRequest[]> {
    return new Promise((resolve) => {
      signal.throwIfAborted();
      const file = rows === undefined ? undefined : trainingFile(rows);
      const start: PlannedRequest = {
        what: 'the job',
        method: 'POST',
        url: `${this.url}/fine_tuning/jobs`,
        body: JSON.stringify(submission(plan, fineTuningJob(job), file === undefined ? uploadedBefore(plan) : FILE_ID), undefined, 2),
      };
      if (file === undefined) {
        resolve([start]);
        return;
      }
      const words = [
        'purpose: fine-tune',
        `file: ${file.name}, ${String(plan.file.rows)} rows, ${String(file.bytes)} bytes, SHA-256 ${file.sha256}`,
        '',
        'Not sent again where the account has a file of this name and size: its files of this purpose are listed first.',
      ];
      resolve([{ what: `the training file, ${String(file.bytes)} bytes`, method: 'POST', url: `${this.url}/files`, body: words.join('\n') }, start]);
    });
  }

  async push(plan: RunPlan, { rows }: Shipment, signal: AbortSignal, progress: (share: number) => void): Promise<Pushed> {
    if (rows === undefined) return { uri: uploadedBefore(plan), bytes: 0 };
    const { name } = trainingFile(rows);
    const known = await this.uploaded(name, rows.length, signal);
    if (known === undefined) {
      const what = 'take the training file';
      const file = new File([new Uint8Array(rows)], name, { type: 'application/jsonl' });
      const { value, text } = await this.server.json({ what, signal, timeout: this.timeouts.upload, progress: (share) => { progress(share * 0.95); } }, (client) => client.files.create({ purpose: 'fine-tune', file }));
      const told = fileTold(value);
      if (told === undefined) throw notUnderstood(`${what}: the answer has no id`, this.server.origin, text);
      if (told.bytes !== undefined && told.bytes > 0 && told.bytes !== rows.length) {
        throw new BackendFault('odd', `${this.server.origin} took ${String(told.bytes)} of the training file’s ${String(rows.length)} bytes. Nothing was started; try again.`);
      }
      progress(1);
      return { uri: told.id, bytes: rows.length };
    }
    progress(1);
    return { uri: known, bytes: rows.length };
  }

  /** The id of the account's file of this name and size, where it has one. */
  private async uploaded(name: string, bytes: number, signal: AbortSignal): Promise<string | undefined> {
    const what = 'list its files';
    let found: string | undefined;
    const isIt = (file: TrainingFileTold): boolean => file.name === name && file.bytes === bytes && !file.expires && (file.status === undefined || ['uploaded', 'processed'].includes(file.status));
    try {
      // What is not found among so many is sent once more, which costs time and nothing else.
      await this.walked(what, new ListWalk<TrainingFileTold>().on(
        (after) => this.page(what, signal, ANY_TIME, (client) => client.files.list({ purpose: 'fine-tune', limit: PAGE, ...(after === undefined ? {} : { after }) }), fileTold),
        (files) => (found = files.find(isIt)?.id) !== undefined,
      ));
    } catch (error) {
      // A server that lists no files takes them all the same.
      if (!(error instanceof MissingFault)) throw error;
    }
    return found;
  }

  async launch(plan: RunPlan, job: TrainingJob, pushed: Pushed, signal: AbortSignal): Promise<LaunchOutcome> {
    const what = 'start the run';
    if (job.kind !== 'fine-tuning') return { kind: 'refused', reason: OF_A_CLUSTER };
    const body = submission(plan, job, pushed.uri);
    let called: Called;
    try {
      called = await this.server.call({ what, signal, timeout: this.timeouts.upload }, (client) => client.fineTuning.jobs.create(body));
    } catch (error) {
      // A key that cannot be sent has sent nothing; what else breaks here may have.
      return { kind: error instanceof BackendFault ? 'refused' : 'unknown', reason: inWords(error) };
    }
    if (called.kind === 'failed') return { kind: called.unsent ? 'refused' : 'unknown', reason: called.fault.message };
    const { reply } = called;
    try {
      if (!isGood(reply.status)) return { kind: startedNothing(reply.status) ? 'refused' : 'unknown', reason: this.server.refusal(reply, what).message };
      const told = jobTold(this.server.parsed(reply, what));
      if (told !== undefined) return { kind: 'taken', job: told.id };
    } catch (error) {
      return { kind: 'unknown', reason: inWords(error) };
    }
    return { kind: 'unknown', reason: notUnderstood(`${what}: the answer has no job’s id`, this.server.origin, reply.text).message };
  }

  async see(run: RunName, signal: AbortSignal, may: MayAsk = ANY_TIME): Promise<RunSeen> {
    try {
      return run.job === undefined ? await this.find(run, signal, may) : await this.retrieved(run.job, signal, may);
    } catch (error) {
      signal.throwIfAborted();
      return unreachable(error);
    }
  }

  /**
   * Page by page while that is cheaper than to ask for each run by itself; one by one where the list cannot be used, since one job that the
   * server cannot tell of, ours or another’s, must not keep the others from being seen.
   */
  async seeAll(runs: readonly RunName[], may: MayAsk, signal: AbortSignal): Promise<ReadonlyMap<string, RunSeen>> {
    const seen = new Map<string, RunSeen>();
    let missing = [...runs];
    const listed: FineTuningJobTold[] = [];
    const worthListing = (): boolean => missing.length > 1 || missing.some(({ job }) => job === undefined);
    try {
      let after: string | undefined;
      const had = new Set<string>();
      for (let pages = 0; worthListing(); pages++) {
        if (pages >= MOST_PAGES) {
          for (const { id } of missing.filter(({ job }) => job === undefined)) seen.set(id, this.tooMany(listed.length));
          break;
        }
        if (!may.take()) return seen;
        const page = await this.jobs(after, signal, ANY_TIME);
        for (const job of page.items) listed.push(job);
        const before = missing.length;
        missing = missing.filter((run) => {
          const job = jobOf(run, page.items);
          if (job !== undefined) seen.set(run.id, seenOf(job));
          return job === undefined;
        });
        after = page.after;
        const ends = after === undefined || isBefore(page.items, missing);
        if (ends) {
          for (const run of missing.filter(({ job }) => job === undefined)) seen.set(run.id, this.unseen(run, listed));
          break;
        }
        if (after !== undefined && had.has(after)) throw this.beginsAnew('list its jobs');
        had.add(after ?? '');
        // A page that finds none or one of them is no better than asking for one.
        if (before - missing.length < 2 && missing.every(({ job }) => job !== undefined)) break;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isOfOne(error)) return new Map([...seen, ...missing.map(({ id }) => [id, unreachable(error)] as const)]);
      for (const run of missing.filter(({ job }) => job === undefined)) seen.set(run.id, unreachable(error));
    }
    for (const [id, one] of await this.seeEach(missing, may, signal)) seen.set(id, one);
    return seen;
  }

  /** One by one, those whose job is known, beginning behind the last that the server gave no answer for. */
  private async seeEach(runs: readonly RunName[], may: MayAsk, signal: AbortSignal): Promise<ReadonlyMap<string, RunSeen>> {
    const seen = new Map<string, RunSeen>();
    const last = runs.findIndex(({ id }) => id === this.gaveUpAt);
    let failures = 0;
    for (const { id, job } of [...runs.slice(last + 1), ...runs.slice(0, last + 1)]) {
      if (job === undefined) continue;
      if (!may.take()) return seen;
      try {
        seen.set(id, await this.retrieved(job, signal, ANY_TIME));
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        seen.set(id, unreachable(error));
        if (isOfOne(error) && ++failures < DOWN) continue;
        // A server that is down would be down for each of them.
        this.gaveUpAt = id;
        for (const other of runs) if (other.job !== undefined && !seen.has(other.id)) seen.set(other.id, unreachable(error));
        return seen;
      }
    }
    return seen;
  }

  async stop(run: RunName, signal: AbortSignal): Promise<void> {
    const job = await this.nameOf(run, signal);
    await this.tell('stop the run', signal, (client) => client.fineTuning.jobs.cancel(job));
  }

  async pause(run: RunName, signal: AbortSignal): Promise<void> {
    const job = await this.nameOf(run, signal);
    await this.tell('pause the run', signal, (client) => client.fineTuning.jobs.pause(job));
  }

  async resume(run: RunName, signal: AbortSignal): Promise<void> {
    const job = await this.nameOf(run, signal);
    await this.tell('resume the run', signal, (client) => client.fineTuning.jobs.resume(job));
  }

  /**
   * `from` is a place in the log (see `eventLog.ts`). The API lists the newest first and does not say how many there are, so what was read
   * before is known again by its times, and the list is read no further than there.
   */
  async log(run: RunName, from: number, signal: AbortSignal, may: MayAsk = ANY_TIME): Promise<LogPart> {
    const what = 'give the run’s events';
    let job: string;
    try {
      job = await this.nameOf(run, signal, may);
    } catch (error) {
      if (error instanceof NotYet) return { text: '', next: from, more: true };
      throw error;
    }
    const kept = this.marks.get(job);
    const mark = kept?.read === from ? kept : undefined;
    const walk = this.eventWalks.take(job, from, mark?.ascending === true ? mark.last : undefined);
    const behind = walk.start !== undefined;
    const ascending = (): boolean => behind || isAscending(walk.items);
    let end: WalkEnd | 'waits';
    try {
      end = await this.walked(what, this.eventWalks.on(
        job,
        walk,
        (after) => this.page(what, signal, may, (client) => client.fineTuning.jobs.listEvents(job, { limit: PAGE, ...(after === undefined ? {} : { after }) }), jobEvent),
        (events) => !ascending() && (events.some(({ id }) => id === mark?.last) || leadsToRead(events, walk.items[0], from)),
        from,
      ));
    } catch (error) {
      if (!(error instanceof NotYet)) {
        // Perhaps it does not know the event any more that it was to begin behind.
        if (behind) this.forget(job);
        throw error;
      }
      // From new to old, what was read is of use only once all before it was read too.
      if (!ascending()) return { text: '', next: from, more: true };
      this.eventWalks.drop(job);
      end = 'waits';
    }
    const { events, next, place } = unread(walk.items, { ascending: ascending(), from, mark, behind });
    const last = (ascending() ? walk.items.at(-1) : walk.items[0])?.id ?? mark?.last;
    if (last !== undefined) this.marks.set(job, { read: next, last, place, ascending: behind || (ascending() && (walk.pages > 1 || end === 'waits')) });
    const cut = end === 'too long' && !ascending() ? `[Events before these are not given: more than ${String(walk.items.length)} were not read yet. ${this.server.origin} has them.]\n` : '';
    return { text: cut + eventLines(events), next, metrics: eventMetrics(events), ...(end === 'waits' || (end === 'too long' && ascending()) ? { more: true } : {}) };
  }

  private forget(job: string): void {
    this.marks.delete(job);
    this.eventWalks.drop(job);
  }

  async artifacts(run: RunName, signal: AbortSignal, may: MayAsk = ANY_TIME): Promise<readonly Artifact[]> {
    const what = 'list the run’s checkpoints';
    const id = await this.nameOf(run, signal, may);
    const told = await this.retrieve(id, signal, may);
    const found: Artifact[] = told?.trainedModel === undefined ? [] : [{ label: 'the trained model', where: told.trainedModel }];
    const walk = this.checkpointWalks.take(id);
    try {
      const end = await this.walked(what, this.checkpointWalks.on(
        id,
        walk,
        (after) => this.page(what, signal, may, (client) => client.fineTuning.jobs.checkpoints.list(id, { limit: PAGE, ...(after === undefined ? {} : { after }) }), checkpointTold),
        () => false,
      ));
      if (end === 'too long') throw new BackendFault('odd', `${this.server.origin} lists more checkpoints of the run than are read here, over ${String(walk.items.length)}. Look at them there.`);
    } catch (error) {
      // Servers of this shape need not have any.
      if (!(error instanceof MissingFault)) throw error;
    }
    for (const { step, model } of walk.items) if (model !== undefined) found.push({ label: step === undefined ? 'a checkpoint' : `checkpoint after update ${String(step)}`, where: model, ...(step === undefined ? {} : { step }) });
    return found;
  }

  /** Looks for a run's job by listing, newest first. @throws NotYet, after which it goes on from there */
  private async find(run: RunName, signal: AbortSignal, may: MayAsk): Promise<RunSeen> {
    const walk = this.jobWalks.take(run.id);
    let job: FineTuningJobTold | undefined;
    const end = await this.walked('list its jobs', this.jobWalks.on(run.id, walk, (after) => this.jobs(after, signal, may), (jobs) => {
      job = jobOf(run, jobs);
      return job !== undefined || isBefore(jobs, [run]);
    }));
    if (job !== undefined) return seenOf(job);
    return end === 'too long' ? this.tooMany(walk.items.length) : this.unseen(run, walk.items);
  }

  private tooMany(jobs: number): RunSeen {
    return { kind: 'unreachable', reason: `The run is not among the first ${String(jobs)} jobs that ${this.server.origin} lists, and no more are looked through.` };
  }

  private beginsAnew(what: string): BackendFault {
    return new BackendFault('odd', `${this.server.origin} was asked to ${what} and begins anew with each page, so that not all of them can be read.`);
  }

  /** What is said of a run that no job of the whole list is known to be. */
  private unseen(run: RunName, listed: readonly FineTuningJobTold[]): RunSeen {
    const maybe = doubtful(run, listed);
    if (maybe.length === 0) return { kind: 'absent' };
    const names = maybe.slice(0, 5).map(({ id }) => id).join(', ');
    return { kind: 'unreachable', reason: `${this.server.origin} keeps no mark of ours with its jobs, so whether one of them is this run cannot be told (${names}${maybe.length > 5 ? ', …' : ''}). Look at them there before you launch again.` };
  }

  private async retrieved(id: string, signal: AbortSignal, may: MayAsk): Promise<RunSeen> {
    const told = await this.retrieve(id, signal, may);
    return told === undefined ? { kind: 'absent' } : seenOf(told);
  }

  /** One job; `undefined`: the server has none of that name. */
  private async retrieve(id: string, signal: AbortSignal, may: MayAsk): Promise<FineTuningJobTold | undefined> {
    const what = 'tell of the run';
    this.ask(may);
    const called = await this.server.call(this.soon(what, signal), (client) => client.fineTuning.jobs.retrieve(id));
    if (called.kind === 'failed') throw called.fault;
    const { reply } = called;
    if (reply.status === 404 && saysNoSuchJob(reply.text, id)) return undefined;
    if (!isGood(reply.status)) throw this.server.refusal(reply, what);
    const told = jobTold(this.server.parsed(reply, what));
    if (told === undefined) throw notUnderstood(`${what}: it is no job`, this.server.origin, reply.text);
    return told;
  }

  /** The backend's name of a run, looked up where it is not known. @throws BackendFault where there is none */
  private async nameOf(run: RunName, signal: AbortSignal, may: MayAsk = ANY_TIME): Promise<string> {
    if (run.job !== undefined) return run.job;
    const seen = await this.find(run, signal, may);
    if (seen.kind === 'seen') return seen.job;
    throw new BackendFault('refused', seen.kind === 'absent' ? `${this.server.origin} has no job of this run.` : seen.reason);
  }

  private async jobs(after: string | undefined, signal: AbortSignal, may: MayAsk, limit = PAGE): Promise<PageRead<FineTuningJobTold>> {
    return this.page('list its jobs', signal, may, (client) => client.fineTuning.jobs.list({ limit, ...(after === undefined ? {} : { after }) }), jobTold);
  }

  private async tell(what: string, signal: AbortSignal, asking: Parameters<FineTuningServer['call']>[1]): Promise<void> {
    const called = await this.server.call(this.soon(what, signal), asking);
    if (called.kind === 'failed') throw called.fault;
    if (!isGood(called.reply.status)) throw this.server.refusal(called.reply, what);
  }

  /** A walk through a list. @throws BackendFault where it does not come to an end */
  private async walked(what: string, walk: Promise<WalkEnd>): Promise<WalkEnd> {
    try {
      return await walk;
    } catch (error) {
      throw error instanceof BeginsAnew ? this.beginsAnew(what) : error;
    }
  }

  /** @throws NotYet */
  private ask(may: MayAsk): void {
    if (!may.take()) throw new NotYet(this.server.origin);
  }

  private async page<Item>(what: string, signal: AbortSignal, may: MayAsk, asking: Parameters<FineTuningServer['call']>[1], read: (value: unknown) => Item | undefined): Promise<PageRead<Item>> {
    this.ask(may);
    const called = await this.server.call(this.soon(what, signal), asking);
    if (called.kind === 'failed') throw called.fault;
    const { reply } = called;
    if (!isGood(reply.status)) {
      const fault = this.server.refusal(reply, what);
      throw isMissing(reply.status) ? new MissingFault(fault.message) : fault;
    }
    const page = pageOf(this.server.parsed(reply, what), read);
    if (page === undefined) throw notUnderstood(`${what}: it is no such list`, this.server.origin, reply.text);
    return { ...page, characters: reply.text.length };
  }

  private soon(what: string, signal: AbortSignal): { readonly what: string; readonly signal: AbortSignal; readonly timeout: number } {
    return { what, signal, timeout: this.timeouts.soon };
  }
}

/** The server has no such list at all. */
class MissingFault extends BackendFault {
  constructor(message: string) {
    super('refused', message);
  }
}

/** What is sent to start a run: the same that is shown before. */
function submission(plan: RunPlan, { model, body }: FineTuningJob, file: string): JobCreateParams {
  // By the suffix a run is found again where a server keeps no metadata.
  const suffix = 'suffix' in body || plan.id.length > LONGEST_SUFFIX ? {} : { suffix: plan.id };
  return {
    model,
    training_file: file,
    ...body,
    ...suffix,
    metadata: {
      [RUN_MARK]: plan.id,
      cot_lens_recipe: plan.recipe,
      cot_lens_set: plan.set.name.slice(0, LONGEST_METADATA),
      cot_lens_set_sha256: plan.set.sha256,
    },
  };
}

function fineTuningJob(job: TrainingJob): FineTuningJob {
  if (job.kind !== 'fine-tuning') throw new Error(OF_A_CLUSTER);
  return job;
}

/** A name that the same rows always have, so that they are known again in the account. */
function trainingFile(rows: Uint8Array): { readonly name: string; readonly bytes: number; readonly sha256: string } {
  const sha256 = createHash('sha256').update(rows).digest('hex');
  return { name: `cot-lens-${sha256.slice(0, 16)}.jsonl`, bytes: rows.length, sha256 };
}

/** The id of a file that the account has already. @throws BackendFault where the plan names none */
function uploadedBefore({ file: { at } }: RunPlan): string {
  if (at !== undefined && /^[\w.-]+$/.test(at)) return at;
  throw new BackendFault('refused', 'A fine-tuning API reads no paths or addresses. Give the id of a file that the account has, such as file-abc123, or let the rows be uploaded.');
}

function isMissing(status: number): boolean {
  return status === 404 || status === 405 || status === 501;
}

/** Has a server that answers so certainly not started anything? A redirect that keeps the method would have it sent elsewhere, which we do not. */
function startedNothing(status: number): boolean {
  return status === 307 || status === 308 || isCertainNo(status);
}

/** Is it that there is no such job, and not that there is no such address? */
function saysNoSuchJob(body: string, id: string): boolean {
  if (body.includes(id)) return true;
  try {
    return fieldsOf(fieldsOf(JSON.parse(body))?.['error']) !== undefined;
  } catch {
    return false;
  }
}

/** Does an error say something of what was asked for, and nothing of the next question? Who gives no answer, does not know us or is asked too often says the same of all. */
function isOfOne(error: unknown): boolean {
  return !(error instanceof BackendFault) || error instanceof NoRightFault || !['unreachable', 'auth', 'busy'].includes(error.kind);
}

function unreachable(error: unknown): RunSeen {
  return { kind: 'unreachable', reason: inWords(error) };
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
