import type { RunPlan } from '../../runs/run';
import { ROWS_FILE } from '../../rowsFile';
import type { TrainerJob, TrainingJob } from '../../trainingRecipe';
import { BackendFault, type Artifact, type Backend, type BackendCheck, type LaunchOutcome, type LogPart, type MayAsk, type PlannedRequest, type Pushed, type RunName, type RunSeen, type Shipment } from '../backend';
import { isCertainNo } from '../certainNo';
import { isUnsent } from './isUnsent';
import { LARGEST_PACKAGE, rayPackage, type RayPackage } from './rayPackage';
import { faultOf, lastLine, rayJob, rayJson, saysJobExists, saysNoSuchJob, seenOf, type RayJob } from './rayReplies';
import { rayRequest, type RayReply, type RayRequest, type RayServer } from './rayRequest';
import { logWithoutToken, withoutToken } from './withoutToken';

/** What a run asks of the cluster. */
export interface RayResources {
  readonly gpus?: number | undefined;
  readonly cpus?: number | undefined;
  /** Bytes. */
  readonly memory?: number | undefined;
  /** Ray’s own resources by name, such as a node’s label. */
  readonly custom?: Readonly<Record<string, number>> | undefined;
}

export interface RayBackendOptions extends RayServer {
  readonly name: string;
  readonly resources?: RayResources | undefined;
  /** Folders before the cluster’s PATH, where the trainer is not on it. */
  readonly path?: string | undefined;
  /** More of the entry point’s environment. Never a secret: Ray shows it to anyone who asks. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds without a byte after which a request is given up; of all but an upload also the whole, after five times as long. */
  readonly patience?: { readonly answer: number; readonly transfer: number };
  /** Bytes of a package. Ray’s own: 100 MiB. */
  readonly largest?: number;
}

/** Ours. */
const PATIENCE = { answer: 15_000, transfer: 120_000 };

/** A Ray cluster, by its Jobs REST API. */
export class RayBackend implements Backend {
  readonly kind = 'ray';
  /** Ray takes no second job of one submission id. */
  readonly launchesOnce = true;

  private readonly patience: NonNullable<RayBackendOptions['patience']>;
  private readonly largest: number;

  constructor(private readonly options: RayBackendOptions) {
    this.patience = options.patience ?? PATIENCE;
    this.largest = options.largest ?? LARGEST_PACKAGE;
  }

  get name(): string {
    return this.options.name;
  }
  get url(): string {
    return this.options.url;
  }

  async check(signal: AbortSignal): Promise<BackendCheck> {
    const reply = await this.ask({ method: 'GET', path: '/api/version', timeout: this.patience.answer }, 'say its version', signal);
    const { ray_version: version } = rayJson(reply, 'the question for its version');
    if (typeof version !== 'string') throw new BackendFault('odd', 'What answers at this address is no Ray dashboard. Its address is the one that `ray start --head` prints, usually with port 8265.');
    // The version is told to anyone; the list of jobs is not.
    await this.ask({ method: 'GET', path: '/api/jobs/', timeout: this.patience.answer }, 'list its jobs', signal);
    return { version: `Ray ${this.words(version)}`, problems: [] };
  }

  async planned(plan: RunPlan, shipment: Shipment, signal: AbortSignal): Promise<readonly PlannedRequest[]> {
    const files = filesOf(shipment);
    const { bytes, name } = await this.package(files, signal);
    const texts = Object.entries(trainerJob(shipment.job).files).map(([file, text]) => `── ${file} ──\n${text}`);
    const rows = shipment.rows === undefined ? 'The rows are not in it: the cluster reads them from elsewhere.' : `── ${ROWS_FILE} ── ${String(plan.file.rows)} rows, ${String(shipment.rows.length)} bytes, SHA-256 ${plan.file.sha256}`;
    return [
      { what: `the package, ${String(Object.keys(files).length)} files, ${String(bytes.length)} bytes`, method: 'PUT', url: this.at(`/api/packages/gcs/${name}`), body: [rows, ...texts].join('\n\n') },
      { what: 'the job', method: 'POST', url: this.at('/api/jobs/'), body: this.submission(plan, trainerJob(shipment.job), `gcs://${name}`) },
    ];
  }

  async push(_plan: RunPlan, shipment: Shipment, signal: AbortSignal, progress: (share: number) => void): Promise<Pushed> {
    const { bytes, name } = await this.package(filesOf(shipment), signal);
    progress(0.3);
    const path = `/api/packages/gcs/${name}`;
    const known = await this.send({ method: 'GET', path, timeout: this.patience.answer }, signal);
    if (known.status === 404) await this.ask({ method: 'PUT', path, body: bytes, timeout: this.patience.transfer }, 'take the package', signal);
    else if (known.status !== 200) throw faultOf(known, 'look for the package');
    progress(1);
    return { uri: `gcs://${name}`, bytes: bytes.length };
  }

  async launch(plan: RunPlan, job: TrainingJob, pushed: Pushed, signal: AbortSignal): Promise<LaunchOutcome> {
    let reply: RayReply;
    try {
      reply = await this.send({ method: 'POST', path: '/api/jobs/', json: this.submission(plan, trainerJob(job), pushed.uri), timeout: this.patience.answer }, signal);
    } catch (error) {
      // Before a connection stood nothing can have been taken.
      if (error instanceof BackendFault && error.kind === 'unreachable' && isUnsent(error.cause)) return { kind: 'refused', reason: error.message };
      return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) };
    }
    // Ray tells the name back; what answers 200 with anything else may be a proxy’s page, and says nothing of the run.
    if (reply.status === 200) return saysTaken(reply, plan.id) ? { kind: 'taken', job: plan.id } : { kind: 'unknown', reason: 'What answers at this address did not say that the cluster took the run.' };
    if (saysJobExists(reply, plan.id)) return { kind: 'taken', job: plan.id };
    if (isCertainNo(reply.status)) return { kind: 'refused', reason: faultOf(reply, 'start the run').message };
    return { kind: 'unknown', reason: faultOf(reply, 'start the run').message };
  }

  /** @throws BackendFault in words where the cluster takes none of this size */
  private async package(files: Readonly<Record<string, Uint8Array>>, signal: AbortSignal): Promise<RayPackage> {
    const made = await rayPackage(files, signal);
    if (made.bytes.length > this.largest) {
      throw new BackendFault('too-large', `The package has ${megabytes(made.bytes.length)} MB, and the cluster takes at most ${megabytes(this.largest)}. Give the set by a path or an address that the cluster can read.`);
    }
    return made;
  }

  /** What is sent to start the run, to the byte. */
  private submission(plan: RunPlan, { entrypoint, environment, gpus }: TrainerJob, uri: string): string {
    const { path, environment: more } = this.options;
    const fields = {
      entrypoint,
      submission_id: plan.id,
      runtime_env: { working_dir: uri, env_vars: { ...environment, ...more, ...(path === undefined ? {} : { PATH: `${path}:\${PATH}` }) } },
      metadata: { cot_lens: plan.title, set: plan.set.name, set_sha256: plan.set.sha256, recipe: plan.recipe },
      // Of GPUs the run itself knows how many it needs; 0 is asked for by saying nothing.
      ...resourcesOf({ ...this.options.resources, ...(gpus === undefined ? {} : { gpus: gpus === 0 ? undefined : gpus }) }),
    };
    return JSON.stringify(fields, undefined, 2);
  }

  async see({ id }: RunName, signal: AbortSignal): Promise<RunSeen> {
    try {
      const reply = await this.send({ method: 'GET', path: jobPath(id), timeout: this.patience.answer }, signal);
      if (saysNoSuchJob(reply, id)) return { kind: 'absent' };
      if (reply.status !== 200) return { kind: 'unreachable', reason: faultOf(reply, 'tell of the run').message };
      const job = rayJob(rayJson(reply, 'the question for a run'));
      return job === undefined || job.submission_id !== id ? UNREADABLE : this.seen(job);
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** All jobs at once: one request, however many runs are followed. */
  async seeAll(runs: readonly RunName[], may: MayAsk, signal: AbortSignal): Promise<ReadonlyMap<string, RunSeen>> {
    if (runs.length === 0 || !may.take()) return new Map();
    try {
      const reply = await this.ask({ method: 'GET', path: '/api/jobs/', timeout: this.patience.answer }, 'list its jobs', signal);
      let list: unknown;
      try {
        list = JSON.parse(reply.text);
      } catch {
        list = undefined;
      }
      if (!Array.isArray(list)) throw new BackendFault('odd', 'The cluster’s list of jobs cannot be read.');
      const jobs = jobsOf(list);
      return new Map(runs.map(({ id }) => [id, this.seenAmong(jobs, id)]));
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      return new Map(runs.map(({ id }) => [id, { kind: 'unreachable', reason }] as const));
    }
  }

  async stop({ id }: RunName, signal: AbortSignal): Promise<void> {
    await this.ask({ method: 'POST', path: `${jobPath(id)}/stop`, timeout: this.patience.answer }, 'stop the run', signal);
  }

  /** Ray gives the whole log each time. */
  async log({ id }: RunName, from: number, signal: AbortSignal): Promise<LogPart> {
    const reply = await this.send({ method: 'GET', path: `${jobPath(id)}/logs`, timeout: this.patience.transfer }, signal);
    if (reply.status !== 200) throw faultOf(reply, 'give the log', saysNoSuchJob(reply, id));
    const { logs: told } = rayJson(reply, 'the question for a log');
    if (typeof told !== 'string') throw new BackendFault('odd', 'The cluster gave no log.');
    // Ray says the same of a log’s file that is not there any more, as after a restart, and of one that nothing was written into yet.
    if (told === '' && from > 0) return { text: '', next: from, gone: true };
    const logs = logWithoutToken(told, this.options.token);
    // A log that is shorter than before was cut or begun anew: then all of it is new.
    return { text: logs.length >= from ? logs.slice(from) : logs, next: logs.length };
  }

  /** No API hands files out of a cluster: what is known is the folder that the run was told to write into. */
  artifacts({ values }: RunName): Promise<readonly Artifact[]> {
    const folder = (values as { readonly outputDir?: unknown } | null)?.outputDir;
    return Promise.resolve(typeof folder === 'string' ? [{ label: 'the trained model', where: folder }] : []);
  }

  /** What cannot be read is not for that reason absent. */
  private seenAmong({ known, unreadable }: Jobs, id: string): RunSeen {
    const job = known.get(id);
    if (job !== undefined) return this.seen(job);
    return unreadable.has(id) || unreadable.has(undefined) ? UNREADABLE : { kind: 'absent' };
  }

  private seen(job: RayJob): RunSeen {
    return seenOf(job, (text) => this.words(text));
  }

  private words(text: string): string {
    return withoutToken(text, this.options.token);
  }

  private at(path: string): string {
    return this.url.replace(/\/+$/, '') + path;
  }

  private async ask(request: RayRequest, what: string, signal: AbortSignal): Promise<RayReply> {
    const reply = await this.send(request, signal);
    if (reply.status !== 200) throw faultOf(reply, what);
    return reply;
  }

  private async send(request: RayRequest, signal: AbortSignal): Promise<RayReply> {
    try {
      return await rayRequest(this.options, request, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new BackendFault('unreachable', `The cluster at ${new URL(this.options.url).origin} does not answer (${wordsOf(error)}). Is it running, and reachable from this machine?`, { cause: error });
    }
  }
}

const UNREADABLE: RunSeen = { kind: 'unreachable', reason: 'The cluster told of the run in a way that cannot be read.' };

/** Ids are checked where they are read; this is for what is made otherwise. */
function jobPath(id: string): string {
  return `/api/jobs/${encodeURIComponent(id)}`;
}

/** The jobs of a list. `unreadable`: the names of those that cannot be read, `undefined` where that cannot be read either. */
interface Jobs {
  readonly known: ReadonlyMap<string, RayJob>;
  readonly unreadable: ReadonlySet<string | undefined>;
}

function jobsOf(list: readonly unknown[]): Jobs {
  const known = new Map<string, RayJob>();
  const unreadable = new Set<string | undefined>();
  for (const one of list) {
    const job = rayJob(one);
    const { submission_id: id, type } = (typeof one === 'object' && one !== null ? one : {}) as { readonly submission_id?: unknown; readonly type?: unknown };
    if (job !== undefined) known.set(job.submission_id, job);
    // What was started otherwise than by a submission has no name of this kind.
    else if (id !== null && type !== 'DRIVER') unreadable.add(typeof id === 'string' ? id : undefined);
  }
  return { known, unreadable };
}

function saysTaken(reply: RayReply, id: string): boolean {
  try {
    return (JSON.parse(reply.text) as { readonly submission_id?: unknown } | null)?.submission_id === id;
  } catch {
    return false;
  }
}

/** Never told smaller than it is. */
function megabytes(bytes: number): string {
  return String(Math.ceil((bytes / 1024 / 1024) * 10) / 10);
}

function trainerJob(job: TrainingJob): TrainerJob {
  if (job.kind !== 'trainer') throw new Error('This recipe is for a fine-tuning API, not for a Ray cluster.');
  return job;
}

/** What the package holds. */
function filesOf({ rows, job }: Shipment): Record<string, Uint8Array> {
  const encoder = new TextEncoder();
  const files: Record<string, Uint8Array> = Object.fromEntries(Object.entries(trainerJob(job).files).map(([name, text]) => [name, encoder.encode(text)]));
  return rows === undefined ? files : { ...files, [ROWS_FILE]: rows };
}

function resourcesOf(resources: RayResources | undefined): Record<string, unknown> {
  const { gpus, cpus, memory, custom } = resources ?? {};
  return {
    ...(gpus === undefined ? {} : { entrypoint_num_gpus: gpus }),
    ...(cpus === undefined ? {} : { entrypoint_num_cpus: cpus }),
    ...(memory === undefined ? {} : { entrypoint_memory: memory }),
    ...(custom === undefined ? {} : { entrypoint_resources: custom }),
  };
}

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? lastLine(message);
}
